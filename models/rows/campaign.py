"""Builds rows of campaigns, and how far each one is (S1-23)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ..campaigns.campaign import Campaign, CampaignAgent, CampaignType
from ..cases.case import CaseCountDelta, CaseStatus, Disposition
from ..people.user import User
from ..refused import NotFound
from .values import Named, Row


class TypeRow(Named):
    """A kind of campaign; `code` is its name for programs."""

    code: str


class Progress(Row):
    """State of progress of a campaign (S1-23): en proceso is `open` + `suspended`, finalizadas `closed`.

    `free` are the open ones that nobody has; `worked_today` how many cases had a gestión since midnight.
    """

    open: int
    free: int
    suspended: int
    closed: int
    worked_today: int


class CampaignRow(Row):
    """A campaign as lists and the editor show it."""

    id: int
    version: int
    name: str
    type: TypeRow
    priority: int
    mode: str
    assignment_mode: str
    queue: str | None
    pbx: str
    time_zone: str | None
    wrap_up_seconds: int
    pressure: dict[str, Any]
    rule_pack: int | None
    archived: bool
    archived_at: datetime | None
    results_version: int
    agents: list[Named]


async def campaign_row(session: AsyncSession, campaign_id: int) -> CampaignRow:
    """The row of one campaign. Raises NotFound."""
    rows = await campaign_rows(session, [campaign_id])
    if not rows:
        raise NotFound
    return rows[0]


async def campaign_rows(session: AsyncSession, ids: Collection[int] | None = None) -> list[CampaignRow]:
    """Rows of these campaigns (of all when None): those in use first, then by priority and name."""
    statement = select(Campaign, CampaignType).join(CampaignType, CampaignType.id == Campaign.type_id)
    order = (Campaign.archived_at.is_not(None), Campaign.priority, func.lower(Campaign.name), Campaign.id)
    statement = statement.order_by(*order).execution_options(populate_existing=True)
    if ids is not None:
        statement = statement.where(Campaign.id.in_(ids))
    found = (await session.execute(statement)).all()
    agents = await _agents(session, [campaign.id for campaign, _ in found])
    return [_row(campaign, kind, agents[campaign.id]) for campaign, kind in found]


async def campaigns_of(session: AsyncSession, user_id: int) -> list[int]:
    """Campaigns in use that a person works in (S1-22)."""
    statement = (
        select(Campaign.id)
        .join(CampaignAgent, CampaignAgent.campaign_id == Campaign.id)
        .where(CampaignAgent.user_id == user_id, Campaign.archived_at.is_(None))
    )
    return list(await session.scalars(statement))


async def type_rows(session: AsyncSession) -> list[TypeRow]:
    """All kinds of campaign, by name."""
    return [TypeRow.model_validate(kind) for kind in await session.scalars(select(CampaignType).order_by("name"))]


async def progress(session: AsyncSession, since: datetime) -> dict[int, Progress]:
    """How far each campaign is; `since` is when the installation's day began. Campaigns without cases are left out."""
    total = func.sum(CaseCountDelta.n)
    free = func.coalesce(total.filter(CaseCountDelta.agent_id == 0), 0)
    by = CaseCountDelta.campaign_id, CaseCountDelta.status
    counts: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for campaign_id, status, n, of_nobody in await session.execute(select(*by, total, free).group_by(*by)):
        counts[campaign_id][status] = int(n)
        if status == CaseStatus.OPEN:
            counts[campaign_id]["free"] = int(of_nobody)
    worked = dict(list(await session.execute(_worked(since))))
    return {
        campaign_id: Progress(
            open=of["open"],
            free=of["free"],
            suspended=of["suspended"],
            closed=of["closed"],
            worked_today=worked.get(campaign_id, 0),
        )
        for campaign_id, of in counts.items()
    }


def _worked(since: datetime) -> Any:
    cases = func.count(func.distinct(Disposition.case_number))
    return (
        select(Disposition.campaign_id, cases).where(Disposition.created_at >= since).group_by(Disposition.campaign_id)
    )


async def _agents(session: AsyncSession, ids: list[int]) -> dict[int, list[Named]]:
    statement = (
        select(CampaignAgent.campaign_id, User.id, User.name)
        .join(User, User.id == CampaignAgent.user_id)
        .where(CampaignAgent.campaign_id.in_(ids))
        .order_by(User.name, User.id)
    )
    agents: dict[int, list[Named]] = defaultdict(list)
    for campaign_id, user_id, name in await session.execute(statement):
        agents[campaign_id].append(Named(id=user_id, name=name))
    return agents


def _row(campaign: Campaign, kind: CampaignType, agents: list[Named]) -> CampaignRow:
    return CampaignRow(
        id=campaign.id,
        version=campaign.version,
        name=campaign.name,
        type=TypeRow.model_validate(kind),
        priority=campaign.priority,
        mode=campaign.mode,
        assignment_mode=campaign.assignment_mode,
        queue=campaign.queue_name,
        pbx=campaign.pbx_id,
        time_zone=campaign.time_zone,
        wrap_up_seconds=campaign.wrap_up_seconds,
        pressure=campaign.pressure,
        rule_pack=campaign.rule_pack_id,
        archived=campaign.archived_at is not None,
        archived_at=campaign.archived_at,
        results_version=campaign.results_version,
        agents=agents,
    )
