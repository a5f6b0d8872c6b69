"""Lines that break: what happened meanwhile is delivered on coming back, or the screen is told to read itself again."""

from __future__ import annotations

import asyncio

import pytest

from atiende.tests.support.faults.scenarios import FaultFloor
from atiende.tests.support.floors.running import LiveScreen

pytestmark = pytest.mark.faults

DROPS = 20
AWAY = 2.0  # seconds


def numbers(screen: LiveScreen, since: int) -> set[str]:
    """Cursors of the events that came; figures of the board pass by and are not repeated."""
    return {frame["id"] for frame in screen.frames[since:] if "id" in frame and frame["type"] != "resync"}


@pytest.mark.proves("M-01")
async def test_of_twenty_lines_that_break_for_two_seconds_none_misses_an_event(struck: FaultFloor) -> None:
    """RELIABILITY: 2 s drops × 20, 100 % delivered or signalled."""
    floor = struck.floor
    steady, *dropping = [await floor.screen_of(floor.supervisor) for _ in range(DROPS + 1)]
    begun = [len(screen.frames) for screen in dropping]
    since = len(steady.frames)
    struck.back.clear()
    working = asyncio.create_task(struck.save_gestiones())
    try:
        for screen in dropping:
            await asyncio.sleep(0.05)
            screen.drop(AWAY)
        await asyncio.sleep(AWAY + 0.5)
    finally:
        struck.back.set()
        await working
    await floor.screens_are_true()
    happened = numbers(steady, since)
    assert len(happened) > 100
    for screen, first in zip(dropping, begun, strict=True):
        told_to_read = any(frame["type"] == "resync" for frame in screen.frames[first:])
        missed = happened - numbers(screen, 0)
        assert told_to_read or not missed, f"{len(missed)} of {len(happened)} events never came"
    await floor.close([steady, *dropping])
