"""The result tree of a campaign (S1-15, S4-19…31): `/tipificaciones` and `/campanas/{id}/tipificaciones`."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from ...models.permissions import Permission
from ...models.rows.campaign import campaign_rows
from ...web.pages.results import gather_results
from ..doors.render import html
from ..doors.route import Door, Route


async def results_page(door: Door) -> Response:
    """The result tree of one campaign (S1-15, S4-19…31)."""
    values = await gather_results(door.session, door.path["id"])
    return html(door, "results/results.html", section="results", **values)


async def first_results_page(door: Door) -> Response:
    """The result tree of the first campaign in use."""
    campaigns = await campaign_rows(door.session)
    if not campaigns:
        return RedirectResponse("/campanas", 303)
    return RedirectResponse(f"/campanas/{campaigns[0].id}/tipificaciones", 303)


_MAY = Permission.MANAGE_CAMPAIGNS
ROUTES = [
    Route("GET", "/campanas/{id:int}/tipificaciones", results_page, _MAY, page=True),
    Route("GET", "/tipificaciones", first_results_page, _MAY, page=True),
]
