"""Who looks at cases, and in which campaigns."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from ..campaigns.campaign import Campaign, CampaignAgent
from ..permissions import Permission, Role, may
from ..refused import NotFound
from .case import Case


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks. `campaign_ids` none = every campaign that is not archived."""

    id: int
    role: Role
    campaign_ids: tuple[int, ...] | None


_WORKS_IN = (
    select(CampaignAgent.campaign_id)
    .join(Campaign, Campaign.id == CampaignAgent.campaign_id)
    .where(CampaignAgent.user_id == bindparam("id"), Campaign.archived_at.is_(None))
    .order_by(Campaign.id)
)


async def viewer(session: AsyncSession, user_id: int, role: Role) -> Viewer:
    """What this person may see: an agent the campaigns they work in (S1-22), others all of them."""
    if may(role, Permission.SEE_ALL_CASES):
        return Viewer(user_id, role, None)
    return Viewer(user_id, role, tuple(await session.scalars(_WORKS_IN, {"id": user_id})))


async def seen_case(session: AsyncSession, campaigns: tuple[int, ...] | None, number: int, me: int) -> Case:
    """The case, for a person (`me`) who sees these campaigns (none = all), has the case assigned or has it open.

    Raises NotFound for others, who are not told that it exists.
    """
    case = await session.get(Case, number)
    if case is None:
        raise NotFound
    if campaigns is not None and case.campaign_id not in campaigns and me not in (case.agent_id, case.holder_id):
        raise NotFound
    return case
