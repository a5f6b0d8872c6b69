"""`/campanas/{id}/tipificaciones`: the result tree of a campaign, with how often each result was chosen lately."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ...models.campaigns.campaign import Mode
from ...models.campaigns.results import grow
from ...models.rows.campaign import campaign_row, campaigns_in_use
from ...models.rows.result import result_nodes, result_uses


async def gather_results(session: AsyncSession, campaign_id: int) -> dict[str, Any]:
    """The campaign, the others in use to go to, its tree, and uses of each result in 30 days. Raises NotFound."""
    campaign = await campaign_row(session, campaign_id)
    others = [{"id": other.id, "name": other.name} for other in await campaigns_in_use(session)]
    return {
        "campaign": campaign.model_dump(mode="json"),
        "campaigns": others,
        "dials": Mode(campaign.mode).dials,
        "tree": [draft.model_dump(mode="json") for draft in grow(await result_nodes(session, campaign_id))],
        "uses": await result_uses(session, campaign_id),
    }
