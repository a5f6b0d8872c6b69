"""`/mi-cuenta`: one's own password, sessions, and keys for programs."""

from __future__ import annotations

from starlette.responses import Response

from ...models.identity.access_rows import session_rows, token_rows
from ...models.permissions import Permission
from ..doors.around import around
from ..doors.render import html
from ..doors.route import Door, Route


async def account_page(door: Door) -> Response:
    """My password, where I am signed in, and my keys for programs."""
    sessions = await session_rows(door.session, door.me.id, door.me.session.removeprefix("s:"))
    tokens = await token_rows(door.session, door.me.id)
    shell = await around(door)
    return html(door, "account/account.html", section="account", shell=shell, sessions=sessions, tokens=tokens)


ROUTES = [Route("GET", "/mi-cuenta", account_page, Permission.SEE_SELF, page=True)]
