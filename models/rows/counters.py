"""Counts that screens show: the sections of each campaign, and an agent's own day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ..campaigns.campaign import Campaign
from ..cases.case import CaseCountDelta, CaseStatus, Disposition
from ..cases.sections import Section
from .case_list import section_counts

Kinds = dict[int, list[tuple[int, str, str, int]]]  # by campaign: agent (0 = nobody's), status, service state, how many


@dataclass(frozen=True, slots=True)
class Day:
    """What an agent has and did: cases assigned now; today's gestiones, effective ones, mean seconds."""

    assigned: int = 0
    dispositions: int = 0
    effective: int = 0
    mean_seconds: int | None = None


async def kinds_of_cases(session: AsyncSession) -> Kinds:
    """How many cases there are of each kind, for every campaign that has or had one."""
    d = CaseCountDelta
    kind = (d.campaign_id, d.agent_id, d.status, d.service_state)
    rows = await session.execute(select(*kind, func.sum(d.n)).group_by(*kind))
    kinds: Kinds = defaultdict(list)
    for campaign, agent, status, service, n in rows:
        kinds[campaign].append((agent, status, service, int(n)))
    return kinds


def campaign_sections(kinds: Kinds) -> dict[int, dict[str, int]]:
    """The sections of each campaign (S2-10…S2-15); *asignados* is each person's own and comes with his day."""
    whole = {campaign: section_counts(rows, None) for campaign, rows in kinds.items()}
    return {
        campaign: {section: n for section, n in counts.items() if section != Section.ASSIGNED}
        for campaign, counts in whole.items()
    }


async def assigned(session: AsyncSession, agent: int | None = None) -> dict[int, int]:
    """How many cases each agent (or this one) has as *Mis asignados* lists them: not closed, in campaigns in use."""
    d, archived = CaseCountDelta, select(Campaign.id).where(Campaign.archived_at.is_not(None))
    mine = d.agent_id != 0 if agent is None else d.agent_id == agent
    rows = select(d.agent_id, func.sum(d.n)).where(mine, d.status != CaseStatus.CLOSED, d.campaign_id.not_in(archived))
    return {number: int(n) for number, n in await session.execute(rows.group_by(d.agent_id))}


async def days(
    session: AsyncSession, agents: Iterable[int], since: datetime, assigned: dict[int, int]
) -> dict[int, Day]:
    """The day (from `since`) of these agents."""
    of_today = (
        select(
            Disposition.agent_id,
            func.count(),
            func.count().filter(Disposition.effective),
            func.avg(Disposition.seconds),
        )
        .where(Disposition.agent_id.in_(set(agents)), Disposition.created_at >= since)
        .group_by(Disposition.agent_id)
    )
    found = {agent: Day(assigned.get(agent, 0)) for agent in agents}
    for agent, n, effective, mean in await session.execute(of_today):
        found[agent] = Day(assigned.get(agent, 0), n, effective, None if mean is None else round(mean))
    return found


async def agents_who_saved(session: AsyncSession, since: datetime) -> set[int]:
    """Who saved a gestión at or after `since`. Named by campaign, because that is how the index begins."""
    some = (Disposition.campaign_id.in_(select(Campaign.id))) & (Disposition.created_at >= since)
    return set((await session.execute(select(Disposition.agent_id).where(some).distinct())).scalars())
