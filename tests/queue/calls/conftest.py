"""Fixtures of the tests of calls."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from atiende.tests.support.floors.queue_calls import Desk, two_desks
from atiende.tests.support.floors.sharing import Floor, sharing_floor


@pytest.fixture
async def floor(database_url: str) -> AsyncIterator[Floor]:
    async with sharing_floor(database_url) as floor:
        yield floor


@pytest.fixture
async def desk(floor: Floor) -> Desk:
    return await two_desks(floor)
