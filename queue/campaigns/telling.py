"""How a changed campaign is told, and how many changed cases of it are told at once."""

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
    told = row.model_dump(mode="json")
    work.tell(CampaignChanged(at=work.now, campaign=told, version=row.version, by=work.actor.named))
    return row


async def tell_all_of_list(work: Work, campaign_id: int, reason: str, count: int) -> None:
    """Tell everybody on whose screen a case of the campaign may stand."""
    tell_list(work, campaign_id, reason, count, await all_of_lists(work, [campaign_id]))


async def all_of_lists(work: Work, campaigns: Iterable[int]) -> list[str]:
    """Topics of everybody on whose screen a case of these campaigns may stand.

    People who were taken off a campaign may still have some of its cases.
    """
    found = {topics.SUPERVISORS}
    for campaign_id in campaigns:
        found.add(topics.campaign(campaign_id))
        found |= {topics.user(i) for i in await own_without_working_there(work, campaign_id)}
    return sorted(found)


async def own_without_working_there(work: Work, campaign_id: int) -> set[int]:
    """Ids of people with cases of a campaign they do not work in: supervisors, or taken off it with a case open."""
    delta = CaseCountDelta
    works_there = select(CampaignAgent.user_id).where(CampaignAgent.campaign_id == campaign_id)
    somebodys = delta.campaign_id == campaign_id, delta.agent_id != 0, delta.status != CaseStatus.CLOSED
    outside = select(delta.agent_id).where(*somebodys, delta.agent_id.not_in(works_there))
    have = outside.group_by(delta.agent_id).having(func.sum(delta.n) > 0)
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
