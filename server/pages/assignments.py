"""`/asignaciones`: search customers and share them out among agents (S4-40…52)."""

from __future__ import annotations

from pydantic import BaseModel
from starlette.responses import Response

from ...models.permissions import Permission
from ...models.refused import NotFound
from ...web.pages.assignments import gather_assignments
from ..doors.render import html
from ..doors.route import Door, Route
from ..web_process import tongue_of


class Chosen(BaseModel):
    """Which campaign the page begins with."""

    campana: int | None = None


async def assignments_page(door: Door) -> Response:
    """Search customers and share them out among agents (S4-40…52)."""
    values = await gather_assignments(door.session)
    if door.query.campana is not None and door.query.campana not in {one["id"] for one in values["campaigns"]}:
        raise NotFound
    say = tongue_of(door.request, door.me.locale).say
    for kind in ("fields", "ops"):
        values[f"{kind}_shown"] = {name: say(word) for name, word in values[kind].items()}
    ours = ("service_state", "priority")
    values["choices_shown"] = {
        name: [(value, say(value) if name in ours else value) for value in found]
        for name, found in values["choices"].items()
    }
    return html(door, "assignments/assignments.html", section="assignments", chosen=door.query.campana, **values)


ROUTES = [
    Route("GET", "/asignaciones", assignments_page, Permission.ASSIGN_CASES, query=Chosen, page=True),
]
