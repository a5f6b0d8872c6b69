"""`/tablero`: the wall board (M-06)."""

from __future__ import annotations

from starlette.responses import Response

from ...models.permissions import Permission
from ...queue.figures.moment import figures
from ...web.pages.wallboard import gather_wallboard
from ..doors.render import html
from ..doors.route import Door, Route


async def wallboard_page(door: Door) -> Response:
    """The wall board (M-06)."""
    board = await figures(door.session, await door.now(), door.house.time_zone, door.house.limits)
    return html(door, "wallboard/wallboard.html", **gather_wallboard(board))


ROUTES = [
    Route("GET", "/tablero", wallboard_page, Permission.SEE_WALLBOARD, page=True),
]
