"""Lists of cases: the sections of the desktop (S2-10…S2-15, X12), in the order of X2, page by page.

A cursor carries the `as_of` of its first page, because what is due changes with time, and the key of its last row:
page 500 costs what page 1 costs. A list over several campaigns is merged from the first rows of each, since an index
has the order of one campaign.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import BaseModel
from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from ..campaigns.campaign import AssignmentMode, Campaign, CampaignAgent
from ..cases.case import Case, CaseStatus, in_status
from ..cases.list_place import Place
from ..cases.order import DUE, FREE, LATER, segment, segment_key
from ..cases.section_rule import belongs
from ..cases.sections import Section
from ..cases.viewer import Viewer
from ..customers.customer import Customer
from ..customers.search import named, plan_for_the_words
from .case import case_rows
from .values import CaseRow

MOST_DUE = 20  # of what is due for any agent: nobody reads more; those taken make room for the others


class CasePage(BaseModel):
    """One page of a list: its rows, where the next one begins (none = the end), and the time it holds for."""

    items: list[CaseRow]
    next: str | None
    as_of: datetime


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
    place = Place.read(cursor, section) if cursor else Place.first(section, now)
    wanted = _Wanted(viewer, section, campaign, q, result)
    if q.strip():
        await plan_for_the_words(session)
    found = await _walk(session, wanted, place, limit + 1)
    page, more = found[:limit], len(found) > limit
    rows = await case_rows(session, [one.number for one in page], now)
    following = Place(place.as_of, page[-1].group, page[-1].key).write() if more else None
    return CasePage(items=rows, next=following, as_of=place.as_of)


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
            after, here = place.key, tuple_(*key)
            conditions.append(here < after if backwards else here > after)
        return conditions

    def _campaigns(self, column: Any) -> ColumnElement[bool]:
        """One's own cases are seen in any campaign in use: who was taken off one goes on with its cases (S1-19)."""
        viewer = replace(self.viewer, campaign_ids=None) if self.section is Section.ASSIGNED else self.viewer
        seen = _in_campaigns(column, viewer)
        return seen if self.campaign is None else and_(seen, column == self.campaign)

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


class _Listed(NamedTuple):
    """A case of a page, and where it stands in the order."""

    number: int
    group: int
    key: list[Any]


async def _walk(session: AsyncSession, wanted: _Wanted, place: Place, limit: int) -> list[_Listed]:
    """Cases with their places, group after group, until `limit` are found."""
    found: list[_Listed] = []
    groups = [FREE] if wanted.section is Section.CLOSED else [g for g in (DUE, FREE, LATER) if g >= place.group]
    for group in groups:
        for number, *key in await session.execute(wanted.part(group, place, limit - len(found))):
            found.append(_Listed(number, group, key))
        if len(found) >= limit:
            break
    return found


async def anybodys_due(session: AsyncSession, user_id: int, now: datetime) -> list[CaseRow]:
    """The due cases that are nobody's and that this person may take, the oldest first: those of `take_next`."""
    free = in_status(CaseStatus.OPEN), Case.agent_id.is_(None), Case.holder_id.is_(None), Case.due_agent_id.is_(None)
    here = Case.campaign_id == Campaign.id, segment(DUE, now)
    rows = select(Case.number, Case.due_at).where(*free, *here).order_by(*segment_key(DUE)).limit(MOST_DUE)
    of_each = rows.correlate(Campaign).lateral("of_each")
    works_there = (
        CampaignAgent.user_id == user_id,
        Campaign.assignment_mode != AssignmentMode.DIRECTED,
        Campaign.archived_at.is_(None),
    )
    together = (
        select(of_each.c.number)
        .select_from(Campaign)
        .join(CampaignAgent, CampaignAgent.campaign_id == Campaign.id)
        .join(of_each, true())
        .where(*works_there)
        .order_by(of_each.c.due_at, of_each.c.number)
        .limit(MOST_DUE)
    )
    return await case_rows(session, list(await session.scalars(together)), now)
