"""A whole Atiende to strike at, listening to a simulated PBX that lives in the test itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from atiende.telephony.simulated_pbx import SimulatedPbx
from atiende.tests.support.faults.scenarios import FaultFloor
from atiende.tests.support.floors.running import running_floor
from atiende.tests.support.running_atiende import RunningAtiende


@asynccontextmanager
async def fault_floor() -> AsyncIterator[FaultFloor]:
    """Start it, people it, and take it down at the end."""
    pbx = SimulatedPbx(("1001", "1002", "1003"), {"soporte": ("1001", "1002")})
    await pbx.start()
    atiende = RunningAtiende(environment={"ATIENDE_AMI_URL": pbx.url})
    try:
        await asyncio.to_thread(atiende.__enter__)
        async with running_floor(atiende) as floor:
            made = FaultFloor(floor, pbx)
            await made.begin()
            yield made
    finally:
        await asyncio.to_thread(atiende.__exit__)
        await pbx.stop()
