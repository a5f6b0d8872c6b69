"""One running Atiende for all faults, with people at work and a simulated PBX."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from atiende.tests.support.faults.scenarios import FaultFloor
from atiende.tests.support.floors.faults import fault_floor


@pytest.fixture(scope="session")
async def struck() -> AsyncIterator[FaultFloor]:
    async with fault_floor() as floor:
        yield floor
