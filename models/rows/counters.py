"""Counts that screens show: the sections of each campaign, and an agent's own day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ..campaigns.campaign import Campaign
from ..cases.case import CaseCountDelta, CaseStatus, Disposition
from ..cases.section_rule import Kind, section_counts
from ..cases.sections import Section

Kinds = dict[int, list[Kind]]  # by campaign


@dataclass(frozen=True, slots=True)
class Day:
    """What an agent has and did: cases assigned now; today's gestiones, effective ones, mean seconds."""

    assigned: int = 0
    dispositions: int = 0
    effective: int = 0
    mean_seconds: int | None = None


async def kinds_of_cases(session: AsyncSession, campaigns: Collection[int] | None = None) -> Kinds:
    """How many cases there are of each kind, in these campaigns, or in every one that has or had a case."""
    delta = CaseCountDelta
    kind = (delta.campaign_id, delta.agent_id, delta.status, delta.service_state)
    sums = select(*kind, func.sum(delta.n).label("cases")).group_by(*kind)
    if campaigns is not None:
        sums = sums.where(delta.campaign_id.in_(campaigns))
    kinds: Kinds = defaultdict(list)
    for row in await session.execute(sums):
        kinds[row.campaign_id].append(Kind(row.agent_id, row.status, row.service_state, int(row.cases)))
    return kinds


def campaign_sections(kinds: Kinds) -> dict[int, dict[str, int]]:
    """The sections of each campaign (S2-10…S2-15); *asignados* is each person's own and comes with their day."""
    whole = {campaign: section_counts(rows, None) for campaign, rows in kinds.items()}
    return {
        campaign: {section: n for section, n in counts.items() if section != Section.ASSIGNED}
        for campaign, counts in whole.items()
    }


async def assigned(session: AsyncSession, agent: int | None = None) -> dict[int, int]:
    """How many cases each agent (or this one) has as *Mis asignados* lists them: not closed, in campaigns in use."""
    archived = select(Campaign.id).where(Campaign.archived_at.is_not(None))
    return await _unfinished(session, _of_agents(agent), CaseCountDelta.campaign_id.not_in(archived))


async def loads(session: AsyncSession, agents: Collection[int] | None = None) -> dict[int, int]:
    """How many unfinished cases each agent (or each of these) has in all campaigns; 0 or no entry when none."""
    return await _unfinished(session, _of_agents() if agents is None else CaseCountDelta.agent_id.in_(agents))


def _of_agents(agent: int | None = None) -> ColumnElement[bool]:
    return CaseCountDelta.agent_id != 0 if agent is None else CaseCountDelta.agent_id == agent


async def _unfinished(session: AsyncSession, *conditions: ColumnElement[bool]) -> dict[int, int]:
    delta = CaseCountDelta
    sums = select(delta.agent_id, func.sum(delta.n)).where(delta.status != CaseStatus.CLOSED, *conditions)
    return {agent_id: int(cases) for agent_id, cases in await session.execute(sums.group_by(delta.agent_id))}


async def days(
    session: AsyncSession, agents: Iterable[int], since: datetime, assigned: dict[int, int]
) -> dict[int, Day]:
    """The day (from `since`) of these agents; `assigned` says how many cases each has now."""
    of_today = (
        select(
            Disposition.agent_id,
            func.count().label("dispositions"),
            func.count().filter(Disposition.effective).label("effective"),
            func.avg(Disposition.seconds).label("mean"),
        )
        .where(Disposition.agent_id.in_(set(agents)), Disposition.created_at >= since)
        .group_by(Disposition.agent_id)
    )
    found = {agent: Day(assigned.get(agent, 0)) for agent in agents}
    for row in await session.execute(of_today):
        mean = None if row.mean is None else round(row.mean)
        found[row.agent_id] = Day(assigned.get(row.agent_id, 0), row.dispositions, row.effective, mean)
    return found


async def agents_who_saved(session: AsyncSession, since: datetime) -> set[int]:
    """Who saved a gestión at or after `since`. The condition names campaigns, because the index begins with them."""
    some = (Disposition.campaign_id.in_(select(Campaign.id))) & (Disposition.created_at >= since)
    return set((await session.execute(select(Disposition.agent_id).where(some).distinct())).scalars())
