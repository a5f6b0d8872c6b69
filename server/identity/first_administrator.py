"""The one-time link of the first administrator, for an installation in which nobody can sign in yet."""

from __future__ import annotations

import asyncio

from ...queue.people.links import make_link
from ...queue.people.users import has_users
from ..connections import connections
from ..settings import Settings
from .secret import new_secret

PATH = "/primer-ingreso"


def first_administrator_link(settings: Settings) -> str | None:
    """A new link (earlier ones end), or None when there are users already."""
    return asyncio.run(_link(settings))


async def _link(settings: Settings) -> str | None:
    secret, hashed = new_secret()
    async with connections(settings) as opened, opened.house.work() as work:
        if await has_users(work):
            return None
        await make_link(work, None, hashed)
    return f"{settings.address}{PATH}?token={secret}"
