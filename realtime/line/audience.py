"""Who may hear what now: the topics of a person."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from ...models.cases.case import Case
from ...models.permissions import Permission, Role, may
from .. import topics as to


def own_topics(user_id: int, role: Role, campaigns: Collection[int], watched: frozenset[str]) -> frozenset[str]:
    """The person's own topics, given their campaigns; the wall board too, when they watch it and may see it."""
    own = {to.user(user_id), to.EVERYONE}
    if may(role, Permission.SEE_ALL_CASES):
        own.add(to.SUPERVISORS)
    else:
        own |= {to.campaign(campaign_id) for campaign_id in campaigns}
    if to.WALLBOARD in watched and may(role, Permission.SEE_WALLBOARD):
        own.add(to.WALLBOARD)
    return frozenset(own)


def case_number(topic: str) -> int | None:
    """The number in `case:N`; None for any other text."""
    kind, _, number = topic.partition(":")
    known = kind == "case" and number.isascii() and number.isdigit() and len(number) < 19
    return int(number) if known and to.case(int(number)) == topic else None


def watched_cases(watched: frozenset[str]) -> set[int]:
    """The numbers of the cases among what is watched."""
    return {number for topic in watched if (number := case_number(topic))}


async def case_topics(
    session: AsyncSession, numbers: set[int], user_id: int, role: Role, campaigns: Collection[int]
) -> frozenset[str]:
    """The topics of those of these cases that the person may see, asked of the database."""
    cases = select(Case.number).where(Case.number.in_(numbers))
    if not may(role, Permission.SEE_ALL_CASES):
        mine = or_(Case.campaign_id.in_(campaigns), Case.agent_id == user_id, Case.holder_id == user_id)
        cases = cases.where(mine)
    return frozenset(map(to.case, (await session.execute(cases)).scalars()))
