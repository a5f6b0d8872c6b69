"""Lists of cases: the sections of the desktop (S2-10…S2-15, X12), in the order of X2, page by page.

A cursor carries the `as_of` of its first page, because what is due changes with time, and the key of its last row:
page 500 costs what page 1 costs. A list over several campaigns is merged from the first rows of each, since an index
has the order of one campaign.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Select,
    SQLColumnExpression,
    and_,
    bindparam,
    literal_column,
    select,
    true,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncSession

from ..campaigns.campaign import Campaign, CampaignAgent
from ..cases.case import ASIDE, Case, CaseStatus, in_status, not_closed
from ..cases.order import DUE, FREE, LATER, segment, segment_key
from ..cases.sections import SECTION_OF, Section
from ..customers.customer import Customer
from ..customers.search import named, plan_for_the_words
from ..customers.service_states import ServiceState
from ..permissions import Permission, Role, may
from ..refused import BadInput
from .case import case_rows
from .values import CaseRow


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


_SERVICE_OF = {section: state for state, section in SECTION_OF.items()}
_WORKS_IN = (
    select(CampaignAgent.campaign_id)
    .join(Campaign, Campaign.id == CampaignAgent.campaign_id)
    .where(CampaignAgent.user_id == bindparam("id"), Campaign.archived_at.is_(None))
    .order_by(Campaign.id)
)


async def viewer(session: AsyncSession, user_id: int, role: Role) -> Viewer:
    """What this person may see: an agent the campaigns he works in, others all of them."""
    if may(role, Permission.SEE_ALL_CASES):
        return Viewer(user_id, role, None)
    return Viewer(user_id, role, tuple(await session.scalars(_WORKS_IN, {"id": user_id})))


def belongs(section: Section, viewer_id: int) -> ColumnElement[bool]:
    """Which cases stand in a section of a campaign that its viewer sees; his own are his wherever (`_Wanted`).

    `Suspendidos` joins both meanings: case set aside, or service suspended (X12)."""
    is_open = in_status(CaseStatus.OPEN)
    match section:
        case Section.ASSIGNED:
            return and_(not_closed(), Case.agent_id == viewer_id)
        case Section.SUSPENDED:
            return literal_column(ASIDE, Boolean)
        case Section.CLOSED:
            return in_status(CaseStatus.CLOSED)
        case _:
            return and_(is_open, Case.service_state == _SERVICE_OF[section])


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
    place = Place.read(cursor, section) if cursor else Place(now, FREE if section is Section.CLOSED else DUE, None)
    wanted = _Wanted(viewer, section, campaign, q, result)
    if q.strip():
        await plan_for_the_words(session)
    found = await _walk(session, wanted, place, limit + 1)
    page, more = found[:limit], len(found) > limit
    rows = await case_rows(session, [number for number, _ in page], now)
    following = Place(place.as_of, *page[-1][1]).write() if more else None
    return CasePage(items=rows, next=following, as_of=place.as_of)


def section_counts(kinds: Any, viewer_id: int | None) -> dict[str, int]:
    """Sum kinds of cases (agent, status, service state, how many) into sections: the same rule as `belongs`."""
    counts = dict.fromkeys((section.value for section in Section), 0)
    for agent, status, service, n in kinds:
        if status == CaseStatus.CLOSED:
            counts["closed"] += n
            continue
        if agent and agent == viewer_id:
            counts["assigned"] += n
        suspended = status == CaseStatus.SUSPENDED
        counts[Section.SUSPENDED if suspended else SECTION_OF[ServiceState(service)]] += n
    return counts


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: after `key` in one of the three groups of the order, at the time of the first page."""

    as_of: datetime
    group: int
    key: list[Any] | None

    def write(self) -> str:
        plain = json.dumps([self.as_of.isoformat(), self.group, self.key])
        return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, cursor: str, section: Section) -> Place:
        """Raises BadInput for what is no cursor, or one of a section in another order."""
        try:
            as_of, group, key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
            place = cls(datetime.fromisoformat(as_of), int(group), list(key))
            free = place.group == FREE and section is not Section.CLOSED
            if place.group not in (DUE, FREE, LATER) or len(place.key or []) != (4 if free else 2):
                raise ValueError("not a place of this list")
            _values(place.group, place.key or [])
        except (ValueError, TypeError, binascii.Error) as why:
            raise BadInput(field="next") from why
        return place


def _in_campaigns(column: Any, viewer: Viewer) -> ColumnElement[bool]:
    if viewer.campaign_ids is not None:
        return column.in_(viewer.campaign_ids)  # type: ignore[no-any-return]
    return column.in_(select(Campaign.id).where(Campaign.archived_at.is_(None)))  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Whose list is asked for, and what narrows it."""

    viewer: Viewer
    section: Section
    campaign: int | None
    q: str
    result: int | None

    def part(self, group: int, place: Place, limit: int) -> Select[Any]:
        """Numbers and keys of the first rows of one group after the place."""
        key = self.key(group)
        order = [column.desc() for column in key] if self.section is Section.CLOSED else key
        named: list[Any] = [column.label(f"key_{at}") for at, column in enumerate(key)]
        rows: Select[Any] = select(Case.number, *named)
        rows = rows.where(*self._conditions(group, place, key)).order_by(*order).limit(limit)
        if self.section is Section.ASSIGNED or self.q.strip():  # few, or found by their customers
            return self._found_by_name(rows.where(self._campaigns(Case.campaign_id)))
        return self._merged(rows, limit)

    def key(self, group: int) -> list[SQLColumnExpression[Any]]:
        """What orders the rows of a group."""
        return [Case.closed_at, Case.number] if self.section is Section.CLOSED else segment_key(group)

    def _conditions(self, group: int, place: Place, key: list[SQLColumnExpression[Any]]) -> list[ColumnElement[bool]]:
        backwards = self.section is Section.CLOSED
        conditions = [belongs(self.section, self.viewer.id)]
        if not backwards:
            conditions.append(segment(group, place.as_of))
        if self.result is not None:
            conditions.append(Case.last_result_id == self.result)
        if place.key and group == place.group:
            after, here = _values(group, place.key), tuple_(*key)
            conditions.append(here < after if backwards else here > after)
        return conditions

    def _campaigns(self, column: Any) -> ColumnElement[bool]:
        """His own cases he sees in any campaign in use: who was taken off one goes on with what he has (S1-19)."""
        viewer = replace(self.viewer, campaign_ids=None) if self.section is Section.ASSIGNED else self.viewer
        mine = _in_campaigns(column, viewer)
        return mine if self.campaign is None else and_(mine, column == self.campaign)

    def _found_by_name(self, rows: Select[Any]) -> Select[Any]:
        if not self.q.strip():
            return rows
        return rows.join(Customer, Customer.id == Case.customer_id).where(named(self.q))

    def _merged(self, rows: Select[Any], limit: int) -> Select[Any]:
        """The first rows of each campaign, put in order."""
        of_each = rows.where(Case.campaign_id == Campaign.id).correlate(Campaign).lateral("of_each")
        together = select(*of_each.c).select_from(Campaign).join(of_each, true()).where(self._campaigns(Campaign.id))
        key = list(of_each.c)[1:]
        order = [column.desc() for column in key] if self.section is Section.CLOSED else key
        return together.order_by(*order).limit(limit)


def _values(group: int, key: Sequence[Any]) -> list[Any]:
    """A cursor's key as values of the columns; ValueError when it is not one."""
    if len(key) == 4:
        return [int(key[0]), int(key[1]), datetime.fromisoformat(key[2]), int(key[3])]
    at, number = key
    return [datetime.fromisoformat(at), int(number)]


async def _walk(
    session: AsyncSession, wanted: _Wanted, place: Place, limit: int
) -> list[tuple[int, tuple[int, list[Any]]]]:
    """Numbers with their places, group after group, until `limit` are found."""
    found: list[tuple[int, tuple[int, list[Any]]]] = []
    groups = [FREE] if wanted.section is Section.CLOSED else [g for g in (DUE, FREE, LATER) if g >= place.group]
    for group in groups:
        for number, *key in await session.execute(wanted.part(group, place, limit - len(found))):
            plain = [k.isoformat() if isinstance(k, datetime) else k for k in key]
            found.append((number, (group, plain)))
        if len(found) >= limit:
            break
    return found
