"""`/usuarios`: users and their roles, for administrators; a room of *Configuraciones*."""

from __future__ import annotations

from starlette.responses import Response

from ...models.permissions import Permission
from ...web.pages.users import gather_users
from ..doors.render import html
from ..doors.route import Door, Route
from ..web_process import tongue_of


async def users_page(door: Door) -> Response:
    """People and their roles: the *Menú configuraciones* of S1-02."""
    values = await gather_users(door.session)
    say = tongue_of(door.request, door.me.locale).say
    shown = {role: say(word) for role, word in values["roles"].items()}
    return html(door, "users/users.html", section="configuration", roles_shown=shown, **values)


ROUTES = [Route("GET", "/usuarios", users_page, Permission.MANAGE_USERS, page=True)]
