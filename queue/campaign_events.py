"""How a changed campaign, and many changed rows of it, are told."""

from __future__ import annotations

from collections.abc import Iterable

from ..realtime import topics
from ..realtime.campaign_rows import CampaignRow, campaign_row
from ..realtime.events import CampaignChanged, ListChanged
from .work import Work


async def tell_campaign(work: Work, campaign_id: int) -> CampaignRow:
    """Tell the campaign as it is now, and answer its row."""
    row = await campaign_row(work.session, campaign_id)
    work.tell(CampaignChanged(at=work.now, campaign=row.model_dump(mode="json"), version=row.version))
    return row


def tell_list(work: Work, campaign_id: int, reason: str, count: int, audience: Iterable[str]) -> None:
    """Tell `audience` (topics) that `count` rows of a campaign changed at once; `reason` is a code."""
    event = ListChanged(
        at=work.now,
        scope=topics.campaign(campaign_id),
        reason=reason,
        count=count,
        by=work.actor.named,
        audience=sorted(set(audience)),
    )
    work.tell(event)
