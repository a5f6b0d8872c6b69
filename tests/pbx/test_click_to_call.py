"""Click to call from the agent's wish to its end, and queue members that follow the agent's state, on both PBXs."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from atiende.models.calls.call import CallPhase
from atiende.models.calls.failures import FAILURES
from atiende.models.people.agent import Agent, CallState, State
from atiende.models.people.user import User
from atiende.models.records import AuditRow
from atiende.models.refused import AlreadyInCall, PhoneNotReady, Unavailable
from atiende.queue.calls.dialling import hang_up
from atiende.queue.cases.taking import leave_case
from atiende.queue.clock import tick
from atiende.queue.people.agents import choose_state, sign_in, sign_out
from atiende.server.bridge import process
from atiende.server.settings import Settings
from atiende.telephony import facts as f
from atiende.telephony.commands import PauseMember
from atiende.telephony.ear import READ_EVERY, PbxEar
from atiende.telephony.hand import Hand
from atiende.tests.support.floors.calls import CallFloor, call_floor
from atiende.tests.support.pbx.ears import eventually, listening
from atiende.tests.support.pbx.scenes import Customer, RealScene, Scene, SimulatedScene, real_scene, simulated_scene

RINGS_BRIEFLY = "+573205550142"


@pytest.fixture(params=["simulated", pytest.param("real", marks=pytest.mark.pbx)])
async def scene(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Scene]:
    async with simulated_scene() if request.param == "simulated" else real_scene(tmp_path) as made:
        yield made


@pytest.fixture(params=[READ_EVERY, 0.0], ids=["read each minute", "read at each news"])
def reading(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bridge reads the PBX again at whatever moment of a call: nothing changes for anybody."""
    monkeypatch.setattr(process, "PbxEar", partial(PbxEar, read_every=request.param))


@pytest.fixture
async def floor(settings: Settings, scene: Scene) -> AsyncIterator[CallFloor]:
    async with call_floor(settings, scene) as floor:
        yield floor


@pytest.mark.proves("S3-64", "S4-91")
@pytest.mark.usefixtures("reading")
async def test_a_click_rings_the_agent_then_the_customer_and_the_case_stays_open(
    scene: Scene, floor: CallFloor
) -> None:
    """One press; EN GESTIÓN all the while; the contact counts when the customer's side rang."""
    await scene.phone("1001", "answers")
    await scene.customer(floor.number, "answers")
    async with floor.bridge():
        await floor.ready()
        call = await floor.ask()
        with pytest.raises(AlreadyInCall):
            await floor.ask()
        await floor.phase(call, CallPhase.TALKING)
        person = await floor.person()
        assert (person.state, person.call, person.case_number) == (State.HANDLING, CallState.TALKING, floor.case)
        (attempt,) = await floor.attempts()
        assert (attempt.call_id, attempt.channel, attempt.value) == (call, "call", floor.number)
        async with floor.house.work(floor.agent) as work:
            await hang_up(work, call)
        ended = await floor.ended(call)
        assert ended.outcome == "answered"
        assert (await floor.attempts())[0].outcome == "answered"
        person = await floor.person()
        assert (person.state, person.call, person.case_number) == (State.HANDLING, CallState.NONE, floor.case)
        kinds = [event["type"] for event in await floor.told("call.asked", "call.customer_rang", "call.answered")]
        assert kinds == ["call.asked", "call.customer_rang", "call.answered"]
        assert await floor.told("call.failed") == []


@pytest.mark.usefixtures("reading")
@pytest.mark.parametrize(
    ("does", "reason", "counts"),
    [
        ("is busy", "busy", 1),
        ("declines", "declined", 1),
        ("has no free line", "congestion", 0),
        ("has no such number", "no_such_number", 0),
        ("never answers", "no_answer", 1),
    ],
)
async def test_every_failure_is_told_in_its_own_words(
    scene: Scene, settings: Settings, does: Customer, reason: str, counts: int
) -> None:
    number = RINGS_BRIEFLY if does == "never answers" else "+573105550142"
    async with call_floor(settings, scene, number) as floor:
        await scene.phone("1001", "answers")
        await scene.customer(number, does)
        async with floor.bridge():
            await floor.ready()
            call = await floor.ask()
            assert (await floor.ended(call)).outcome == reason
            (failed,) = await floor.told("call.failed")
            assert (failed["reason"], failed["words"], failed["call"]["id"]) == (reason, FAILURES[reason], call)
            assert [attempt.outcome for attempt in await floor.attempts()] == [reason] * counts
            person = await floor.person()
            assert (person.call, person.call_id, person.state, person.missed_calls) == ("none", None, "handling", 0)


async def test_an_agent_whose_phone_is_not_there_is_told_so_at_once(scene: Scene, floor: CallFloor) -> None:
    with pytest.raises(Unavailable):
        await floor.ask()  # no bridge hears the PBX
    async with floor.bridge():
        await scene.phone("1001", "answers")
        await floor.ready()
        async with floor.house.work() as work:
            gone = update(Agent).where(Agent.user_id == floor.agent.id).values(phone="unavailable")
            await work.session.execute(gone)
        with pytest.raises(PhoneNotReady):
            await floor.ask()
        async with floor.house.work() as work:
            await work.session.execute(update(User).where(User.id == floor.agent.id).values(extension=None))
        with pytest.raises(PhoneNotReady, match="interno"):
            await floor.ask()
    assert await floor.attempts() == []


async def test_queue_members_follow_the_agents_states(scene: Scene, floor: CallFloor) -> None:
    """PRODUCT, agent states: EN ESPERA available, EN GESTIÓN and EN PAUSA paused, DESCONECTADO no member."""
    await floor.floor.campaign("Ventas", agents=[floor.agent], type="support", mode="inbound", queue="ventas")
    async with listening(scene.url) as heard:
        await heard.next(f.PbxBack)
        async with floor.bridge():
            await heard.next(f.MemberChanged, 10, queue="ventas", extension="1001", present=True, paused=True)
            async with floor.house.work(floor.agent) as work:
                await leave_case(work, floor.case)
            await heard.next(f.MemberChanged, 5, queue="ventas", extension="1001", paused=False)
            async with floor.house.work(floor.agent) as work:
                await choose_state(work, floor.agent.id or 0, State.PAUSED, "lunch")
            paused = await heard.next(f.MemberChanged, 5, queue="ventas", extension="1001", paused=True)
            assert paused.reason.startswith("EN PAUSA: ")
            async with floor.house.work(floor.agent) as work:
                await sign_out(work, floor.agent.id or 0)
            await heard.next(f.MemberChanged, 5, queue="ventas", extension="1001", present=False)
            async with floor.house.work(floor.agent) as work:
                await sign_in(work, floor.agent.id or 0)
            await heard.next(f.MemberChanged, 5, queue="ventas", extension="1001", present=True, paused=False)


async def test_a_member_that_somebody_paused_at_the_pbx_is_mended_within_ten_seconds_and_audited(
    scene: Scene, floor: CallFloor
) -> None:
    await floor.floor.campaign("Ventas", agents=[floor.other], type="support", mode="inbound", queue="ventas")
    intruder = Hand(scene.hand_url)
    async with listening(scene.url) as heard, floor.bridge():
        await heard.next(f.MemberChanged, 10, queue="ventas", extension="1002", present=True, paused=False)
        await intruder.do(PauseMember("ventas", "PJSIP/1002", True, "por error"))
        await heard.next(f.MemberChanged, queue="ventas", extension="1002", paused=True)
        await heard.next(f.MemberChanged, 10, queue="ventas", extension="1002", paused=False)

        async def audited() -> bool:
            async with floor.house.look() as session:
                rows = await session.scalars(select(AuditRow).where(AuditRow.action == "agent.healed"))
                return any(row.detail["why"] == "queue-member" for row in rows)

        await eventually(audited)
    healed = [event["healed"] for event in await floor.told("agent.state_changed") if event["healed"]]
    assert "queue-member" in healed
    await intruder.close()


async def test_a_frozen_pbx_leaves_nobody_stuck_and_nobody_is_called_afterwards(scene: Scene, floor: CallFloor) -> None:
    """SIGSTOP for 15 s while somebody wishes to call; what it does for the old wish when it wakes is taken back."""
    await scene.phone("1001", "answers")
    await scene.customer(floor.number, "answers")
    async with floor.bridge():
        await floor.ready()
        freeze(scene)
        until = time.monotonic() + 15
        call = await floor.ask()
        failed = await floor.ended(call, 15)
        assert failed.outcome == "pbx_lost"
        assert (await floor.person()).call is CallState.NONE
        await floor.pbx_lost()
        with pytest.raises(Unavailable):
            await floor.ask()
        await asyncio.sleep(max(0.0, until - time.monotonic()))
        thaw(scene)
        await floor.ready(15)

        async def free() -> bool:
            person = await floor.person()
            return person.call is CallState.NONE and person.phone == "idle"

        await asyncio.sleep(1)  # what the PBX does for the old wish would show by now
        await eventually(free, 10)
        again = await floor.ask()
        await floor.phase(again, CallPhase.TALKING)
    assert [attempt.call_id for attempt in await floor.attempts()][-1] == again


async def test_a_wish_that_no_bridge_reads_in_time_is_never_dialled(scene: Scene, floor: CallFloor) -> None:
    """Never dial twice beats at least once: a late bridge finds the wish too old, and the clock tells its agent."""
    await scene.phone("1001", "answers")
    async with floor.bridge():
        await floor.ready()
    async with floor.house.engine.begin() as connection:
        await connection.execute(text("UPDATE leases SET until_at = clock_timestamp() + interval '9 s'"))
    call = await floor.ask()
    async with floor.house.work() as work:
        old = text("UPDATE calls SET begin_before = clock_timestamp() - interval '1 s' WHERE id = :call")
        await work.session.execute(old, {"call": call})
    async with listening(scene.url) as heard:
        await heard.next(f.PbxBack)
        async with floor.house.engine.begin() as connection:
            await connection.execute(text("UPDATE leases SET until_at = clock_timestamp()"))
        async with floor.bridge():
            await eventually(lambda: bool(heard.facts), 1)
            await asyncio.sleep(1.5)  # it reads the wish
            assert heard.of(f.CallRang) == []
        await tick(floor.house)
    assert (await floor.call(call)).outcome == "expired"
    assert (await floor.person()).call is CallState.NONE


def freeze(scene: Scene) -> None:
    if isinstance(scene, RealScene | SimulatedScene):
        scene.pbx.freeze()


def thaw(scene: Scene) -> None:
    if isinstance(scene, RealScene | SimulatedScene):
        scene.pbx.thaw()
