"""Phones that ring and stop: the screen pop comes and goes (M-05).

The order of locks is call, agents, case: whoever calls these has the call locked.
"""

from __future__ import annotations

from ...models.calls.call import Call, CallPhase
from ...models.calls.leg import LegOutcome
from ...models.people.agent import Agent, CallState, State
from ...realtime.events import CallEnded, CallRinging
from ..people.agents import change_state, lock_agent, lock_agent_at, pause_reason, tell_state
from ..work import Work
from .ending import forget_call, take_pending_pause
from .identifying import match_caller
from .legs import agent_rings, end_ringing, find_phase, talks_in
from .telling import tell_call, tell_raised

MISSED_UNTIL_PAUSE = 3  # rings unanswered in a row before EN PAUSA "no contesta"


async def ring(work: Work, call: Call, extension: str, queue: str | None = None) -> None:
    """A phone rings for a call: its agent gets the screen pop. Repeated facts change nothing.

    While one agent talks, another's phone may ring for a transfer.
    """
    agent = await lock_agent_at(work, call.pbx_id, extension)
    if agent is None or call.phase is CallPhase.ENDED:
        return
    if call.phase is CallPhase.TALKING and await talks_in(work, call, agent.user_id):
        return
    with work.session.no_autoflush:  # one UPDATE of the call for all that becomes known of it
        await agent_rings(work, call, agent.user_id, queue)
        if call.phase is not CallPhase.TALKING:
            call.phase = CallPhase.RINGING
        await match_caller(work, call, agent.user_id)
    call.version += 1
    if agent.call is CallState.NONE:
        agent.call, agent.call_id, agent.call_since = CallState.RINGING, call.id, work.now
        await tell_state(work, agent)
    await tell_raised(work, CallRinging, call, [agent.user_id])


async def stop_ringing(work: Work, call: Call, agent_id: int, outcome: str) -> None:
    """A phone stopped ringing unanswered: the pop goes; the third miss in a row pauses the agent."""
    if call.asked_here:
        return  # the agent's own call: its end says why
    agent = await lock_agent(work, agent_id)
    if not await end_ringing(work, call, agent_id, LegOutcome(outcome)):
        return
    await find_phase(work, call)
    await forget_call(work, agent, call)
    await _count_miss(work, agent, call, outcome)
    await tell_call(work, CallEnded, call, [agent_id])


async def _count_miss(work: Work, agent: Agent, call: Call, outcome: str) -> None:
    if outcome == "no_answer" and call.direction != "internal":
        agent.missed_calls += 1
    if agent.missed_calls >= MISSED_UNTIL_PAUSE and agent.state is State.WAITING:
        reason = await pause_reason(work, "no_answer")
        await change_state(work, agent, State.PAUSED, reason_id=reason.id)
    else:
        await take_pending_pause(work, agent)
