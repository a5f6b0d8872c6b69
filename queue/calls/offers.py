"""Phones that a call rings: offered, answered, gone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from ...models.calls.call import Call, CallOffer, CallPhase
from ...models.people.agent import Agent
from ..work import Work

# Built once, as they run for every ring: putting a statement together takes as long as running it.
_OFFERS: Any = CallOffer.__table__
_OFFER = upsert(_OFFERS).values(
    call_id=bindparam("call"), agent_id=bindparam("agent"), rang_at=bindparam("now"), answered_at=bindparam("answered")
)
_KEY = ["call_id", "agent_id"]
_RINGS = _OFFER.on_conflict_do_update(
    index_elements=_KEY, set_={"gone_at": None, "outcome": None, "rang_at": _OFFER.excluded.rang_at}
)
_ANSWERED = _OFFER.on_conflict_do_update(
    index_elements=_KEY, set_={"gone_at": None, "outcome": None, "answered_at": _OFFER.excluded.answered_at}
)


async def offer_rings(work: Work, call: Call, agent_id: int) -> None:
    """An agent's phone rings for a call, for the first time or again."""
    given = {"call": call.id, "agent": agent_id, "now": work.now, "answered": None}
    await work.session.execute(_RINGS, given)


async def offer_is_answered(work: Work, call: Call, agent_id: int) -> None:
    """An agent answered a call, whether or not the ring was heard of."""
    given = {"call": call.id, "agent": agent_id, "now": work.now, "answered": work.now}
    await work.session.execute(_ANSWERED, given)


async def end_ringing(work: Work, call: Call, agent_id: int, outcome: str) -> bool:
    """An agent's phone stopped ringing unanswered; whether it was ringing."""
    gone = update(CallOffer).where(
        CallOffer.call_id == call.id,
        CallOffer.agent_id == agent_id,
        CallOffer.gone_at.is_(None),
        CallOffer.answered_at.is_(None),
    )
    ended = await work.session.execute(gone.values(gone_at=work.now, outcome=outcome).returning(CallOffer.agent_id))
    return ended.scalar_one_or_none() is not None


async def end_offer(work: Work, call: Call, agent_id: int) -> bool:
    """An agent's part in a call is over; whether the phone was only ringing, so that the screen pop must go."""
    open_here = CallOffer.call_id == call.id, CallOffer.agent_id == agent_id, CallOffer.gone_at.is_(None)
    gone = update(CallOffer).where(*open_here).values(gone_at=work.now).returning(CallOffer.answered_at)
    return None in (await work.session.execute(gone)).scalars().all()


async def end_others(work: Work, call: Call, agent_id: int) -> list[int]:
    """One agent answered: the phones of all others stop; whose they are, in the order of their ids."""
    others = CallOffer.call_id == call.id, CallOffer.agent_id != agent_id, CallOffer.gone_at.is_(None)
    gone = update(CallOffer).where(*others).values(gone_at=work.now, outcome="elsewhere")
    return sorted((await work.session.execute(gone.returning(CallOffer.agent_id))).scalars())


async def end_all(work: Work, call: Call) -> None:
    """The call is over: no phone rings for it any more."""
    still_open = update(CallOffer).where(CallOffer.call_id == call.id, CallOffer.gone_at.is_(None))
    await work.session.execute(still_open.values(gone_at=work.now, outcome="ended"))


async def agents_in(work: Work, call: Call) -> list[int]:
    """The agents whom a call rings or who are in it, in the order of their ids."""
    offered = select(CallOffer.agent_id).where(CallOffer.call_id == call.id, CallOffer.gone_at.is_(None))
    in_it = select(Agent.user_id).where(Agent.call_id == call.id)
    return sorted(set((await work.session.execute(offered.union(in_it))).scalars()))


async def other_offer(work: Work, call: Call, agent_id: int) -> CallOffer | None:
    """Another call that this agent is in or that rings the agent's phone: an answered one first, then the newest."""
    others = (
        select(CallOffer)
        .join(Call, Call.id == CallOffer.call_id)
        .where(CallOffer.agent_id == agent_id, CallOffer.gone_at.is_(None), CallOffer.call_id != call.id)
        .where(Call.phase != CallPhase.ENDED)
        .order_by(CallOffer.answered_at.desc().nulls_last(), CallOffer.rang_at.desc())
        .limit(1)
    )
    return (await work.session.execute(others.execution_options(populate_existing=True))).scalar_one_or_none()
