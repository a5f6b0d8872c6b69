"""The end of a call, and of one agent's part in it: the pop goes, TIPIFICANDO begins or the agent is free (M-05).

The order of locks is call, agents, case: whoever calls these has the call locked.
"""

from __future__ import annotations

from sqlalchemy import select, update

from ...models.calls.call import Call, CallPhase
from ...models.calls.failures import ANSWERED, failure_sentence
from ...models.campaigns.campaign import Campaign
from ...models.cases.case import Case, ContactAttempt
from ...models.people.agent import Agent, CallState, State
from ...realtime.events import CallEnded, CallFailed
from ..people.agents import after_case, begin_wrap_up, lock_agent, tell_state
from ..work import Work
from .legs import agents_in, end_agent, end_legs, find_phase, other_leg
from .telling import tell_call

WRAP_UP_WITHOUT_CASE = 120  # seconds to say who it was when no case was open


async def leave_call(work: Work, call: Call, agent_id: int, healed: str | None = None) -> None:
    """The agent's part in a call is over: TIPIFICANDO when no case is open or the campaign asks for it.

    The agent is told at once, whether or not the call goes on without them: nobody finds them in it afterwards.
    """
    await _leave(work, call, agent_id, healed)
    await find_phase(work, call)
    await tell_call(work, CallEnded, call, [agent_id])


async def end(work: Work, call: Call, cause: int | None, healed: str | None = None, outcome: str | None = None) -> None:
    """A call is over: every pop of it goes and every agent in it is free of it.

    `outcome` says of a call that an agent asked for why it was not answered.
    """
    if call.phase is CallPhase.ENDED:
        return
    agents = await agents_in(work, call)
    await end_legs(work, call)
    for agent_id in agents:
        await _leave(work, call, agent_id, healed)
    call.phase, call.ended_at, call.cause = CallPhase.ENDED, work.now, cause
    if call.asked_here:
        await _end_asked(work, call, outcome or ("lost" if healed else "failed"), agents)
    else:
        await tell_call(work, CallEnded, call, agents)


async def _end_asked(work: Work, call: Call, why: str, agents: list[int]) -> None:
    """The end of a call that an agent asked for: what became of it stays with the call and with its contact."""
    call.outcome = ANSWERED if call.answered_at else "failed" if why == ANSWERED else why
    counted = update(ContactAttempt).where(ContactAttempt.call_id == call.id)
    await work.session.execute(counted.values(outcome=call.outcome))
    agents = sorted({*agents, call.agent_id or 0} - {0})
    if call.answered_at:
        await tell_call(work, CallEnded, call, agents)
    else:
        await tell_call(work, CallFailed, call, agents, reason=call.outcome, words=failure_sentence(call.outcome))


async def _leave(work: Work, call: Call, agent_id: int, healed: str | None) -> None:
    """Free an agent of a call. A talk with a colleague leaves nothing to do."""
    agent = await lock_agent(work, agent_id)
    await end_agent(work, call, agent_id)
    if agent.call_id != call.id:
        return
    talked = agent.call in (CallState.TALKING, CallState.HELD) and call.direction != "internal"
    await forget_call(work, agent, call)
    if not talked or agent.call is not CallState.NONE or agent.state is not State.HANDLING:
        await take_pending_pause(work, agent, healed)
    elif seconds := await _wrap_up_seconds(work, agent):
        await begin_wrap_up(work, agent, seconds)
    else:
        await tell_state(work, agent, healed)


async def _wrap_up_seconds(work: Work, agent: Agent) -> int:
    if agent.case_number is None:
        return WRAP_UP_WITHOUT_CASE
    seconds = select(Campaign.wrap_up_seconds).join(Case, Case.campaign_id == Campaign.id)
    return (await work.session.execute(seconds.where(Case.number == agent.case_number))).scalar_one()


async def take_pending_pause(work: Work, agent: Agent, healed: str | None = None) -> None:
    """A pause asked during a call without a case takes effect when the call is over."""
    if agent.pending_reason_id is not None and agent.case_number is None and agent.state is State.WAITING:
        await after_case(work, agent)
    else:
        await tell_state(work, agent, healed)


async def forget_call(work: Work, agent: Agent, call: Call) -> None:
    """Take a call off an agent. Another call that the agent is in, or that rings the agent's phone, takes its place."""
    if agent.call_id != call.id:
        return
    other = await other_leg(work, call, agent.user_id)
    if other is None:
        agent.call, agent.call_id, agent.call_since = CallState.NONE, None, None
    else:
        agent.call = CallState.TALKING if other.answered_at else CallState.RINGING
        agent.call_id, agent.call_since = other.call_id, other.answered_at or other.began_at
