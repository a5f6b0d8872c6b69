"""From facts of a PBX to screen pops, open cases and healed states."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from atiende.models.calls.call import Call
from atiende.models.cases.viewer import seen_case
from atiende.models.people.agent import CallState, State
from atiende.queue.calls.identifying import say_who
from atiende.queue.calls.ringing import MISSED_UNTIL_PAUSE
from atiende.queue.cases.dispositions import Filled, save_disposition
from atiende.queue.cases.taking import open_case
from atiende.queue.customers.correcting import create_customer
from atiende.telephony import facts
from atiende.telephony.facts import Direction
from atiende.tests.support.floors.queue_calls import PHONE, Desk, customer_with
from atiende.tests.support.floors.sharing import Floor


@pytest.mark.proves("S4-78", "S4-81", "M-05")
async def test_a_known_caller_pops_on_the_desk_that_rings_and_answering_opens_his_case(
    floor: Floor, desk: Desk
) -> None:
    """The form opens with the caller's data by caller id; EN GESTIÓN; the contact opens a new case."""
    customer = await customer_with(floor)
    await desk.ring()
    (pop,) = desk.pops()
    assert (pop["caller_id"], pop["customer"]["id"], pop["case"]) == (PHONE, customer, None)  # type: ignore[index]
    assert f"user:{desk.agents[0].id}" in floor.told("call.ringing")[0]["topics"]
    assert f"user:{desk.agents[1].id}" not in floor.told("call.ringing")[0]["topics"]
    await desk.answer()
    answered = floor.told("call.answered")[-1]["event"]
    assert answered["case"]["customer"]["id"] == customer and answered["campaign"]["name"] == "Soporte"
    now = await desk.state()
    assert (now.state, now.call, now.case_number) == (State.HANDLING, CallState.TALKING, answered["case"]["number"])


async def test_the_way_to_a_pop_is_a_few_statements(floor: Floor, desk: Desk) -> None:
    """Each costs some 0.3 ms before the agent sees who calls; a known caller with a case needs the most."""
    (number,) = await floor.cases(desk.campaign, [await customer_with(floor)], agent_id=desk.agents[0].id)
    asked: list[str] = []
    engine = floor.house.engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda _c, _k, statement, *_: asked.append(statement))
    await desk.ring()
    assert desk.pops()[0]["case"]["number"] == number  # type: ignore[index]
    assert len(asked) <= 15, asked  # the last one when it is told already


@pytest.mark.proves("S4-80")
async def test_an_unknown_caller_leaves_an_empty_form_that_creates_the_customer(floor: Floor, desk: Desk) -> None:
    """Empty form with the number, completed to create the customer; their case opens."""
    await desk.ring(number="3009990001")
    assert desk.pops()[0]["customer"] is None
    assert desk.pops()[0]["caller_id"] == "+573009990001"
    await desk.answer(number="3009990001")
    assert (await desk.state()).state is State.HANDLING
    call_id = str(desk.pops()[0]["call_id"])
    async with floor.work(desk.agents[0]) as work:
        customer = await create_customer(work, {"first_name": "Íngrid"}, ["3009990001"])
        row = await say_who(work, call_id, customer.id)
    assert row is not None and row.customer.name == "Íngrid"
    assert (await desk.state()).case_number == row.number


async def test_several_customers_with_one_phone_are_a_choice_and_never_chosen_for_the_agent(
    floor: Floor, desk: Desk
) -> None:
    """Several match; first one with an open case of this agent, no customer set until one is said."""
    first, second = await customer_with(floor), await customer_with(floor)
    (number,) = await floor.cases(desk.campaign, [first], agent_id=desk.agents[0].id)  # type: ignore[arg-type]
    await desk.ring()
    pop = desk.pops()[0]
    assert pop["customer"] is None
    matches = pop["call"]["matches"]  # type: ignore[index]
    assert [match["customer"]["id"] for match in matches] == [first, second]
    assert (matches[0]["why"], matches[0]["case_number"]) == ("own_case", number)
    await desk.answer()
    async with floor.work(desk.agents[0]) as work:
        row = await say_who(work, str(pop["call_id"]), first)
    assert row is not None and row.number == number


async def test_the_pop_goes_away_where_another_phone_took_the_call(floor: Floor, desk: Desk) -> None:
    """It goes away when the call ends or another takes it."""
    await customer_with(floor)
    await desk.ring(extension="1001")
    await desk.ring(extension="1002")
    assert floor.told("call.ringing")[-1]["event"]["call"]["ringing"] == sorted(a.id or 0 for a in desk.agents)
    await desk.answer(extension="1002")
    told = floor.told("call.answered")[-1]
    assert {f"user:{agent.id}" for agent in desk.agents} <= set(told["topics"])
    assert told["event"]["call"]["ringing"] == []
    assert (await desk.state(0)).call is CallState.NONE
    assert (await desk.state(0)).state is State.WAITING


async def test_a_transfer_pops_on_the_second_desk_while_the_first_agent_still_talks(floor: Floor, desk: Desk) -> None:
    """The agent who will get the call knows who it is before answering."""
    customer = await customer_with(floor)
    await desk.ring(extension="1001")
    await desk.answer(extension="1001")
    await desk.ring(extension="1002")
    pop = desk.pops()[-1]
    assert pop["call"]["ringing"] == [desk.agents[1].id]  # type: ignore[index]
    assert pop["customer"]["id"] == customer  # type: ignore[index]
    assert (await desk.state(0)).call is CallState.TALKING
    await desk.answer(extension="1002")
    await desk.hear(facts.AgentLeft, call="c1", extension="1001")
    assert ((await desk.state(0)).call, (await desk.state(1)).call) == (CallState.NONE, CallState.TALKING)


async def test_after_a_call_without_a_case_the_agent_types_it_and_then_waits(floor: Floor, desk: Desk) -> None:
    """PRODUCT: TIPIFICANDO after a call with no case open."""
    await desk.ring(number="")
    await desk.answer(number="")
    await desk.end()
    assert (await desk.state()).state is State.WRAP_UP
    assert (await desk.state()).wrap_up_until is not None


async def test_after_a_call_with_a_case_open_the_agent_stays_en_gestion(floor: Floor, desk: Desk) -> None:
    await customer_with(floor)
    await desk.ring()
    await desk.answer()
    await desk.end()
    now = await desk.state()
    assert (now.state, now.call) == (State.HANDLING, CallState.NONE)
    assert floor.told("call.ended")[-1]["event"]["call"]["phase"] == "ended"


async def test_three_rings_unanswered_in_a_row_pause_the_agent(floor: Floor, desk: Desk) -> None:
    """PRODUCT: a ring unanswered N times → EN PAUSA "no contesta"."""
    for n in range(MISSED_UNTIL_PAUSE):
        assert (await desk.state()).state is State.WAITING
        await desk.ring(call=f"c{n}")
        await desk.hear(facts.RingStopped, call=f"c{n}", extension="1001", outcome=facts.RingOutcome.NO_ANSWER)
    assert (await desk.state()).state is State.PAUSED
    assert floor.told("agent.state_changed")[-1]["event"]["agent"]["reason"] == "No contesta"


async def test_a_call_for_a_case_that_another_has_open_does_not_take_it_from_him(floor: Floor, desk: Desk) -> None:
    """Never two owners; the agent on the phone is EN GESTIÓN all the same."""
    customer = await customer_with(floor)
    (number,) = await floor.cases(desk.campaign, [customer])  # type: ignore[arg-type]
    async with floor.work(desk.agents[1]) as work:
        await open_case(work, number)
    await desk.ring()
    await desk.answer()
    assert (await desk.state(0)).state is State.HANDLING
    assert (await desk.state(0)).case_number is None
    assert (await desk.state(1)).case_number == number


async def test_a_pbx_that_was_lost_and_is_back_heals_every_state_it_left_wrong(floor: Floor, desk: Desk) -> None:
    """Under faults: calls that are over end, legs that go on are taken up, phones are read again."""
    await customer_with(floor)
    await desk.ring(call="old")
    await desk.answer(call="old")
    await desk.hear(facts.PbxLost, reason="killed")
    assert floor.told("pbx.lost")
    seen = facts.CallSeen("new", "1002", False, Direction.INBOUND, "3105550142", "", "soporte")
    phones = (("1001", facts.PhoneState.IDLE), ("1002", facts.PhoneState.RINGING))
    legs = frozenset({(seen.call, seen.extension)})
    await desk.hear(facts.PbxBack, version="22", calls=(seen,), legs=legs, phones=phones, waiting=(), members=())
    assert floor.told("pbx.back")
    one, two = await desk.state(0), await desk.state(1)
    assert (one.call, one.phone) == (CallState.NONE, "idle")
    assert (two.call, two.phone) == (CallState.RINGING, "ringing")
    assert any(event["event"]["healed"] for event in floor.told("agent.state_changed"))


async def test_a_call_that_is_going_on_when_the_bridge_starts_is_taken_up(floor: Floor, desk: Desk) -> None:
    await customer_with(floor)
    seen = facts.CallSeen("c9", "1001", True, Direction.INBOUND, "3105550142", "", "soporte")
    for _ in range(2):
        legs = frozenset({(seen.call, seen.extension)})
        await desk.hear(facts.PbxBack, version="22", calls=(seen,), legs=legs, phones=(), waiting=(), members=())
    now = await desk.state()
    assert (now.state, now.call) == (State.HANDLING, CallState.TALKING)


STEPS = [
    "ring 1001",
    "ring 1002",
    "answer 1001",
    "answer 1002",
    "stop 1001",
    "stop 1002",
    "left 1001",
    "left 1002",
    "end",
]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(STEPS), max_size=12))
async def test_any_order_and_repetition_of_facts_leaves_nobody_stuck_once_the_call_ended(
    floor: Floor, desk: Desk, steps: list[str]
) -> None:
    """RELIABILITY: AMI garbage, repetition, reordering: no agent stays in a call that is over."""
    call = f"c-{len(floor.let_out)}-{id(steps)}"
    for step in [*steps, "end"]:
        what, _, extension = step.partition(" ")
        if what == "ring":
            await desk.ring(call=call, extension=extension)
        elif what == "answer":
            await desk.answer(call=call, extension=extension)
        elif what == "stop":
            outcome = facts.RingOutcome.REJECTED
            await desk.hear(facts.RingStopped, call=call, extension=extension, outcome=outcome)
        elif what == "left":
            await desk.hear(facts.AgentLeft, call=call, extension=extension)
        else:
            await desk.end(call=call)
    for place in (0, 1):
        assert (await desk.state(place)).call is CallState.NONE


async def test_a_free_case_of_a_campaign_he_does_not_work_in_opens_for_the_caller_and_stays_free(
    floor: Floor, desk: Desk
) -> None:
    """A direct call opens the caller's case; nobody keeps a case that their lists do not show."""
    agent = desk.agents[0]
    customer = await customer_with(floor)
    (foreign,) = await floor.cases(await floor.campaign("Ventas"), [customer])
    await desk.direct("d1")
    assert (await desk.state()).case_number == foreign
    async with floor.work(agent) as work:
        assert (await seen_case(work.session, (), foreign, agent.id)).number == foreign
        saved = await save_disposition(work, foreign, Filled(observations="Llamó por su factura"))
    assert saved.case.agent is None and saved.case.holder is None


async def test_a_case_left_to_who_does_not_work_in_its_campaign_does_not_stop_his_next_gestion(
    floor: Floor, desk: Desk
) -> None:
    """Guardar y siguiente gives the agent's own next case, whoever was taken off which campaign meanwhile."""
    agent, (one, two) = desk.agents[0], await floor.customers(2)
    (own,) = await floor.cases(desk.campaign, [one])
    (left_over,) = await floor.cases(await floor.campaign("Ventas"), [two], agent_id=agent.id)
    async with floor.work(agent) as work:
        await open_case(work, own)
    async with floor.work(agent) as work:
        saved = await save_disposition(work, own, Filled(observations="Quedó en llamar"))
    assert saved.next_case is not None and saved.next_case.number == left_over


async def test_after_a_second_call_the_agent_is_still_in_the_first(floor: Floor, desk: Desk) -> None:
    """Who asks a colleague with the customer on hold is with the customer again, not TIPIFICANDO."""
    customer = await customer_with(floor)
    await desk.ring()
    await desk.answer()
    await desk.hear(facts.CallHeld, call="c1", extension="1001", held=True)
    await desk.direct("c2", direction=Direction.OUTBOUND, number="1002")
    await desk.end("c2")
    now = await desk.state()
    async with floor.house.look() as session:
        call = await session.get_one(Call, now.call_id)
    assert (now.state, now.call, call.pbx_call, call.customer_id) == (State.HANDLING, CallState.TALKING, "c1", customer)
    await desk.end("c1")
    now = await desk.state()
    assert (now.call, now.call_id) == (CallState.NONE, None)


async def test_when_one_of_two_ringing_calls_stops_the_other_still_rings(floor: Floor, desk: Desk) -> None:
    """The state says that a phone rings for as long as one call rings it."""
    await desk.ring("c1")
    await desk.ring("c2", number="3009990002")
    await desk.end("c1")
    assert (await desk.state()).call is CallState.RINGING
    await desk.end("c2")
    assert (await desk.state()).call is CallState.NONE
