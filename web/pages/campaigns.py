"""`/campanas`: every campaign with its progress, and what its editor needs (S1-07…09, S1-12, S1-14, S1-19, S1-23)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ...models.contact.pressure import IN_TOTAL, PER_MEDIUM, WINDOW_DAYS
from ...models.people.user import User
from ...models.permissions import Role
from ...models.rows.campaign import Progress, campaign_rows, progress, type_rows

_NOTHING = Progress(open=0, free=0, suspended=0, closed=0, worked_today=0)


async def gather_campaigns(session: AsyncSession, since: datetime) -> dict[str, Any]:
    """Campaigns with their progress since `since` (midnight), kinds, people who can work, and usual thresholds."""
    far = await progress(session, since)
    rows = await campaign_rows(session)
    campaigns = [row.model_dump(mode="json") | {"progress": far.get(row.id, _NOTHING).model_dump()} for row in rows]
    return {
        "campaigns": campaigns,
        "types": [row.model_dump() for row in await type_rows(session)],
        "people": await people(session),
        "usual": {"window_days": WINDOW_DAYS, "medium": PER_MEDIUM, "total": IN_TOTAL},
    }


async def people(session: AsyncSession) -> list[dict[str, Any]]:
    """Active users who work cases: agents first."""
    statement = select(User.id, User.name, User.role).where(User.active).order_by(User.role != Role.AGENT, User.name)
    return [{"id": i, "name": name, "role": role.value} for i, name, role in await session.execute(statement)]
