"""The audit as it is read: rows that fit a filter, the newest first, by pages; and how many there are of each day."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, String, and_, cast, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from ..people.user import User
from ..permissions import Role
from ..records import AuditRow
from ..refused import BadInput
from ..rows.values import Named, Row
from .actions import AuditKind, actions_of

COUNTED = 10_000  # the newest rows that are counted by day; more are "more than"
NOBODY = 0  # in a filter: what the server did by itself
_LARGEST = 1 << 63


class Doer(Named):
    """Who acted; `role` is today's."""

    role: Role


class AuditEntry(Row):
    """One row. `before` and `after` hold the values of a change, by field; `detail` whatever else is known.

    `actor` none: the server itself, or somebody who did not come in.
    """

    id: int
    at: datetime
    actor: Doer | None
    action: str
    subject: str
    before: dict[str, Any]
    after: dict[str, Any]
    detail: dict[str, Any]
    address: str | None
    via: str | None


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which rows. `subject` is a thing (`user:3`) or all of its sort (`user`); times are until, not at, their end."""

    actor: int | None = None
    action: str | None = None
    kind: AuditKind | None = None
    subject: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""

    def conditions(self) -> list[ColumnElement[bool]]:
        """The filter as SQL."""
        found: list[ColumnElement[bool]] = []
        if self.actor is not None:
            found.append(AuditRow.actor_id == self.actor if self.actor != NOBODY else AuditRow.actor_id.is_(None))
        if self.action:
            found.append(AuditRow.action == self.action)
        if self.kind is AuditKind.CHANGE:  # whatever is no other kind, as `terms_of` has it
            others = [name for kind in AuditKind if kind is not AuditKind.CHANGE for name in actions_of(kind)]
            found.append(AuditRow.action.not_in(others))
        elif self.kind:
            found.append(AuditRow.action.in_(actions_of(self.kind)))
        if self.subject:
            is_thing = ":" in self.subject
            found.append(
                AuditRow.subject == self.subject
                if is_thing
                else or_(
                    AuditRow.subject == self.subject, AuditRow.subject.startswith(f"{self.subject}:", autoescape=True)
                )
            )
        if self.since:
            found.append(AuditRow.at >= self.since)
        if self.until:
            found.append(AuditRow.at < self.until)
        return found + ([self._says(self.text)] if self.text else [])

    @staticmethod
    def _says(text: str) -> ColumnElement[bool]:
        places = cast(AuditRow.detail, String), AuditRow.subject, AuditRow.address
        return or_(*(place.icontains(text, autoescape=True) for place in places))


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some rows, and where the following ones begin (none: these are the last)."""

    items: list[AuditEntry]
    next: str | None


async def audit_page(session: AsyncSession, which: AuditFilter, cursor: str | None, limit: int) -> AuditPage:
    """The newest rows that fit, after those before `cursor`. Raises BadInput for what is no cursor."""
    wanted = _newest(which)
    if cursor:
        wanted = wanted.where(tuple_(AuditRow.at, AuditRow.id) < tuple_(*_read(cursor)))
    found = (await session.execute(wanted.limit(limit + 1))).all()
    items = [_entry(*row) for row in found[:limit]]
    return AuditPage(items, _write(items[-1]) if len(found) > limit else None)


async def day_counts(session: AsyncSession, which: AuditFilter, zone: str) -> dict[date, int]:
    """How many rows fit on each day, the newest COUNTED (and one) of them."""
    newest = select(AuditRow.at).where(*which.conditions()).order_by(AuditRow.at.desc()).limit(COUNTED + 1).subquery()
    day = cast(func.timezone(zone, newest.c.at), Date)
    rows = await session.execute(select(day.label("day"), func.count().label("n")).group_by(day))
    return {row.day: row.n for row in rows}


async def count_all(session: AsyncSession, which: AuditFilter) -> int:
    """How many rows fit."""
    fitting = select(func.count()).select_from(AuditRow).where(*which.conditions())
    return int((await session.execute(fitting)).scalar_one())


def _newest(which: AuditFilter) -> Select[AuditRow, int | None, str | None, Role | None]:
    joined = select(AuditRow, User.id, User.name, User.role).outerjoin(User, User.id == AuditRow.actor_id)
    return joined.where(and_(True, *which.conditions())).order_by(AuditRow.at.desc(), AuditRow.id.desc())


def _entry(row: AuditRow, user_id: int | None, name: str | None, role: Role | None) -> AuditEntry:
    detail = dict(row.detail)
    before, after = (_changes(detail.pop(side, None)) for side in ("before", "after"))
    address = row.address or detail.pop("address", None)
    detail.pop("address", None)
    return AuditEntry(
        id=row.id,
        at=row.at,
        actor=Doer(id=user_id, name=name or "", role=role) if user_id and role else None,
        action=row.action,
        subject=row.subject,
        before=before,
        after=after,
        detail=detail,
        address=address,
        via=row.via,
    )


def _changes(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _write(last: AuditEntry) -> str:
    return base64.urlsafe_b64encode(json.dumps([last.at.isoformat(), last.id]).encode()).decode().rstrip("=")


def _read(cursor: str) -> Sequence[Any]:
    try:
        at, number = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        moment, row = datetime.fromisoformat(at), int(number)
        if moment.tzinfo is None or not -_LARGEST <= row < _LARGEST:
            raise ValueError("no moment, or no row")
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error) as why:
        raise BadInput(field="next") from why
    return moment, row
