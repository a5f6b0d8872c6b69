"""The legs of a call, begun and ended as the PBX tells (`models/calls/leg.py`).

Whoever calls these has the call locked. A leg that is told twice begins once.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, case, exists, func, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import aliased

from ...models.calls.call import Call, CallPhase
from ...models.calls.leg import AGENT_OPEN, QUEUE_OPEN, CallLeg, LegKind, LegOutcome
from ...models.people.agent import Agent
from ..work import Work

# Built once, as they run for every ring: putting a statement together takes as long as running it.
_LEGS: Any = CallLeg.__table__
_OPEN = CallLeg.ended_at.is_(None)
_AGENT_LEG = upsert(_LEGS).values(
    call_id=bindparam("call"),
    kind=LegKind.AGENT,
    agent_id=bindparam("agent"),
    queue_name=bindparam("queue"),
    campaign_id=bindparam("campaign"),
    began_at=bindparam("now"),
    answered_at=bindparam("answered"),
)
_ONE_AGENT: dict[str, Any] = {"index_elements": ["call_id", "agent_id"], "index_where": text(AGENT_OPEN)}
_RINGS = _AGENT_LEG.on_conflict_do_nothing(**_ONE_AGENT)
_ANSWERED = _AGENT_LEG.on_conflict_do_update(
    **_ONE_AGENT, set_={"answered_at": func.coalesce(_LEGS.c.answered_at, _AGENT_LEG.excluded.answered_at)}
)
_WAITS = (
    upsert(_LEGS)
    .values(
        call_id=bindparam("call"),
        kind=LegKind.QUEUE,
        queue_name=bindparam("queue"),
        campaign_id=bindparam("campaign"),
        began_at=bindparam("now"),
    )
    .on_conflict_do_nothing(index_elements=["call_id"], index_where=text(QUEUE_OPEN))
)
# A PBX tells that the last one left before it tells that the call is over: that one handed nothing on.
_later = aliased(CallLeg)
_LAST_TALK = (
    update(CallLeg)
    .where(CallLeg.call_id == bindparam("call"), CallLeg.outcome == LegOutcome.HANDED_ON)
    .where(~exists().where(_later.call_id == CallLeg.call_id, _later.ended_at > CallLeg.ended_at))
    .values(outcome=LegOutcome.ENDED)
)


async def agent_rings(work: Work, call: Call, agent_id: int, queue: str | None) -> None:
    """An agent's phone rings for a call, for the first time or again."""
    await work.session.execute(_RINGS, _agent(work, call, agent_id, queue) | {"answered": None})


async def agent_talks(work: Work, call: Call, agent_id: int, queue: str | None) -> None:
    """An agent answered, whether or not the ring was heard of. Who waited in a queue does so no more."""
    await work.session.execute(_ANSWERED, _agent(work, call, agent_id, queue) | {"answered": work.now})
    await leave_queue(work, call, LegOutcome.ANSWERED)


def _agent(work: Work, call: Call, agent_id: int, queue: str | None) -> dict[str, Any]:
    named = queue or call.queue_name if call.direction == "inbound" else None
    return {"call": call.id, "agent": agent_id, "queue": named, "campaign": call.campaign_id, "now": work.now}


async def talks_in(work: Work, call: Call, agent_id: int) -> bool:
    """Whether the agent talks in this call already."""
    here = select(CallLeg.id).where(_of(call, LegKind.AGENT), CallLeg.agent_id == agent_id, _OPEN)
    return (await work.session.execute(here.where(CallLeg.answered_at.is_not(None)))).first() is not None


async def was_offered(work: Work, call: Call, agent_id: int) -> bool:
    """Whether the call rings the agent's phone, rang it, or was answered there."""
    here = select(CallLeg.id).where(_of(call, LegKind.AGENT), CallLeg.agent_id == agent_id).limit(1)
    return (await work.session.execute(here)).first() is not None


async def wait_in(work: Work, call: Call, queue: str, campaign_id: int | None) -> None:
    """The caller waits in a queue; one who waits in another has left that one."""
    elsewhere = _of(call, LegKind.QUEUE), _OPEN, CallLeg.queue_name != queue
    await work.session.execute(_ended(work, LegOutcome.LEFT).where(*elsewhere))
    given = {"call": call.id, "queue": queue, "campaign": campaign_id, "now": work.now}
    await work.session.execute(_WAITS, given)


async def leave_queue(work: Work, call: Call, outcome: LegOutcome) -> None:
    """The caller waits no more."""
    await work.session.execute(_ended(work, outcome).where(_of(call, LegKind.QUEUE), _OPEN))


async def end_ringing(work: Work, call: Call, agent_id: int, outcome: LegOutcome) -> bool:
    """An agent's phone stopped ringing unanswered; whether it was ringing."""
    ringing = _of(call, LegKind.AGENT), CallLeg.agent_id == agent_id, _OPEN, CallLeg.answered_at.is_(None)
    ended = await work.session.execute(_ended(work, outcome).where(*ringing).returning(CallLeg.agent_id))
    return ended.first() is not None


async def end_agent(work: Work, call: Call, agent_id: int) -> bool | None:
    """An agent's part is over: whether the agent talked in it; None when there was no open part."""
    open_here = _of(call, LegKind.AGENT), CallLeg.agent_id == agent_id, _OPEN
    talked = CallLeg.answered_at.is_not(None)
    outcome = case((talked, LegOutcome.HANDED_ON.value), else_=LegOutcome.ELSEWHERE.value)
    ended = await work.session.execute(_ended(work, outcome).where(*open_here).returning(talked))
    return ended.scalar_one_or_none()


async def end_other_ringing(work: Work, call: Call, agent_id: int) -> list[int]:
    """One agent answered: the phones of all others stop; whose they are, in the order of their ids."""
    others = _of(call, LegKind.AGENT), CallLeg.agent_id != agent_id, _OPEN, CallLeg.answered_at.is_(None)
    ended = _ended(work, LegOutcome.ELSEWHERE).where(*others).returning(CallLeg.agent_id)
    return sorted(one for one in (await work.session.execute(ended)).scalars() if one is not None)


async def end_legs(work: Work, call: Call) -> None:
    """The call is over: nobody waits, rings or talks in it any more. Who still waited gave up."""
    gave_up = CallLeg.kind == LegKind.QUEUE
    rang = (CallLeg.kind == LegKind.AGENT) & CallLeg.answered_at.is_(None)
    outcome = case((gave_up | rang, LegOutcome.ABANDONED.value), else_=LegOutcome.ENDED.value)
    await work.session.execute(_ended(work, outcome).where(CallLeg.call_id == call.id, _OPEN))
    await work.session.execute(_LAST_TALK, {"call": call.id})


async def hold_leg(work: Work, call: Call, agent_id: int, *, held: bool) -> None:
    """The agent put the other side on hold, or took it back."""
    here = update(CallLeg).where(_of(call, LegKind.AGENT), CallLeg.agent_id == agent_id, _OPEN)
    if held:
        await work.session.execute(here.where(CallLeg.held_since.is_(None)).values(held_since=work.now))
    else:
        await work.session.execute(here.values(held_seconds=_held(work), held_since=None))


async def talk_outside(work: Work, call: Call, number: str) -> None:
    """The caller talks with somebody outside."""
    said = {"call_id": call.id, "kind": LegKind.OUTSIDE, "number": number[:80], "campaign_id": call.campaign_id}
    open_already = select(CallLeg.id).where(_of(call, LegKind.OUTSIDE), _OPEN)
    if (await work.session.execute(open_already)).first() is None:
        await work.session.execute(upsert(_LEGS).values(**said, began_at=work.now, answered_at=work.now))


async def come_back_from_outside(work: Work, call: Call) -> None:
    """The caller no longer talks with somebody outside, and the call goes on."""
    await work.session.execute(_ended(work, LegOutcome.HANDED_ON).where(_of(call, LegKind.OUTSIDE), _OPEN))


async def find_phase(work: Work, call: Call) -> None:
    """Let the call's phase say where it stands. One that is over stays so, and one not dialled yet has no legs."""
    if call.phase not in (CallPhase.ENDED, CallPhase.DIALING):
        call.phase = await _phase_by_legs(work, call)


async def _phase_by_legs(work: Work, call: Call) -> CallPhase:
    """Somebody talks, a phone rings, it is outside, or it waits."""
    open_legs = select(CallLeg.kind, CallLeg.answered_at.is_not(None)).where(CallLeg.call_id == call.id, _OPEN)
    found = {(kind, talks) for kind, talks in await work.session.execute(open_legs)}
    if (LegKind.AGENT, True) in found:
        return CallPhase.TALKING
    if (LegKind.AGENT, False) in found:
        return CallPhase.RINGING
    return CallPhase.OUTSIDE if (LegKind.OUTSIDE, True) in found else CallPhase.WAITING


async def agents_in(work: Work, call: Call) -> list[int]:
    """The agents whom a call rings or who are in it, in the order of their ids."""
    legs = select(CallLeg.agent_id).where(_of(call, LegKind.AGENT), _OPEN)
    in_it = select(Agent.user_id).where(Agent.call_id == call.id)
    return sorted({one for one in (await work.session.execute(legs.union(in_it))).scalars() if one is not None})


async def other_leg(work: Work, call: Call, agent_id: int) -> CallLeg | None:
    """Another call that this agent is in or that rings the agent's phone: an answered one first, then the newest."""
    others = (
        select(CallLeg)
        .join(Call, Call.id == CallLeg.call_id)
        .where(CallLeg.agent_id == agent_id, _OPEN, CallLeg.call_id != call.id, Call.phase != CallPhase.ENDED)
        .order_by(CallLeg.answered_at.desc().nulls_last(), CallLeg.began_at.desc())
        .limit(1)
    )
    return (await work.session.execute(others.execution_options(populate_existing=True))).scalar_one_or_none()


def _of(call: Call, kind: LegKind) -> Any:
    return (CallLeg.call_id == call.id) & (CallLeg.kind == kind)


def _held(work: Work) -> Any:
    more = func.coalesce(func.extract("epoch", work.now - CallLeg.held_since), 0.0)
    return CallLeg.held_seconds + more


def _ended(work: Work, outcome: Any) -> Any:
    return update(CallLeg).values(ended_at=work.now, outcome=outcome, held_seconds=_held(work), held_since=None)
