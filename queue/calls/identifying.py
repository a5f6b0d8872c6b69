"""Who is on the line: found by the number, or said by the agent (S4-78, S4-80)."""

from __future__ import annotations

from ...models.calls.call import Call, CallPhase
from ...models.customers.customer import Customer
from ...models.customers.phones import kept_as_dialled
from ...models.locking import lock
from ...models.people.agent import State
from ...models.refused import CallOver, NotFound
from ...models.rows.values import CaseRow
from ...realtime.events import CallMatched
from ..cases.taking import open_for_call
from ..people.agents import lock_agent, tell_state
from ..work import Work
from .callers import case_for_call, customers_with_phone, open_case_of
from .legs import was_offered
from .telling import tell_call


async def match_caller(work: Work, call: Call, agent_id: int) -> None:
    """Find the customers who have the caller's number; when there is only one, it is this customer who calls."""
    phone = call.caller_phone or kept_as_dialled(call.caller_number)
    if call.customer_id is not None or call.direction != "inbound" or phone is None:
        return
    call.matches = await customers_with_phone(work, phone, agent_id)
    if len(call.matches) == 1:
        call.customer_id = call.matches[0]
        call.case_number = await open_case_of(work, call, call.customer_id, agent_id)


async def say_who(work: Work, call_id: str, customer_id: int) -> CaseRow | None:
    """The agent says which customer is on the line (several have the number, or none had). When the agent has answered,
    the case opens. Raises NotFound, CallOver (not this agent's call)."""
    call = await lock(work.session, Call, call_id)
    if await work.session.get(Customer, customer_id) is None:
        raise NotFound
    agent = await lock_agent(work, work.me)
    if not await was_offered(work, call, agent.user_id) or call.agent_id not in (None, agent.user_id):
        raise CallOver
    talks_of_it = agent.state in (State.WRAP_UP, State.HANDLING) and agent.case_number in (None, call.case_number)
    if call.phase is CallPhase.ENDED and not talks_of_it:
        raise CallOver
    call.customer_id = customer_id
    call.case_number = await open_case_of(work, call, customer_id, agent.user_id)
    row = None
    if call.agent_id == agent.user_id:
        call.case_number = await case_for_call(work, call, customer_id, agent.user_id)
        row = await open_for_call(work, agent, call.case_number) if call.case_number else None
        if row is None:
            await tell_state(work, agent)  # the case that was open was left, though this one could not be had
    await tell_call(work, CallMatched, call, [agent.user_id])
    return row
