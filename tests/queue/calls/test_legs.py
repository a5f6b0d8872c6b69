"""A call leg by leg: queue, agent, queue again, outside; and calls of colleagues, which touch nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from atiende.models.calls.call import Call, CallPhase
from atiende.models.calls.leg import CallLeg
from atiende.models.people.agent import Agent, CallState, State
from atiende.queue.calls.ringing import MISSED_UNTIL_PAUSE
from atiende.queue.cases.taking import open_case
from atiende.queue.people.agents import sign_in
from atiende.telephony import facts
from atiende.telephony.facts import Direction, QueueOutcome, RingOutcome
from atiende.tests.support.floors.queue_calls import PHONE, Desk, customer_with
from atiende.tests.support.floors.sharing import Floor

NUMBER = PHONE.removeprefix("+57")


async def legs(floor: Floor) -> list[tuple[str, str | None, bool, str | None]]:
    """Kind, queue, whether it was answered, and outcome of every leg, as they began."""
    async with floor.house.look() as session:
        rows = (await session.execute(select(CallLeg).order_by(CallLeg.id))).scalars().all()
        return [(leg.kind.value, leg.queue_name, leg.answered_at is not None, leg.outcome) for leg in rows]


async def phase(floor: Floor) -> CallPhase:
    async with floor.house.look() as session:
        return (await session.execute(select(Call.phase))).scalar_one()


async def wait(desk: Desk, queue: str = "soporte", direction: Direction = Direction.INBOUND) -> None:
    caller = {"caller_number": NUMBER, "caller_name": "", "direction": direction}
    await desk.hear(facts.CallerWaits, call="c1", queue=queue, **caller)


async def leave(desk: Desk, outcome: QueueOutcome, queue: str = "soporte") -> None:
    await desk.hear(facts.CallerLeft, call="c1", queue=queue, outcome=outcome)


async def test_a_call_handed_back_to_its_queue_waits_again_until_the_caller_gives_up(floor: Floor, desk: Desk) -> None:
    await wait(desk)
    await desk.ring()
    await leave(desk, QueueOutcome.ANSWERED)
    await desk.answer()
    assert await phase(floor) is CallPhase.TALKING
    await wait(desk)
    await desk.hear(facts.AgentLeft, call="c1", extension="1001")
    assert await phase(floor) is CallPhase.WAITING
    await leave(desk, QueueOutcome.ABANDONED)
    await desk.end()
    assert await legs(floor) == [
        ("queue", "soporte", False, "answered"),
        ("agent", "soporte", True, "handed_on"),
        ("queue", "soporte", False, "abandoned"),
    ]


async def test_a_call_that_goes_outside_is_no_longer_the_agents(floor: Floor, desk: Desk) -> None:
    """Its row says who talks in it now: nobody; the agent's bar and talk time end with the agent's part."""
    await customer_with(floor)
    await desk.ring()
    await desk.answer()
    await desk.hear(facts.AgentLeft, call="c1", extension="1001")
    await desk.hear(facts.TalksOutside, call="c1", number="6015550000")
    assert await phase(floor) is CallPhase.OUTSIDE
    told = floor.told("call.ended")[-1]
    assert told["event"]["call"]["talking"] == [] and f"user:{desk.agents[0].id}" in told["topics"]
    await desk.end()
    assert await legs(floor) == [("agent", "soporte", True, "handed_on"), ("outside", None, True, "ended")]


async def test_a_call_that_comes_back_from_outside_rings_the_next_agent(floor: Floor, desk: Desk) -> None:
    await desk.ring()
    await desk.answer()
    await desk.hear(facts.AgentLeft, call="c1", extension="1001")
    await desk.hear(facts.TalksOutside, call="c1", number="6015550000")
    await desk.hear(facts.CameBack, call="c1")
    await desk.ring(extension="1002")
    await desk.answer(extension="1002")
    await desk.end()
    outcomes = [(kind, outcome) for kind, _, _, outcome in await legs(floor)]
    assert outcomes == [("agent", "handed_on"), ("outside", "handed_on"), ("agent", "ended")]


async def test_time_up_in_a_queue_is_neither_answered_nor_abandoned(floor: Floor, desk: Desk) -> None:
    await wait(desk)
    await leave(desk, QueueOutcome.LEFT)
    await wait(desk, "ventas")
    await desk.end()
    assert await legs(floor) == [("queue", "soporte", False, "left"), ("queue", "ventas", False, "abandoned")]


async def test_a_phone_that_rings_twice_for_a_call_has_two_legs(floor: Floor, desk: Desk) -> None:
    for _ in range(2):
        await desk.ring()
        await desk.ring()  # told again: nothing new
        stopped = {"call": "c1", "extension": "1001", "outcome": RingOutcome.NO_ANSWER}
        await desk.hear(facts.RingStopped, **stopped)
    assert [outcome for *_, outcome in await legs(floor)] == ["no_answer", "no_answer"]


async def test_the_end_of_a_call_reaches_its_agent_whatever_is_told_first(floor: Floor, desk: Desk) -> None:
    """As a PBX ends a call: first the agent's leg, then the call. The agent's screen hears of it."""
    await desk.ring()
    await desk.answer()
    await desk.hear(facts.AgentLeft, call="c1", extension="1001")
    assert f"user:{desk.agents[0].id}" in floor.told("call.ended")[-1]["topics"]
    await desk.end()
    assert (await desk.state()).call is CallState.NONE


async def test_a_hold_counts_as_the_agents_talk_and_is_kept(floor: Floor, desk: Desk) -> None:
    await desk.ring()
    await desk.answer()
    for held in (True, False):
        await desk.hear(facts.CallHeld, call="c1", extension="1001", held=held)
    await desk.end()
    async with floor.house.look() as session:
        leg = (await session.execute(select(CallLeg))).scalar_one()
    assert leg.held_seconds > 0 and leg.held_since is None


@pytest.mark.proves("M-05")
async def test_a_colleagues_call_leaves_the_agents_case_and_state_alone(floor: Floor, desk: Desk) -> None:
    """It shows EN LLAMADA and nothing else: no wrap-up, no miss, no pause; the case stays."""
    agent = desk.agents[0]
    (number,) = await floor.cases(desk.campaign, [await customer_with(floor)], agent_id=agent.id)
    async with floor.work(agent) as work:
        await sign_in(work, agent.id or 0)
        await open_case(work, number)
    talk = {"call": "i1", "direction": Direction.INTERNAL, "caller_number": "1002", "caller_name": "", "queue": None}
    for extension in ("1001", "1002"):
        await desk.hear(facts.CallRang, extension=extension, **talk)
        await desk.hear(facts.CallAnswered, extension=extension, **talk)
    now = await desk.state()
    assert (now.state, now.call, now.case_number) == (State.HANDLING, CallState.TALKING, number)
    for extension in ("1001", "1002"):
        await desk.hear(facts.AgentLeft, call="i1", extension=extension)
    await desk.end("i1")
    now = await desk.state()
    assert (now.state, now.call, now.case_number, now.wrap_up_until) == (State.HANDLING, CallState.NONE, number, None)


async def test_unanswered_calls_of_colleagues_are_no_misses(floor: Floor, desk: Desk) -> None:
    async with floor.house.work() as work:
        await sign_in(work, desk.agents[0].id or 0)
        await work.session.execute(update(Agent).values(state=State.WAITING))
    for turn in range(MISSED_UNTIL_PAUSE + 1):
        talk = {"call": f"i{turn}", "direction": Direction.INTERNAL, "caller_number": "1002", "caller_name": ""}
        await desk.hear(facts.CallRang, extension="1001", **talk)
        stopped = {"call": f"i{turn}", "extension": "1001", "outcome": RingOutcome.NO_ANSWER}
        await desk.hear(facts.RingStopped, **stopped)
        await desk.end(f"i{turn}")
    now = await desk.state()
    assert (now.state, now.missed_calls) == (State.WAITING, 0)


async def test_an_agent_who_calls_a_queue_is_no_customer_who_waits(floor: Floor, desk: Desk) -> None:
    await wait(desk, direction=Direction.INTERNAL)
    async with floor.house.look() as session:
        assert (await session.execute(select(Call.direction))).scalar_one() == "internal"
