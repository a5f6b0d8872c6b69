"""`/campanas/{id}/tipificaciones`: the result tree of a campaign, with how often each result was chosen lately."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ...models.campaigns.campaign import Mode, ResultNode
from ...models.campaigns.results import grow
from ...models.cases.case import Disposition
from ...models.rows.campaign import campaign_row, campaign_rows

USE_WINDOW = timedelta(days=30)


async def gather_results(session: AsyncSession, campaign_id: int) -> dict[str, Any]:
    """The campaign, the others in use to go to, its tree, and uses of each result in 30 days. Raises NotFound."""
    campaign = await campaign_row(session, campaign_id)
    nodes = await session.scalars(select(ResultNode).where(ResultNode.campaign_id == campaign_id))
    others = [{"id": row.id, "name": row.name} for row in await campaign_rows(session) if not row.archived]
    return {
        "campaign": campaign.model_dump(mode="json"),
        "campaigns": others,
        "dials": Mode(campaign.mode).dials,
        "tree": [draft.model_dump(mode="json") for draft in grow(nodes)],
        "uses": await _uses(session, campaign_id),
    }


async def _uses(session: AsyncSession, campaign_id: int) -> dict[int, int]:
    """How often each result, of whatever level, was chosen in the last 30 days."""
    lately = Disposition.created_at > func.now() - USE_WINDOW
    statement = select(Disposition.result_path, func.count()).where(Disposition.campaign_id == campaign_id, lately)
    uses: Counter[int] = Counter()
    for path, n in await session.execute(statement.group_by(Disposition.result_path)):
        uses.update(dict.fromkeys(path, n))
    return dict(uses)
