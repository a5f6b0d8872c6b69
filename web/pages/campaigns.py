"""`/campanas`: every campaign with its progress, and what its editor needs (S1-07…09, S1-12, S1-14, S1-19, S1-23)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ...models.contact.pressure import IN_TOTAL, PER_MEDIUM, WINDOW_DAYS
from ...models.rows.campaign import campaign_rows, type_rows
from ...models.rows.person import users_agents_first
from ...models.rows.progress import NO_CASES, progress


async def gather_campaigns(session: AsyncSession, since: datetime) -> dict[str, Any]:
    """Campaigns with their progress since `since` (midnight), types, people who can work, and usual thresholds."""
    far = await progress(session, since)
    rows = await campaign_rows(session)
    campaigns = [row.model_dump(mode="json") | {"progress": far.get(row.id, NO_CASES).model_dump()} for row in rows]
    people = await users_agents_first(session)
    return {
        "campaigns": campaigns,
        "types": [row.model_dump() for row in await type_rows(session)],
        "people": [{"id": one.id, "name": one.name, "role": one.role.value} for one in people],
        "usual": {"window_days": WINDOW_DAYS, "medium": PER_MEDIUM, "total": IN_TOTAL},
    }
