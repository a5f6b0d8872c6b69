"""The order of every list of cases (X2), once as a pure key and once as SQL, group after group.

1. an appointment that is due (time ≤ now), oldest first;
2. no appointment: campaign priority, case priority, longest without contact, never contacted first;
3. an appointment still ahead, soonest first, at the end until it is due.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, func, literal_column

from .case import NEVER, Case

DUE, FREE, LATER = 0, 1, 2
_NEVER = datetime.min.replace(tzinfo=UTC)

Key = tuple[int, datetime, int, int, datetime, int]


class Why(StrEnum):
    """Por qué está aquí, as a code; the first that holds is said."""

    HELD = "held"  # another person has it open
    DUE = "due"  # cita vencida
    LATER = "later"  # cita futura
    ALTERNATIVE = "alternative"  # rellamar alternativo
    NEVER_CONTACTED = "never_contacted"
    ROTATED = "rotated"  # contacted: went to the end
    CLOSED = "closed"


def order_key(
    due_at: datetime | None,
    campaign_priority: int,
    priority_rank: int,
    last_contact_at: datetime | None,
    number: int,
    now: datetime,
) -> Key:
    """Sort key of one case at `now`; smaller comes first. Ties end with the number, so the order is total."""
    if due_at is not None:
        return (DUE if due_at <= now else LATER, due_at, 0, 0, _NEVER, number)
    return (FREE, _NEVER, campaign_priority, priority_rank, last_contact_at or _NEVER, number)


LAST_CONTACT: ColumnElement[datetime] = func.coalesce(
    Case.last_contact_at, literal_column(NEVER, Case.last_contact_at.type), type_=Case.last_contact_at.type
)


def segment_key(group: int) -> list[SQLColumnExpression[Any]]:
    """The columns that order one group: those of its index. None is null, so that a page can begin after a key."""
    if group == FREE:
        return [Case.campaign_priority, Case.priority, LAST_CONTACT, Case.number]
    return [Case.due_at, Case.number]


def segment(group: int, now: datetime) -> ColumnElement[bool]:
    """Which cases stand in one of the three groups; each group has an index of its own order."""
    if group == DUE:
        return and_(Case.due_at.is_not(None), Case.due_at <= now)
    if group == LATER:
        return Case.due_at > now
    return Case.due_at.is_(None)


def why(
    due_at: datetime | None,
    last_contact_at: datetime | None,
    next_phone: str | None,
    held_by_other: bool,
    closed: bool,
    now: datetime,
) -> Why:
    """Why a case stands where it stands, for *por qué está aquí*."""
    if closed:
        return Why.CLOSED
    if held_by_other:
        return Why.HELD
    if due_at is not None:
        return Why.DUE if due_at <= now else Why.LATER
    if next_phone:
        return Why.ALTERNATIVE
    return Why.ROTATED if last_contact_at else Why.NEVER_CONTACTED
