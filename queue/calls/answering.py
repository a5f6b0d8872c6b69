"""A call that is answered and held: the agent is EN GESTIÓN, and the caller's case opens (M-05, S4-78).

The order of locks is call, agents, case: whoever calls these has the call locked.
"""

from __future__ import annotations

from sqlalchemy import update

from ...models.calls.call import Call, CallPhase
from ...models.customers.customer import Customer
from ...models.people.agent import Agent, CallState, State
from ...realtime.events import CallAnswered
from ..cases.taking import open_for_call
from ..customers.telling import tell_cases_of
from ..people.agents import change_state, lock_agent, tell_state
from ..work import Work
from .callers import case_for_call
from .ending import forget_call, take_pending_pause
from .identifying import match_caller
from .legs import agent_talks, end_other_ringing, hold_leg, talks_in
from .telling import tell_call


async def answer(work: Work, call: Call, agent_id: int, queue: str | None = None) -> None:
    """An agent answered: the other pops go, the caller's case opens, the agent is EN GESTIÓN.

    A colleague's call is only shown: it opens nothing and changes no state.
    """
    if call.phase is CallPhase.ENDED or await talks_in(work, call, agent_id):
        return
    others = await _stop_others(work, call, agent_id)
    agent = await lock_agent(work, agent_id)
    await agent_talks(work, call, agent_id, queue)
    await match_caller(work, call, agent_id)
    call.phase, call.agent_id = CallPhase.TALKING, agent_id
    call.answered_at = call.answered_at or work.now
    agent.call, agent.call_id, agent.call_since = CallState.TALKING, call.id, work.now
    if call.direction != "internal":
        agent.missed_calls = 0
    if call.direction == "inbound":
        await _open_what_it_is_about(work, call, agent)
    else:
        await tell_state(work, agent)
    await tell_call(work, CallAnswered, call, [agent_id, *others])


async def hold(work: Work, call: Call, agent_id: int, *, held: bool) -> None:
    """The agent put the other side on hold, or took it back."""
    agent = await lock_agent(work, agent_id)
    wanted = CallState.HELD if held else CallState.TALKING
    if agent.call_id == call.id and agent.call in {CallState.TALKING, CallState.HELD} - {wanted}:
        agent.call = wanted
        await hold_leg(work, call, agent_id, held=held)
        await tell_state(work, agent)


async def _stop_others(work: Work, call: Call, agent_id: int) -> list[int]:
    """The phones of all other agents stop ringing; who they are."""
    others = await end_other_ringing(work, call, agent_id)
    for other in others:
        agent = await lock_agent(work, other)
        if agent.call_id == call.id and agent.call is CallState.RINGING:
            await forget_call(work, agent, call)
            await take_pending_pause(work, agent)
    return others


async def _open_what_it_is_about(work: Work, call: Call, agent: Agent) -> None:
    """Open the known customer's case; without one, EN GESTIÓN with an empty or a chosen form to come."""
    before, opened = agent.case_number, None
    if call.customer_id is not None:
        called = {"last_contact_at": work.now, "last_contact_channel": "call", "last_contact_outcome": "inbound"}
        await work.session.execute(update(Customer).where(Customer.id == call.customer_id).values(**called))
        await tell_cases_of(work, call.customer_id)
        call.case_number = await case_for_call(work, call, call.customer_id, agent.user_id)
        opened = await open_for_call(work, agent, call.case_number) if call.case_number else None
    if opened is None or opened.number == before:
        await change_state(work, agent, State.HANDLING)
