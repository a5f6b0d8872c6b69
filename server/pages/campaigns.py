"""`/campanas`: the campaigns, and an editor of one."""

from __future__ import annotations

from pydantic import BaseModel
from starlette.responses import Response

from ...models.clock import midnight
from ...models.permissions import Permission
from ...web.pages.campaigns import gather_campaigns
from ..doors.render import html
from ..doors.route import Door, Route


class Chosen(BaseModel):
    """Which campaign the page begins with."""

    campana: int | None = None


async def campaigns_page(door: Door) -> Response:
    """The campaigns, how far they are, and an editor of one (S1-07…09, S1-12, S1-19, S1-23)."""
    values = await gather_campaigns(door.session, midnight(await door.now(), door.house.time_zone))
    return html(door, "campaigns/campaigns.html", section="campaigns", chosen=door.query.campana, **values)


ROUTES = [Route("GET", "/campanas", campaigns_page, Permission.MANAGE_CAMPAIGNS, query=Chosen, page=True)]
