"""The schema of the live events, for programs that listen."""

from __future__ import annotations

from typing import Any

from ...realtime.schema import event_schema
from ..doors.route import Door, Route


async def get_event_schema(_door: Door) -> dict[str, Any]:
    """The JSON Schema of everything that comes down the live socket."""
    return event_schema()


ROUTES = [Route("GET", "/api/v1/events.json", get_event_schema, None, answer=dict[str, Any], tags=("live",))]
