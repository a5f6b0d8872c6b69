"""`/tablero`: the wall board (M-06)."""

from __future__ import annotations

from starlette.responses import Response

from ...models.permissions import Permission
from ...queue.figures.wallboard import board_now
from ...web.pages.wallboard import gather_board
from ..doors.render import html
from ..doors.route import Door, Route


async def board_page(door: Door) -> Response:
    """The wall board (M-06)."""
    return html(door, "wallboard/wallboard.html", **gather_board(await board_now(door.session, door.house)))


ROUTES = [
    Route("GET", "/tablero", board_page, Permission.SEE_BOARD, page=True),
]
