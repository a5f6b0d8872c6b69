"""Who may hear what now: the topics of a person, asked of the database."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from ..models.campaign import CampaignAgent
from ..models.case import Case
from ..models.permissions import Permission, Role, may
from . import topics as to


async def topics_of(session: AsyncSession, user_id: int, role: Role, watched: frozenset[str]) -> frozenset[str]:
    """The person's own topics, and those of `watched` that he may hear."""
    own = {to.user(user_id), to.EVERYONE}
    if may(role, Permission.SEE_ALL_CASES):
        own.add(to.SUPERVISORS)
        campaigns: set[int] = set()
    else:
        mine = select(CampaignAgent.campaign_id).where(CampaignAgent.user_id == user_id)
        campaigns = set((await session.execute(mine)).scalars())
        own |= {to.campaign(campaign_id) for campaign_id in campaigns}
    if to.WALLBOARD in watched and may(role, Permission.SEE_BOARD):
        own.add(to.WALLBOARD)
    numbers = {number for topic in watched if (number := case_number(topic))}
    return frozenset(own | {to.case(number) for number in await _visible(session, numbers, user_id, role, campaigns)})


def case_number(topic: str) -> int | None:
    """The number in `case:N`; None for any other text."""
    kind, _, number = topic.partition(":")
    known = kind == "case" and number.isascii() and number.isdigit() and len(number) < 19
    return int(number) if known and to.case(int(number)) == topic else None


async def _visible(
    session: AsyncSession, numbers: set[int], user_id: int, role: Role, campaigns: set[int]
) -> list[int]:
    if not numbers:
        return []
    cases = select(Case.number).where(Case.number.in_(numbers))
    if not may(role, Permission.SEE_ALL_CASES):
        mine = or_(Case.campaign_id.in_(campaigns), Case.agent_id == user_id, Case.holder_id == user_id)
        cases = cases.where(mine)
    return list((await session.execute(cases)).scalars())
