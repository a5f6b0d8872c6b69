"""`/resumen`: where a supervisor begins."""

from __future__ import annotations

from starlette.responses import Response

from ...models.clock import midnight
from ...models.permissions import Permission
from ...queue.figures.moment import figures
from ...web.pages.overview import gather_overview
from ..doors.render import html
from ..doors.route import Door, Route


async def overview_page(door: Door) -> Response:
    """What wants attention, campaigns, agents, appointments and uploads; the figures are the board's (M-06)."""
    now = await door.now()
    board = await figures(door.session, now, door.house.time_zone, door.house.limits)
    values = await gather_overview(door.session, board, midnight(now, door.house.time_zone))
    return html(door, "overview/overview.html", section="overview", **values)


ROUTES = [Route("GET", "/resumen", overview_page, Permission.SEE_WALLBOARD, page=True)]
