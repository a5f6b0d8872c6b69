"""A PBX with faults: floods, garbage, events twice and in another order, slow answers. Pops stay quick and right."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

import pytest

from atiende.models.calls.call import CallPhase
from atiende.models.people.agent import CallState
from atiende.server.settings import Settings
from atiende.telephony import facts as f
from atiende.telephony.simulated_pbx import flood
from atiende.tests.support.floors.calls import CallFloor, call_floor
from atiende.tests.support.pbx.ears import Heard, eventually, listening
from atiende.tests.support.pbx.scenes import SimulatedScene, simulated_scene
from atiende.tests.support.promises import promised

RATE = 10_000  # events a second that concern nobody
POPS = 7
SECONDS = 5.0
_numbers = count(1)


@pytest.fixture
async def scene() -> AsyncIterator[SimulatedScene]:
    async with simulated_scene() as scene:
        yield scene


@asynccontextmanager
async def desk(settings: Settings, scene: SimulatedScene) -> AsyncIterator[CallFloor]:
    async with call_floor(settings, scene) as floor, floor.bridge():
        await scene.phone("1001", "never answers")
        await floor.ready()
        yield floor


async def pop(scene: SimulatedScene, floor: CallFloor) -> None:
    """Ring an agent's phone and take it back; the agent's pop was told meanwhile."""
    number = f"300{next(_numbers):07}"
    call = await scene.pbx.ring("1001", number)

    async def told() -> bool:
        return any(event["caller_id"] == f"+57{number}" for event in await floor.told("call.ringing"))

    await eventually(told)
    call.hang_up()

    async def gone() -> bool:
        return (await floor.person()).call is CallState.NONE

    await eventually(gone)


async def test_in_a_flood_of_ten_thousand_events_a_second_pops_come_all_the_same(
    settings: Settings, scene: SimulatedScene
) -> None:
    async with desk(settings, scene) as floor:
        flooding = scene.pbx.spawn(_flood(scene))
        for _ in range(POPS):
            await pop(scene, floor)
        assert not flooding.done(), "the flood went on all the time"
        flooding.cancel()
        assert await floor.told("pbx.lost") == []


async def _flood(scene: SimulatedScene) -> None:
    while True:
        await flood(scene.pbx, round(RATE / promised(1)), 1.0)


async def test_events_that_come_twice_late_or_between_garbage_leave_the_same_truth(
    settings: Settings, scene: SimulatedScene
) -> None:
    faults = scene.pbx.server.faults
    async with desk(settings, scene) as floor:
        faults.repeat, faults.garbage, faults.reorder = 0.5, 0.3, 0.2
        for _ in range(6):
            call = await scene.pbx.ring("1001", f"300{next(_numbers):07}")
            await asyncio.sleep(0.1)
            call.answer()
            await asyncio.sleep(0.1)
            call.hang_up()
        faults.repeat = faults.garbage = faults.reorder = 0.0
        scene.pbx.tell_phone(scene.pbx.phones["1001"])  # what was late comes with it
        last = f"300{next(_numbers):07}"
        call = await scene.pbx.ring("1001", last)  # facts are done in order: once this call is known, all before it are

        async def known() -> bool:
            return any(call.caller_number == last for call in await floor.calls())

        await eventually(known)
        call.hang_up()

        async def settled() -> bool:
            person = await floor.person()
            over = all(call.phase is CallPhase.ENDED for call in await floor.calls())
            return over and person.call is CallState.NONE and person.phone == "idle"

        await eventually(settled)
        await scene.phone("1001", "answers")
        await scene.customer(floor.number, "answers")
        if (await floor.person()).case_number is None:
            await floor.open()
        call_id = await floor.ask()
        await floor.phase(call_id, CallPhase.TALKING)


async def test_slow_answers_delay_a_call_and_lose_none(settings: Settings, scene: SimulatedScene) -> None:
    async with desk(settings, scene) as floor:
        await scene.phone("1001", "answers")
        await scene.customer(floor.number, "answers")
        scene.pbx.server.faults.slow = 0.8
        call = await floor.ask()
        await floor.phase(call, CallPhase.TALKING, 15)
        assert len(scene.pbx.outgoing) == 1


async def test_the_ear_reads_the_whole_pbx_again_now_and_then(scene: SimulatedScene) -> None:
    async with listening(scene.url, read_every=0.5) as heard:
        await heard.next(f.PbxBack)
        await _two_more(heard)


async def _two_more(heard: Heard) -> None:
    for _ in range(2):
        await heard.next(f.PbxBack, 5)
    assert heard.of(f.PbxLost) == []
