"""`/api/v1/campaigns`: supervisors create and change them, agents see their own (S1-07…09, S1-12, S1-19, S1-22)."""

from __future__ import annotations

from ...models.cases.viewer import viewer
from ...models.clock import midnight
from ...models.permissions import Permission
from ...models.refused import AlreadyExists, BadInput, NotFound, Stale
from ...models.rows.campaign import (
    CampaignRow,
    campaign_rows,
)
from ...models.rows.progress import NO_CASES, Progress, progress
from ...models.rows.values import Row
from ...queue.campaigns.form import CampaignChanges, NewCampaign
from ...queue.campaigns.lifecycle import change_campaign, create_campaign
from ..doors.input import Input
from ..doors.route import Door, Route

API = "/api/v1"


class CampaignSeen(CampaignRow):
    """A campaign and how far it is (S1-23)."""

    progress: Progress


class CampaignList(Row):
    """Campaigns: those in use first, by priority."""

    items: list[CampaignSeen]
    next: None = None


class Which(Input):
    """`archived=true` shows only archived campaigns, `false` only those in use."""

    archived: bool | None = None


async def list_campaigns(door: Door) -> CampaignList:
    """Campaigns with their progress; an agent sees those they work in."""
    who = await viewer(door.session, door.me.id, door.me.role)
    rows = await campaign_rows(door.session, who.campaign_ids)
    if door.query.archived is not None:
        rows = [row for row in rows if row.archived is door.query.archived]
    far = await progress(door.session, midnight(await door.now(), door.house.time_zone))
    items = [CampaignSeen(**row.model_dump(), progress=far.get(row.id, NO_CASES)) for row in rows]
    return CampaignList(items=items)


async def create(door: Door) -> CampaignRow:
    """Create a campaign; it gets the ready-made results of its type."""
    return await create_campaign(door.work, door.body)


async def change(door: Door) -> CampaignRow:
    """Change name, priority, mode, agents, thresholds…; archive and reopen with `archived`."""
    return await change_campaign(door.work, door.path["id"], door.body)


_MAY = Permission.MANAGE_CAMPAIGNS
_SEE = Permission.SEE_CAMPAIGNS
_ONE = f"{API}/campaigns/{{id:int}}"
_WRONG = (AlreadyExists, BadInput)
ROUTES = [
    Route("GET", f"{API}/campaigns", list_campaigns, _SEE, query=Which, answer=CampaignList),
    Route("POST", f"{API}/campaigns", create, _MAY, body=NewCampaign, answer=CampaignRow, status=201, refusals=_WRONG),
    Route("PATCH", _ONE, change, _MAY, body=CampaignChanges, answer=CampaignRow, refusals=(NotFound, Stale, *_WRONG)),
]
