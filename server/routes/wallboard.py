"""The wall board's figures over HTTP: what the live board shows, for the asking."""

from __future__ import annotations

from ...models.permissions import Permission
from ...models.rows.wallboard import Wallboard
from ...queue.figures.moment import figures
from ..doors.route import Door, Route


async def get_wallboard(door: Door) -> Wallboard:
    """The wall board's figures now."""
    return await figures(door.session, await door.now(), door.house.time_zone, door.house.limits)


ROUTES = [
    Route("GET", "/api/v1/wallboard", get_wallboard, Permission.SEE_WALLBOARD, answer=Wallboard, tags=("wallboard",)),
]
