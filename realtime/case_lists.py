"""Lists of cases: the sections of the desktop (S2-10…S2-15, X12), in the order of X2, page by page.

A cursor carries the `as_of` of its first page, because what is due changes with time, and the key of its last row:
page 500 costs what page 1 costs.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from ..models.campaign import Campaign, CampaignAgent
from ..models.case import Case, CaseCountDelta, CaseStatus
from ..models.case_order import DUE, FREE, LATER, segment
from ..models.customer import Customer, ServiceState
from ..models.names import prefix_query
from ..models.permissions import Permission, Role, may
from ..models.refused import BadInput
from .case_rows import case_rows
from .rows import CaseRow

_LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


class Section(StrEnum):
    """The sections of the menu, as saved filters."""

    ASSIGNED = "assigned"  # Mis asignados
    SUSPENDED = "suspended"
    ARREARS = "arrears"  # Morosos
    WITHDRAWN = "withdrawn"  # Retirados
    ACTIVE = "active"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks. `campaign_ids` none = every campaign that is not archived."""

    id: int
    role: Role
    campaign_ids: tuple[int, ...] | None


class CasePage(BaseModel):
    """One page of a list: its rows, where the next one begins (none = the end), and the time it holds for."""

    items: list[CaseRow]
    next: str | None
    as_of: datetime


async def viewer(session: AsyncSession, user_id: int, role: Role) -> Viewer:
    """What this person may see: an agent the campaigns he works in, others all of them."""
    if may(role, Permission.SEE_ALL_CASES):
        return Viewer(user_id, role, None)
    statement = (
        select(CampaignAgent.campaign_id)
        .join(Campaign, Campaign.id == CampaignAgent.campaign_id)
        .where(CampaignAgent.user_id == user_id, Campaign.archived_at.is_(None))
        .order_by(Campaign.id)
    )
    return Viewer(user_id, role, tuple((await session.execute(statement)).scalars()))


def belongs(section: Section, viewer_id: int) -> ColumnElement[bool]:
    """Which cases stand in a section. `Suspendidos` joins both meanings: case set aside, or service suspended (X12)."""
    live = Case.status != CaseStatus.CLOSED
    match section:
        case Section.ASSIGNED:
            return and_(live, Case.agent_id == viewer_id)
        case Section.SUSPENDED:
            aside = or_(Case.status == CaseStatus.SUSPENDED, Case.service_state == ServiceState.SUSPENDED)
            return and_(live, aside)
        case Section.ARREARS:
            return and_(Case.status == CaseStatus.OPEN, Case.service_state == ServiceState.IN_ARREARS)
        case Section.WITHDRAWN:
            return and_(Case.status == CaseStatus.OPEN, Case.service_state == ServiceState.WITHDRAWN)
        case Section.ACTIVE:
            return and_(Case.status == CaseStatus.OPEN, Case.service_state == ServiceState.ACTIVE)
        case Section.CLOSED:
            return Case.status == CaseStatus.CLOSED


async def list_cases(
    session: AsyncSession,
    viewer: Viewer,
    section: Section,
    now: datetime,
    *,
    campaign: int | None = None,
    q: str = "",
    result: int | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> CasePage:
    """One page of a section. Raises BadInput for a cursor that is not ours."""
    place = _Place.read(cursor) if cursor else _Place(now, FREE if section is Section.CLOSED else DUE, None)
    wanted = _wanted(viewer, section, campaign, q, result)
    found, place = await _walk(session, wanted, section, place, limit + 1)
    page, more = found[:limit], len(found) > limit
    rows = await case_rows(session, [number for number, _ in page], now)
    following = _Place(place.as_of, *page[-1][1]).write() if more else None
    return CasePage(items=rows, next=following, as_of=place.as_of)


async def count_sections(session: AsyncSession, viewer: Viewer) -> dict[str, int]:
    """How many cases each section has for this person, from the maintained counts."""
    d = CaseCountDelta
    kinds = select(d.agent_id, d.status, d.service_state, func.sum(d.n)).group_by(d.agent_id, d.status, d.service_state)
    rows = (await session.execute(kinds.where(_in_campaigns(d.campaign_id, viewer)))).all()
    return section_counts(((agent, status, service, int(n)) for agent, status, service, n in rows), viewer.id)


def section_counts(kinds: Any, viewer_id: int | None) -> dict[str, int]:
    """Sum kinds of cases (agent, status, service state, how many) into sections: the same rule as `belongs`."""
    counts = dict.fromkeys((section.value for section in Section), 0)
    for agent, status, service, n in kinds:
        if status == CaseStatus.CLOSED:
            counts["closed"] += n
            continue
        if agent and agent == viewer_id:
            counts["assigned"] += n
        if status == CaseStatus.SUSPENDED or service == ServiceState.SUSPENDED:
            counts["suspended"] += n
        elif service == ServiceState.IN_ARREARS:
            counts["arrears"] += n
        elif service == ServiceState.WITHDRAWN:
            counts["withdrawn"] += n
        else:
            counts["active"] += n
    return counts


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a page begins: after `key` in one of the three groups of the order, at the time of the first page."""

    as_of: datetime
    group: int
    key: list[Any] | None

    def write(self) -> str:
        plain = json.dumps([self.as_of.isoformat(), self.group, self.key])
        return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, cursor: str) -> _Place:
        try:
            as_of, group, key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
            place = cls(datetime.fromisoformat(as_of), int(group), list(key))
            _values(place.group, place.key or [])
        except (ValueError, TypeError, binascii.Error) as why:
            raise BadInput(field="next") from why
        return place


def _in_campaigns(column: Any, viewer: Viewer) -> ColumnElement[bool]:
    if viewer.campaign_ids is not None:
        return column.in_(viewer.campaign_ids)  # type: ignore[no-any-return]
    return column.in_(select(Campaign.id).where(Campaign.archived_at.is_(None)))  # type: ignore[no-any-return]


def _wanted(viewer: Viewer, section: Section, campaign: int | None, q: str, result: int | None) -> Select[Any]:
    wanted = select(Case.number).where(belongs(section, viewer.id), _in_campaigns(Case.campaign_id, viewer))
    if campaign is not None:
        wanted = wanted.where(Case.campaign_id == campaign)
    if result is not None:
        wanted = wanted.where(Case.last_result_id == result)
    if q.strip():
        words = prefix_query(q)
        wanted = wanted.join(Customer, Customer.id == Case.customer_id)
        wanted = wanted.where(Customer.search.op("@@")(func.to_tsquery("simple", words)) if words else literal(False))
    return wanted


_last_contact = func.coalesce(Case.last_contact_at, _LONG_AGO)


def _columns(group: int, section: Section) -> list[Any]:
    if section is Section.CLOSED:
        return [Case.closed_at, Case.number]
    if group == FREE:
        return [Case.campaign_priority, Case.priority, _last_contact, Case.number]
    return [Case.due_at, Case.number]


def _values(group: int, key: Sequence[Any]) -> list[Any]:
    """A cursor's key as values of the columns; ValueError when it is not one."""
    if len(key) == 4:
        return [int(key[0]), int(key[1]), datetime.fromisoformat(key[2]), int(key[3])]
    at, number = key
    return [datetime.fromisoformat(at), int(number)]


async def _walk(
    session: AsyncSession, wanted: Select[Any], section: Section, place: _Place, limit: int
) -> tuple[list[tuple[int, tuple[int, list[Any]]]], _Place]:
    """Numbers with their places, group after group, until `limit` are found."""
    found: list[tuple[int, tuple[int, list[Any]]]] = []
    groups = [FREE] if section is Section.CLOSED else [g for g in (DUE, FREE, LATER) if g >= place.group]
    for group in groups:
        columns = _columns(group, section)
        statement = wanted.add_columns(*columns)
        if section is Section.CLOSED:
            statement = statement.order_by(*(column.desc() for column in columns))
        else:
            statement = statement.where(segment(group, place.as_of)).order_by(*columns)
        if place.key and group == place.group:
            after = _values(group, place.key)
            here = tuple_(*columns)
            statement = statement.where(here < after if section is Section.CLOSED else here > after)
        for number, *key in await session.execute(statement.limit(limit - len(found))):
            plain = [k.isoformat() if isinstance(k, datetime) else k for k in key]
            found.append((number, (group, plain)))
        if len(found) >= limit:
            break
    return found, place
