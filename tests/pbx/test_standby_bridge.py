"""Two bridges on one PBX: one works, the other stands by and takes over; an old holder that wakes does nothing."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from atiende.models.calls.call import CallPhase
from atiende.queue.lease import Fence, LeaseLost, hold
from atiende.queue.reactions import react
from atiende.server.settings import Settings
from atiende.telephony import facts as f
from atiende.tests.support.floors.calls import CallFloor, call_floor
from atiende.tests.support.pbx.ears import eventually, listening
from atiende.tests.support.pbx.scenes import SimulatedScene, simulated_scene


@pytest.fixture
async def scene() -> AsyncIterator[SimulatedScene]:
    async with simulated_scene() as scene:
        yield scene


@pytest.fixture
async def floor(settings: Settings, scene: SimulatedScene) -> AsyncIterator[CallFloor]:
    async with call_floor(settings, scene) as floor:
        await scene.phone("1001", "answers")
        await scene.customer(floor.number, "answers")
        yield floor


GENEROUS = 60.0  # seconds; how quickly it goes is not for a test to say


async def holder(floor: CallFloor) -> tuple[str, int]:
    async with floor.house.engine.connect() as connection:
        row = (await connection.execute(text("SELECT holder, fence FROM leases WHERE name = 'pbx:main'"))).one()
        return row.holder, row.fence


async def another_holds(floor: CallFloor, fence: int) -> None:
    async def taken() -> bool:
        return (await holder(floor))[1] > fence

    await eventually(taken, GENEROUS)


async def test_when_the_active_bridge_is_killed_the_standby_goes_on_with_its_calls(
    scene: SimulatedScene, floor: CallFloor
) -> None:
    """Kill -9 in the middle of a call; the call goes on, is seen, and the next one is made."""
    active = floor.bridge_process()
    await floor.ready(GENEROUS)
    standby = floor.bridge_process()
    call = await floor.ask()
    await floor.phase(call, CallPhase.TALKING)
    _, fence = await holder(floor)
    assert str(active.pid) in (await holder(floor))[0]
    active.kill()
    await another_holds(floor, fence)
    scene.pbx.outgoing[call].hang_up()
    await floor.ended(call, GENEROUS)
    assert str(standby.pid) in (await holder(floor))[0]
    await floor.ready()
    assert await floor.ended(call)
    again = await floor.ask()
    await floor.phase(again, CallPhase.TALKING)


async def test_a_bridge_that_was_stopped_until_another_took_over_dials_nothing_and_says_nothing_old(
    scene: SimulatedScene, floor: CallFloor
) -> None:
    """SIGSTOP: 0 double dials, whatever waited for the old holder when it wakes."""
    active = floor.bridge_process()
    await floor.ready(GENEROUS)
    standby = floor.bridge_process()
    _, fence = await holder(floor)
    async with listening(scene.url) as heard:
        await heard.next(f.PbxBack)
        os.killpg(active.pid, signal.SIGSTOP)
        call = await floor.ask()
        await another_holds(floor, fence)
        await floor.phase(call, CallPhase.TALKING, GENEROUS)
        os.killpg(active.pid, signal.SIGCONT)
        await eventually(lambda: active.poll() is not None, GENEROUS)
        assert active.returncode == 1  # it says that it did not end by itself
        assert standby.poll() is None
        assert len([fact for fact in heard.facts if isinstance(fact, f.CallRang) and fact.call == call]) == 1
        assert len(scene.pbx.outgoing) == 1
    assert len(await floor.told("call.answered")) == 1
    assert (await floor.call(call)).phase is CallPhase.TALKING


async def test_a_fact_of_an_old_holder_changes_nothing(floor: CallFloor) -> None:
    name = "pbx:main"
    old = await hold(floor.house.engine, name, 0.0, holder="old")
    new = await hold(floor.house.engine, name, 5.0, holder="new")
    assert old and new == old + 1
    fact = f.PhoneChanged("main", datetime.now(UTC), "1001", f.PhoneState.IN_USE)
    with pytest.raises(LeaseLost):
        await react(floor.house, fact, Fence(name, old))
    assert (await floor.person()).phone == "unknown"
    await react(floor.house, fact, Fence(name, new))
    assert (await floor.person()).phone == "in_use"
