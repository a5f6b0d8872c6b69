"""A call that an agent asked for, from its dialling to its end: begun once, counted, hung up or given up (M-04, S3-64).

The bridge writes down that it begins before it dials, and begins only in time: a customer is rather not called than
called twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from ...models.calls.call import Call, CallPhase
from ...models.contact.channels import Channel
from ...models.locking import lock, lock_all, lock_if_there
from ...models.people.agent import Agent
from ...models.people.user import User
from ...models.permissions import Permission, may
from ...models.refused import CallOver, NotFound
from ...models.rows.call import call_row
from ...realtime.events import CustomerRang
from ..contact.counting import count_contact
from ..work import Work
from .ending import end
from .telling import tell_call

HEARD_WITHIN = timedelta(seconds=30)  # of a call that was begun the PBX says something, or it is given up
HANG_UP_WITHIN = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class Dialling:
    """What the bridge needs to make a call. `seconds_left` is how long it may still be begun."""

    call: str
    extension: str
    number: str  # E.164
    customer: str
    case_number: int
    campaign_id: int
    seconds_left: float


async def begin_dialling(work: Work, call_id: str) -> Dialling | None:
    """Write down that this call is dialled now; None when it was begun before, is over, or comes too late."""
    asked = update(Call).where(
        Call.id == call_id,
        Call.phase == CallPhase.DIALING,
        Call.begun_at.is_(None),
        Call.begin_before > func.clock_timestamp(),
    )
    begun = await work.session.execute(asked.values(begun_at=func.clock_timestamp()).returning(Call.id))
    if begun.scalar_one_or_none() is None:
        return None
    call = await work.session.get_one(Call, call_id, populate_existing=True)
    extension = await work.session.scalar(select(User.extension).where(User.id == call.agent_id))
    row = await call_row(work.session, call_id, work.now)
    assert call.begin_before and call.caller_phone
    return Dialling(
        call=call.pbx_call,
        extension=extension or "",
        number=call.caller_phone,
        customer=row.customer.name if row.customer else "",
        case_number=call.case_number or 0,
        campaign_id=call.campaign_id or 0,
        seconds_left=(call.begin_before - work.now).total_seconds(),
    )


async def not_dialled(work: Work, call_id: str, reason: str) -> None:
    """The PBX did not take the call; its agent is free again and reads why."""
    call = await lock_if_there(work.session, Call, call_id)
    if call is not None and call.phase is CallPhase.DIALING:
        await end(work, call, None, outcome=reason)


async def customer_rang(work: Work, call: Call) -> None:
    """The customer's phone rings: the contact counts, once. A call that never rang there is no contact."""
    if not call.asked_here or call.rang_at is not None or call.customer_id is None:
        return
    call.rang_at = work.now
    attempt = {
        "customer_id": call.customer_id,
        "case_number": call.case_number,
        "campaign_id": call.campaign_id,
        "agent_id": call.agent_id,
        "channel": Channel.CALL,
        "contact_point_id": call.contact_point_id,
        "value": call.caller_phone or "",
        "outcome": call.outcome or "",
        "call_id": call.id,
    }
    await count_contact(work, attempt)
    await tell_call(work, CustomerRang, call, [call.agent_id] if call.agent_id else [])


async def hang_up(work: Work, call_id: str) -> Call:
    """End a call the agent is in or asked for; a supervisor may end any. Raises NotFound, CallOver."""
    call = await lock(work.session, Call, call_id)
    me = await work.session.get(Agent, work.actor.id or 0)
    if not may(work.actor.role, Permission.MANAGE_AGENTS) and (me is None or me.call_id != call_id):
        raise NotFound
    if call.phase is CallPhase.ENDED:
        raise CallOver
    if call.phase is CallPhase.DIALING and call.begun_at is None:
        await end(work, call, None, outcome="cancelled")
    else:
        work.command(call.pbx_id, "hang_up", within=HANG_UP_WITHIN, call=call.pbx_call)
    return call


def is_unheard(now: Any) -> ColumnElement[bool]:
    """Whether at `now` nobody can expect anything of this call any more."""
    late = and_(Call.begun_at.is_(None), Call.begin_before < now)
    return and_(Call.phase == CallPhase.DIALING, or_(late, Call.begun_at < now - HEARD_WITHIN))


async def give_up_unheard(work: Work) -> None:
    """Calls that nobody began in time, or of which nothing was heard since: their agents are free again."""
    for call in await lock_all(work.session, Call, is_unheard(work.now), skip_locked=True):
        if call.begun_at is not None:
            work.command(call.pbx_id, "hang_up", within=HANG_UP_WITHIN, call=call.pbx_call)
        await end(work, call, None, outcome="lost" if call.begun_at else "expired")
