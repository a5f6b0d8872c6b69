"""The wall board's figures over HTTP: what the live board shows, for the asking."""

from __future__ import annotations

from ...models.permissions import Permission
from ...models.rows.wallboard import Board
from ...queue.figures.wallboard import board_now
from ..doors.route import Door, Route


async def get_wallboard(door: Door) -> Board:
    """The wall board's figures now."""
    return await board_now(door.session, door.house)


ROUTES = [
    Route("GET", "/api/v1/wallboard", get_wallboard, Permission.SEE_BOARD, answer=Board, tags=("wallboard",)),
]
