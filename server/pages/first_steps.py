"""`/primeros-pasos`: where an administrator begins, until there is something to work."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from ...models.permissions import Permission
from ...web.pages.first_steps import gather_first_steps
from ..doors.render import html, without_steps
from ..doors.route import Door, Route
from ..web_process import web_of


async def first_steps_page(door: Door) -> Response:
    """Users, a campaign, a base, its cases shared out, a PBX: each ticked by what exists."""
    settings = web_of(door.request).settings
    values = await gather_first_steps(door.session, has_pbx=bool(settings.ami_url))
    return html(door, "first_steps/first_steps.html", section="first_steps", now=await door.now(), **values)


async def hide_first_steps(door: Door) -> Response:
    """Take the page out of this browser's rail; the table of keys still leads there."""
    return without_steps(door, RedirectResponse("/resumen", 303))


ROUTES = [
    Route("GET", "/primeros-pasos", first_steps_page, Permission.MANAGE_USERS, page=True),
    Route("GET", "/primeros-pasos/ocultar", hide_first_steps, Permission.MANAGE_USERS, page=True),
]
