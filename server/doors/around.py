"""What surrounds every page of a person at work, and a page's words in their language."""

from __future__ import annotations

from typing import Any

from ...web.shell import Shell, shell
from ..web_process import tongue_of
from .route import Door


async def around(door: Door) -> Shell:
    """The person's state, counters, day and calls, and whether a PBX is away."""
    return await shell(door.session, door.me.id, door.me.role, await door.now(), door.house.time_zone)


def titled(door: Door, values: dict[str, Any]) -> dict[str, Any]:
    """The values; what is called `title_id` or the like becomes `title`, translated into the person's language."""
    say = tongue_of(door.request, door.me.locale).say
    return {name.removesuffix("_id"): say(value) if name.endswith("_id") else value for name, value in values.items()}
