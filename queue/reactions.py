"""From what a PBX says to what is done: one fact, one work.

A fact about an extension that no agent has is ignored. After a PBX comes back, all that we believed about its calls and
phones is compared with what it says now, and mended within 10 seconds.
"""

from __future__ import annotations

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert

from ..models.calls.call import Call, CallPhase, Pbx
from ..models.calls.leg import CallLeg, LegKind, LegOutcome
from ..models.locking import lock, lock_all
from ..models.people.agent import Agent
from ..models.people.user import User
from ..realtime.events import PbxBack, PbxLost
from ..telephony import facts
from .calls.answering import answer, hold
from .calls.dialling import HANG_UP_WITHIN, HEARD_WITHIN, customer_rang
from .calls.ending import end, leave_call
from .calls.known_calls import find_call, hear_of_call
from .calls.ringing import ring, stop_ringing
from .calls.waiting import come_back, go_outside, stop_waiting, wait
from .lease import Fence
from .people.agents import AGENT_AT, lock_agent_at, tell_state
from .work import House, Work, again


async def react(house: House, fact: facts.Fact, fence: Fence | None = None) -> None:
    """Do what a fact asks for, in one work. Raises what the database raises; the fact may then be given again.

    With a `fence` only its holder's facts are done: raises LeaseLost when it is another's by now.
    """

    async def act() -> None:
        async with house.work(fence=fence) as work:
            await _react(work, fact)

    await again(act)


async def _react(work: Work, fact: facts.Fact) -> None:
    match fact:
        case facts.CallRang():
            await _ring(work, fact)
        case facts.CallAnswered():
            await _answer(work, fact)
        case facts.RingStopped():
            if (call := await find_call(work, fact.pbx, fact.call)) and (agent := await _who(work, fact)):
                await stop_ringing(work, call, agent, fact.outcome.value)
        case facts.CallHeld():
            if (call := await find_call(work, fact.pbx, fact.call)) and (agent := await _who(work, fact)):
                await hold(work, call, agent, held=fact.held)
        case facts.AgentLeft():
            if (call := await find_call(work, fact.pbx, fact.call)) and (agent := await _who(work, fact)):
                await leave_call(work, call, agent)
        case facts.CallEnded():
            if call := await find_call(work, fact.pbx, fact.call):
                await end(work, call, fact.cause, outcome=fact.outcome.value if fact.outcome else None)
        case facts.CustomerRang():
            if call := await find_call(work, fact.pbx, fact.call):
                await customer_rang(work, call)
        case facts.CallerWaits():
            caller = (fact.caller_number, fact.caller_name)
            await _wait(work, fact.pbx, fact.call, fact.direction, caller, fact.queue)
        case facts.CallerLeft():
            if call := await find_call(work, fact.pbx, fact.call):
                await stop_waiting(work, call, LegOutcome(fact.outcome.value))
        case facts.TalksOutside():
            if call := await find_call(work, fact.pbx, fact.call):
                await go_outside(work, call, fact.number)
        case facts.CameBack():
            if call := await find_call(work, fact.pbx, fact.call):
                await come_back(work, call)
        case facts.PhoneChanged():
            await _phone(work, fact.pbx, fact.extension, fact.state)
        case facts.PbxLost():
            await _lost(work, fact)
        case facts.PbxBack():
            await _back(work, fact)


async def _wait(
    work: Work, pbx: str, call_name: str, direction: facts.Direction, caller: tuple[str, str], queue: str
) -> None:
    if call := await hear_of_call(work, pbx, call_name, direction.value, caller, queue):
        await wait(work, call, queue)


async def _ring(work: Work, fact: facts.CallRang) -> None:
    if call := await _call(work, fact.pbx, fact):
        _hang_up_what_was_given_up(work, call)
        await ring(work, call, fact.extension, fact.queue)


async def _answer(work: Work, fact: facts.CallAnswered) -> None:
    call = await _call(work, fact.pbx, fact)
    if call and (agent := await _who(work, fact)):
        _hang_up_what_was_given_up(work, call)
        await customer_rang(work, call)
        await answer(work, call, agent, fact.queue)


def _hang_up_what_was_given_up(work: Work, call: Call) -> None:
    """A PBX that was frozen may still ring for a call after its agent was told that it failed."""
    if call.asked_here and call.phase is CallPhase.ENDED:
        work.command(call.pbx_id, "hang_up", within=HANG_UP_WITHIN, call=call.pbx_call)


async def _call(work: Work, pbx: str, heard: facts.CallRang | facts.CallAnswered | facts.CallSeen) -> Call | None:
    """The call of an agent's phone; None when no agent has the phone."""
    caller = (heard.caller_number, heard.caller_name)
    direction, queue = heard.direction.value, heard.queue
    return await hear_of_call(work, pbx, heard.call, direction, caller, queue, at=heard.extension)


async def _who(work: Work, fact: facts.Fact) -> int | None:
    extension = getattr(fact, "extension", "")
    return await _agent_at(work, fact.pbx, extension)


async def _agent_at(work: Work, pbx: str, extension: str) -> int | None:
    found = await work.session.execute(AGENT_AT, {"pbx": pbx, "extension": extension})
    return found.scalar_one_or_none()


async def _phone(work: Work, pbx: str, extension: str, state: facts.PhoneState) -> None:
    agent = await lock_agent_at(work, pbx, extension)
    if agent and agent.phone != state.value:
        agent.phone = state.value
        await tell_state(work, agent)


async def _lost(work: Work, fact: facts.PbxLost) -> None:
    pbx = await _pbx(work, fact.pbx)
    if pbx.connected or pbx.version == 1:
        pbx.connected, pbx.since, pbx.reason = False, work.now, fact.reason[:500]
        pbx.version += 1
        work.tell(PbxLost(at=work.now, pbx=pbx.id, since=pbx.since, version=pbx.version))
    asked = Call.pbx_id == fact.pbx, Call.phase == CallPhase.DIALING
    for call in await lock_all(work.session, Call, *asked):
        await end(work, call, None, outcome="pbx_lost")


async def _back(work: Work, fact: facts.PbxBack) -> None:
    """The PBX is heard again: end what is over, take up what goes on, read the phones."""
    pbx = await _pbx(work, fact.pbx)
    was_away = not pbx.connected
    if was_away:
        pbx.connected, pbx.since, pbx.reason, pbx.pbx_version = True, work.now, "", fact.version[:80]
        pbx.version += 1
    if fact.complete:  # else calls that are not named may still go on
        await _end_what_is_over(work, fact)
        await _free_who_is_in_no_call(work, fact)
        await _end_what_waits_no_more(work, fact)
    for seen in fact.calls:
        await _take_up(work, fact, seen)
    for call, queue, number, name, direction in fact.waiting:
        await _wait(work, fact.pbx, call, direction, (number, name), queue)
    for call, number in fact.outside:
        if found := await find_call(work, fact.pbx, call):
            await go_outside(work, found, number)
    for extension, state in sorted(fact.phones):
        await _phone(work, fact.pbx, extension, state)
    if was_away:
        work.tell(PbxBack(at=work.now, pbx=pbx.id, since=pbx.since, version=pbx.version))


async def _end_what_is_over(work: Work, fact: facts.PbxBack) -> None:
    alive = {call for call, _ in (*fact.legs, *fact.outside)} | {waiting[0] for waiting in fact.waiting}
    going_on = Call.pbx_id == fact.pbx, Call.phase != CallPhase.ENDED
    for call in await lock_all(work.session, Call, *going_on):
        not_yet = call.phase is CallPhase.DIALING and (call.begun_at or work.now) > work.now - HEARD_WITHIN
        if call.pbx_call not in alive and not not_yet:
            await end(work, call, None, healed="call-was-over")


async def _free_who_is_in_no_call(work: Work, fact: facts.PbxBack) -> None:
    """Free agents whom we believe in a call, or rung by one, but whose leg the PBX does not know."""
    offered = and_(CallLeg.call_id == Call.id, CallLeg.ended_at.is_(None))
    believed = (
        select(Agent.user_id, User.extension, Call)
        .join(User, User.id == Agent.user_id)
        .join(Call, or_(Call.id == Agent.call_id, exists().where(offered, CallLeg.agent_id == Agent.user_id)))
        .where(Call.pbx_id == fact.pbx, Call.phase != CallPhase.ENDED)
        .order_by(Agent.user_id, Agent.call_id == Call.id)  # the call an agent is in comes last and is not replaced
    )
    for agent_id, extension, call in (await work.session.execute(believed)).all():
        if (call.pbx_call, extension) not in fact.legs:
            await leave_call(work, call, agent_id, healed="leg-was-over")


async def _end_what_waits_no_more(work: Work, fact: facts.PbxBack) -> None:
    """Calls that we believe in a queue or outside, and that go on elsewhere."""
    waiting, outside = {waiting[0] for waiting in fact.waiting}, {call for call, _ in fact.outside}
    open_legs = select(CallLeg.kind, Call).join(Call, Call.id == CallLeg.call_id).where(CallLeg.ended_at.is_(None))
    here = Call.pbx_id == fact.pbx, Call.phase != CallPhase.ENDED, CallLeg.kind != LegKind.AGENT
    for kind, call in (await work.session.execute(open_legs.where(*here).order_by(Call.id))).all():
        if kind is LegKind.QUEUE and call.pbx_call not in waiting:
            await stop_waiting(work, call, LegOutcome.LEFT)
        elif kind is LegKind.OUTSIDE and call.pbx_call not in outside:
            await come_back(work, call)


async def _take_up(work: Work, fact: facts.PbxBack, seen: facts.CallSeen) -> None:
    call = await _call(work, fact.pbx, seen)
    if call and not seen.answered:
        await ring(work, call, seen.extension, seen.queue)
    elif call and (agent_id := await _agent_at(work, fact.pbx, seen.extension)):
        await answer(work, call, agent_id, seen.queue)


async def _pbx(work: Work, pbx_id: str) -> Pbx:
    await work.session.execute(upsert(Pbx).values(id=pbx_id).on_conflict_do_nothing())
    return await lock(work.session, Pbx, pbx_id)
