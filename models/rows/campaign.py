"""Builds rows of campaigns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ..campaigns.campaign import Campaign, CampaignAgent, CampaignType
from ..people.user import User
from ..refused import NotFound
from .values import CampaignRef, Named, Row


class TypeRow(Named):
    """A type of campaign; `code` is its name for programs."""

    code: str


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
    return [_row(campaign, campaign_type, agents[campaign.id]) for campaign, campaign_type in found]


async def campaigns_in_use(session: AsyncSession, ids: Collection[int] | None = None) -> list[CampaignRef]:
    """Those of these campaigns (of all when None) that are not archived, in the order of `campaign_rows`."""
    in_order = _in_use(ids).order_by(Campaign.priority, func.lower(Campaign.name), Campaign.id)
    return [CampaignRef(id=row.id, name=row.name, priority=row.priority) for row in await session.execute(in_order)]


async def campaigns_by_name(session: AsyncSession, ids: Collection[int] | None = None) -> list[Named]:
    """The same by name, to choose one from."""
    in_order = _in_use(ids).order_by(Campaign.name)
    return [Named(id=row.id, name=row.name) for row in await session.execute(in_order)]


def _in_use(ids: Collection[int] | None) -> Select[int, str, int]:
    statement = select(Campaign.id, Campaign.name, Campaign.priority).where(Campaign.archived_at.is_(None))
    return statement if ids is None else statement.where(Campaign.id.in_(ids))


async def type_rows(session: AsyncSession) -> list[TypeRow]:
    """All types of campaign, by name."""
    types = await session.scalars(select(CampaignType).order_by("name"))
    return [TypeRow.model_validate(campaign_type) for campaign_type in types]


async def _agents(session: AsyncSession, ids: list[int]) -> dict[int, list[Named]]:
    statement = (
        select(CampaignAgent.campaign_id, User.id, User.name)
        .join(User, User.id == CampaignAgent.user_id)
        .where(CampaignAgent.campaign_id.in_(ids))
        .order_by(User.name, User.id)
    )
    agents: dict[int, list[Named]] = defaultdict(list)
    for row in await session.execute(statement):
        agents[row.campaign_id].append(Named(id=row.id, name=row.name))
    return agents


def _row(campaign: Campaign, campaign_type: CampaignType, agents: list[Named]) -> CampaignRow:
    return CampaignRow(
        id=campaign.id,
        version=campaign.version,
        name=campaign.name,
        type=TypeRow.model_validate(campaign_type),
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
