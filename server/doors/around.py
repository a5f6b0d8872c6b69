"""What surrounds a page of a person at work, and words of a page in their language."""

from __future__ import annotations

from typing import Any

from ...web.shell import Shell, shell
from ..web_process import tongue_of
from .route import Door


async def around(door: Door) -> Shell:
    """The person's state, counters, day and calls, and whether a PBX is away."""
    return await shell(door.session, door.me.id, door.me.role, await door.now(), door.house.time_zone)


def titled(door: Door, values: dict[str, Any]) -> dict[str, Any]:
    """The values, with `title_id` and the like said in the person's language as `title`."""
    say = tongue_of(door.request, door.me.locale).say
    return {name.removesuffix("_id"): say(value) if name.endswith("_id") else value for name, value in values.items()}
