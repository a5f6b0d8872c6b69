"""`/configuraciones`, `/claves`: the rooms of the menu that only administrators have (S1-02)."""

from __future__ import annotations

from starlette.responses import Response

from ...models.permissions import Permission
from ...web.pages.configuration import gather_configuration, gather_tokens
from ..doors.render import html
from ..doors.route import Door, Route
from ..settings import without_secret
from ..web_process import web_of


async def configuration_page(door: Door) -> Response:
    """The connections, how long the audit is kept, and the way to the other rooms."""
    values, settings = await gather_configuration(door.session), web_of(door.request).settings
    shown = {"zone": settings.time_zone, "region": settings.default_region, "address": settings.address}
    ami = without_secret(settings.ami_url) if settings.ami_url else ""
    return html(door, "configuration/general.html", section="configuration", ami=ami, **shown, **values)


async def tokens_page(door: Door) -> Response:
    """The keys of programs, whoever made them."""
    return html(door, "configuration/tokens.html", section="configuration", **await gather_tokens(door.session))


ROUTES = [
    Route("GET", "/configuraciones", configuration_page, Permission.MANAGE_SETTINGS, page=True),
    Route("GET", "/claves", tokens_page, Permission.MANAGE_USERS, page=True),
]
