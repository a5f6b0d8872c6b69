"""How a changed campaign, and many changed rows of it, are told."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select

from ...models.campaigns.campaign import CampaignAgent
from ...models.cases.case import CaseCountDelta, CaseStatus
from ...models.rows.campaign import CampaignRow, campaign_row
from ...realtime import topics
from ...realtime.events import CampaignChanged, ListChanged
from ..work import Work


async def tell_campaign(work: Work, campaign_id: int) -> CampaignRow:
    """Tell the campaign as it is now, and answer its row."""
    row = await campaign_row(work.session, campaign_id)
    work.tell(CampaignChanged(at=work.now, campaign=row.model_dump(mode="json"), version=row.version))
    return row


async def tell_all_of_list(work: Work, campaign_id: int, reason: str, count: int) -> None:
    """Tell everybody on whose screen a case of the campaign may stand."""
    tell_list(work, campaign_id, reason, count, await all_of_lists(work, [campaign_id]))


async def all_of_lists(work: Work, campaigns: Iterable[int]) -> list[str]:
    """Topics of everybody on whose screen a case of these campaigns may stand: who was taken off one may have some."""
    found = {topics.SUPERVISORS}
    for campaign_id in campaigns:
        found.add(topics.campaign(campaign_id))
        found |= {topics.user(i) for i in await own_without_working_there(work, campaign_id)}
    return sorted(found)


async def own_without_working_there(work: Work, campaign_id: int) -> set[int]:
    """Ids of who has cases of a campaign that he does not work in: taken off it with a case open, or a supervisor."""
    d, there = CaseCountDelta, select(CampaignAgent.user_id).where(CampaignAgent.campaign_id == campaign_id)
    theirs = select(d.agent_id).where(d.campaign_id == campaign_id, d.agent_id != 0, d.status != CaseStatus.CLOSED)
    have = theirs.where(d.agent_id.not_in(there)).group_by(d.agent_id).having(func.sum(d.n) > 0)
    return set(await work.session.scalars(have))


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
