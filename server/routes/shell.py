"""`/api/v1/shell`: what surrounds every screen of a person."""

from __future__ import annotations

from typing import Any

from ...models.permissions import Permission
from ..doors.around import around
from ..doors.route import Door, Route


async def get_shell(door: Door) -> dict[str, Any]:
    """What surrounds every screen: person, counters, day, calls, and whether a PBX is away."""
    return (await around(door)).for_browser()


ROUTES = [
    Route("GET", "/api/v1/shell", get_shell, Permission.SEE_SELF, answer=dict[str, Any]),
]
