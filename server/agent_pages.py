"""The agent's pages: the desktop, a case, a customer, the search of the whole base, and the form of an unknown caller.

Looking never takes: a page is a GET and claims nothing (S2-16, X9).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel
from sqlalchemy import func, select
from starlette.responses import RedirectResponse, Response

from ..models.permissions import Permission
from ..models.refused import N_, NotFound
from ..models.rows.call import call_row
from ..models.rows.case_list import Section, viewer
from ..queue.cases.taking import may_see
from ..web.case_page import case, customer
from ..web.desk_page import SECTIONS, desk, first_section
from ..web.shell import Shell, shell
from .render import html
from .route import Door, Route
from .web_process import tongue_of

TABS = (
    ("case", N_("Caso")),
    ("customer", N_("Cliente")),
    ("contact", N_("Contacto")),
    ("history", N_("Historial")),
)


class DeskQuery(BaseModel):
    """Which section is looked at, and of which campaign."""

    seccion: Section | None = None
    campana: int | None = None


async def desk_page(door: Door) -> Response:
    """One section of cases (S2-10…S2-15)."""
    around = await _around(door)
    section = door.query.seccion or first_section(door.me.role)
    values = _titles(door, await desk(door.session, around, section, door.query.campana))
    say = tongue_of(door.request, door.me.locale).say
    sections = [(name.value, say(word)) for name, word in SECTIONS.items()]
    return html(door, "desk.html", shell=around, sections=sections, campaign=door.query.campana, **values)


class CaseQuery(BaseModel):
    """`parte=caso`: only what lies within the frame, for a page that shows another case already."""

    parte: Literal["caso"] | None = None


async def case_page(door: Door) -> Response:
    """One case, read; its form when this person has it open (S3-04…S3-11)."""
    if door.query.parte:
        now = (await door.session.execute(select(func.now()))).scalar_one()
        who = await viewer(door.session, door.me.id, door.me.role)
        return html(door, "case.html", frame="part.html", shell=None, **await _case(door, who.campaign_ids, now))
    around = await _around(door)
    return html(door, "case.html", shell=around, **await _case(door, around.viewer.campaign_ids, around.now))


async def _case(door: Door, campaigns: tuple[int, ...] | None, now: datetime) -> dict[str, Any]:
    """What `case.html` shows, for one who sees these campaigns. Raises NotFound."""
    number = door.path["number"]
    await may_see(door.session, campaigns, number, door.me.id)
    values = await case(door.session, door.me.id, number, now)
    say = tongue_of(door.request, door.me.locale).say
    counted = {"contact": len(values["customer"].contact_points), "history": len(values["sheet"].history)}
    return values | {"tabs": [(name, say(word), counted.get(name)) for name, word in TABS]}


async def customer_page(door: Door) -> Response:
    """One customer: data, contact, accounts, cases, history (S0-29, S4-77)."""
    around = await _around(door)
    return html(door, "customer.html", shell=around, **await customer(door.session, around, door.path["id"]))


async def search_page(door: Door) -> Response:
    """The search of the whole base (S4-93…S4-97)."""
    return html(door, "search.html", shell=await _around(door), section="search")


async def call_page(door: Door) -> Response:
    """The form of an unknown caller who was answered (S4-80); with a case or customer already, goes there."""
    around = await _around(door)
    call = await call_row(door.session, door.path["id"], around.now)
    if call.agent is None or call.agent.id != door.me.id:
        raise NotFound
    if call.case or call.customer:
        there = f"/casos/{call.case.number}" if call.case else f"/clientes/{call.customer.id if call.customer else 0}"
        return RedirectResponse(there, 303)
    return html(door, "call.html", shell=around, call=call, browser=call.model_dump(mode="json"))


async def get_shell(door: Door) -> dict[str, Any]:
    """What surrounds every screen: person, counters, day, calls, and whether a PBX is away."""
    return (await _around(door)).for_browser()


async def _around(door: Door) -> Shell:
    return await shell(door.session, door.me.id, door.me.role, door.house.time_zone)


def _titles(door: Door, values: dict[str, Any]) -> dict[str, Any]:
    """`title_id` and the like in the person's language."""
    say = tongue_of(door.request, door.me.locale).say
    return {name.removesuffix("_id"): say(value) if name.endswith("_id") else value for name, value in values.items()}


ROUTES = [
    Route("GET", "/api/v1/shell", get_shell, Permission.SEE_SELF, answer=dict[str, Any]),
    Route("GET", "/casos", desk_page, Permission.WORK_CASES, query=DeskQuery, page=True),
    Route(
        "GET", "/casos/{number:int}", case_page, Permission.WORK_CASES, query=CaseQuery, page=True, refusals=(NotFound,)
    ),
    Route("GET", "/clientes/{id:int}", customer_page, Permission.SEE_CUSTOMERS, page=True, refusals=(NotFound,)),
    Route("GET", "/busqueda", search_page, Permission.SEE_CUSTOMERS, page=True),
    Route("GET", "/llamadas/{id}", call_page, Permission.TAKE_CALLS, page=True, refusals=(NotFound,)),
]
