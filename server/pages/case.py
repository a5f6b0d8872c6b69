"""One case (S3-04…S3-11). Looking never takes: a page is a GET and claims nothing (S2-16, X9)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel
from starlette.responses import Response

from ...models.cases.viewer import seen_case, viewer
from ...models.permissions import Permission
from ...models.refused import N_, NotFound
from ...web.pages.case import gather_case
from ..doors.around import around
from ..doors.render import html
from ..doors.route import Door, Route
from ..web_process import tongue_of

TABS = (
    ("case", N_("Caso")),
    ("customer", N_("Cliente")),
    ("contact", N_("Contacto")),
    ("history", N_("Historial")),
)


class CaseQuery(BaseModel):
    """`parte=caso`: only what lies within the frame, for a page that shows another case already."""

    parte: Literal["caso"] | None = None


async def case_page(door: Door) -> Response:
    """One case, read; its form when this person has it open (S3-04…S3-11)."""
    if door.query.parte:
        who = await viewer(door.session, door.me.id, door.me.role)
        values = await _case(door, who.campaign_ids, await door.now())
        return html(door, "case/case.html", frame="frame/content_only.html", shell=None, **values)
    frame = await around(door)
    return html(door, "case/case.html", shell=frame, **await _case(door, frame.viewer.campaign_ids, frame.now))


async def _case(door: Door, campaigns: tuple[int, ...] | None, now: datetime) -> dict[str, Any]:
    """What `case/case.html` shows, for one who sees these campaigns. Raises NotFound."""
    number = door.path["number"]
    await seen_case(door.session, campaigns, number, door.me.id)
    values = await gather_case(door.session, door.me.id, number, now)
    say = tongue_of(door.request, door.me.locale).say
    counted = {"contact": len(values["customer"].contact_points), "history": len(values["sheet"].history)}
    return values | {"tabs": [(name, say(word), counted.get(name)) for name, word in TABS]}


ROUTES = [
    Route(
        "GET",
        "/casos/{number:int}",
        case_page,
        Permission.WORK_CASES,
        query=CaseQuery,
        page=True,
        refusals=(NotFound,),
    ),
]
