"""Campaigns, and the result tree of one."""

from __future__ import annotations

from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from ...models.clock import midnight
from ...models.permissions import Permission
from ...web.pages.campaigns import gather_campaigns
from ...web.pages.results import gather_results
from ..doors.render import html
from ..doors.route import Door, Route


class Chosen(BaseModel):
    """Which campaign the page begins with."""

    campana: int | None = None


async def campaigns_page(door: Door) -> Response:
    """The campaigns, how far they are, and an editor of one (S1-07…09, S1-12, S1-19, S1-23)."""
    values = await gather_campaigns(door.session, midnight(await door.now(), door.house.time_zone))
    return html(door, "campaigns/campaigns.html", section="campaigns", chosen=door.query.campana, **values)


async def results_page(door: Door) -> Response:
    """The result tree of one campaign (S1-15, S4-19…31)."""
    values = await gather_results(door.session, door.path["id"])
    return html(door, "results/results.html", section="results", **values)


async def first_results_page(door: Door) -> Response:
    """The result tree of the first campaign in use."""
    campaigns = (await gather_campaigns(door.session, midnight(await door.now(), door.house.time_zone)))["campaigns"]
    if not campaigns:
        return RedirectResponse("/campanas", 303)
    return RedirectResponse(f"/campanas/{campaigns[0]['id']}/tipificaciones", 303)


_MAY = Permission.MANAGE_CAMPAIGNS
ROUTES = [
    Route("GET", "/campanas", campaigns_page, _MAY, query=Chosen, page=True),
    Route("GET", "/campanas/{id:int}/tipificaciones", results_page, _MAY, page=True),
    Route("GET", "/tipificaciones", first_results_page, _MAY, page=True),
]
