"""Fixtures of the tests of the live socket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from atiende.server.settings import Settings
from atiende.tests.support.client import Site, running_app
from atiende.tests.support.sockets import served


@pytest.fixture
async def site(settings: Settings) -> AsyncIterator[Site]:
    async with running_app(settings) as site:
        await asyncio.wait_for(site.app.state.web.live.hub.hearing.wait(), 20)
        yield site


@pytest.fixture
async def address(site: Site) -> AsyncIterator[str]:
    async with served(site) as address:
        yield address
