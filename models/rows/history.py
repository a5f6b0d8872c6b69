"""Builds the history of a customer: all gestiones, contacts and calls of theirs, by anybody (S0-11, S3-65)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from ..calls.call import Call, CallPhase
from ..cases.case import ContactAttempt, Disposition
from ..contact.channels import Channel
from ..customers.phones import show_phone
from ..people.user import User
from .values import Named, Row

MOST_HISTORY = 200


class HistoryRow(Row):
    """One earlier gestión or contact. `kind` is disposition, attempt, or call: the customer called.

    `result` of a call is inbound, or missed when nobody answered.
    """

    kind: str
    at: datetime
    agent: Named | None
    case_number: int | None
    result: str
    finished: bool
    observations: str
    channel: str | None
    value: str
    next_contact_at: datetime | None


# Built once: they run for every case that is opened, and putting one together takes as long as running it.
_DISPOSITIONS = (
    select(Disposition, User.name)
    .join(User, User.id == Disposition.agent_id)
    .where(Disposition.customer_id == bindparam("customer"))
    .order_by(Disposition.created_at.desc())
    .limit(MOST_HISTORY)
)
_ATTEMPTS = (
    select(ContactAttempt, User.name)
    .outerjoin(User, User.id == ContactAttempt.agent_id)
    .where(ContactAttempt.customer_id == bindparam("customer"))
    .order_by(ContactAttempt.at.desc())
    .limit(MOST_HISTORY)
)
_CALLS = (
    select(Call, User.name)
    .outerjoin(User, User.id == Call.agent_id)
    .where(Call.customer_id == bindparam("customer"), Call.direction == "inbound")
    .where(or_(Call.answered_at.is_not(None), Call.phase == CallPhase.ENDED))
    .order_by(Call.started_at.desc())
    .limit(MOST_HISTORY)
)


async def history(session: AsyncSession, customer_id: int) -> list[HistoryRow]:
    """All gestiones, contacts and calls of a customer, newest first."""
    region, whose = session.info["region"], {"customer": customer_id}
    dispositions = await session.execute(_DISPOSITIONS, whose)
    rows = [_of_disposition(disposition, agent) for disposition, agent in dispositions]
    attempts = await session.execute(_ATTEMPTS, whose)
    rows += [_of_attempt(attempt, agent, region) for attempt, agent in attempts]
    calls = await session.execute(_CALLS, whose)
    rows += [_of_call(call, agent, region) for call, agent in calls]
    return sorted(rows, key=lambda row: row.at, reverse=True)[:MOST_HISTORY]


def _of_disposition(disposition: Disposition, agent: str) -> HistoryRow:
    return HistoryRow(
        kind="disposition",
        at=disposition.created_at,
        agent=Named(id=disposition.agent_id, name=agent),
        case_number=disposition.case_number,
        result=disposition.result_name,
        finished=disposition.finished,
        observations=disposition.observations,
        channel=None,
        value="",
        next_contact_at=disposition.next_contact_at,
    )


def _of_attempt(attempt: ContactAttempt, agent: str | None, region: str) -> HistoryRow:
    return HistoryRow(
        kind="attempt",
        at=attempt.at,
        agent=Named(id=attempt.agent_id, name=agent or "") if attempt.agent_id else None,
        case_number=attempt.case_number,
        result=attempt.outcome,
        finished=False,
        observations="",
        channel=attempt.channel.value,
        value=_shown(attempt.value, region),
        next_contact_at=None,
    )


def _of_call(call: Call, agent: str | None, region: str) -> HistoryRow:
    return HistoryRow(
        kind="call",
        at=call.answered_at or call.started_at,
        agent=Named(id=call.agent_id, name=agent or "") if call.agent_id and call.answered_at else None,
        case_number=call.case_number,
        result="inbound" if call.answered_at else "missed",
        finished=False,
        observations="",
        channel=Channel.CALL.value,
        value=_shown(call.caller_phone or call.caller_number, region),
        next_contact_at=None,
    )


def _shown(value: str, region: str) -> str:
    return show_phone(value, region) if value.startswith("+") else value
