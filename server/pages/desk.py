"""`/casos`: the desktop, a list of cases by section (S2-10…S2-15)."""

from __future__ import annotations

from pydantic import BaseModel
from starlette.responses import Response

from ...models.cases.sections import SECTIONS, Section
from ...models.permissions import Permission
from ...web.pages.desk import first_section, gather_desk
from ..doors.around import around, titled
from ..doors.render import html
from ..doors.route import Door, Route
from ..listening.budgets import Spend
from ..web_process import tongue_of


class DeskQuery(BaseModel):
    """Which section is looked at, and of which campaign."""

    seccion: Section | None = None
    campana: int | None = None


async def desk_page(door: Door) -> Response:
    """One section of cases (S2-10…S2-15)."""
    frame = await around(door)
    section = door.query.seccion or first_section(door.me.role)
    values = titled(door, await gather_desk(door.session, frame, section, door.query.campana))
    say = tongue_of(door.request, door.me.locale).say
    sections = [(name.value, say(facts.name)) for name, facts in SECTIONS.items()]
    return html(door, "desk/desk.html", shell=frame, sections=sections, campaign=door.query.campana, **values)


ROUTES = [Route("GET", "/casos", desk_page, Permission.WORK_CASES, query=DeskQuery, page=True, spends=Spend.SEARCH)]
