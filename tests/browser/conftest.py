"""One Chromium for all tests of a browser, each with contexts of its own; the desk that many of them look at."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from atiende.server.settings import Settings
from atiende.tests.browser.desk_floor import DeskFloor, desk_floor
from atiende.tests.support.browser import one_chromium


@pytest.fixture(scope="session", autouse=True)
async def _one_chromium() -> AsyncIterator[None]:
    async with one_chromium():
        yield


@pytest.fixture
async def desk(settings: Settings) -> AsyncIterator[DeskFloor]:
    """An agent at a browser; her page must not have complained."""
    async with desk_floor(settings) as made:
        yield made
        assert made.paola.complaints == []
