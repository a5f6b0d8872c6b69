"""`/reglas`: the packs of contact rules."""

from __future__ import annotations

from starlette.responses import Response

from ...models.permissions import Permission
from ...web.pages.rule_packs import gather_rule_packs
from ..doors.render import html
from ..doors.route import Door, Route
from ..web_process import tongue_of


async def rule_packs_page(door: Door) -> Response:
    """The packs of contact rules, an editor of one, and which campaign has which (X16, X21)."""
    values = await gather_rule_packs(door.session, tongue_of(door.request, door.me.locale).locale)
    return html(door, "rule_packs/rule_packs.html", section="rules", zone=door.house.time_zone.key, **values)


ROUTES = [Route("GET", "/reglas", rule_packs_page, Permission.MANAGE_CAMPAIGNS, page=True)]
