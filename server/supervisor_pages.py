"""The supervisor's pages: campaigns, result trees, assignments, and the wall board."""

from __future__ import annotations

from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from ..models.permissions import Permission
from ..models.refused import NotFound
from ..queue.figures.wallboard import board_now
from ..web.assignment_page import gather_assignments
from ..web.board_page import gather_board
from ..web.campaign_page import gather_campaigns
from ..web.results_page import gather_results
from .campaign_routes import midnight
from .render import html
from .route import Door, Route
from .web_process import tongue_of


class Chosen(BaseModel):
    """Which campaign the page begins with."""

    campana: int | None = None


async def campaigns_page(door: Door) -> Response:
    """The campaigns, how far they are, and an editor of one (S1-07…09, S1-12, S1-19, S1-23)."""
    values = await gather_campaigns(door.session, await midnight(door))
    return html(door, "campaigns.html", section="campaigns", chosen=door.query.campana, **values)


async def results_page(door: Door) -> Response:
    """The result tree of one campaign (S1-15, S4-19…31)."""
    values = await gather_results(door.session, door.path["id"])
    return html(door, "results.html", section="results", **values)


async def first_results_page(door: Door) -> Response:
    """The result tree of the first campaign in use."""
    campaigns = (await gather_campaigns(door.session, await midnight(door)))["campaigns"]
    if not campaigns:
        return RedirectResponse("/campanas", 303)
    return RedirectResponse(f"/campanas/{campaigns[0]['id']}/tipificaciones", 303)


async def assignments_page(door: Door) -> Response:
    """Search customers and share them out among agents (S4-40…52)."""
    values = await gather_assignments(door.session)
    if door.query.campana is not None and door.query.campana not in {one["id"] for one in values["campaigns"]}:
        raise NotFound
    say = tongue_of(door.request, door.me.locale).say
    for kind in ("fields", "ops"):
        values[f"{kind}_shown"] = {name: say(word) for name, word in values[kind].items()}
    return html(door, "assignments.html", section="assignments", chosen=door.query.campana, **values)


async def board_page(door: Door) -> Response:
    """The wall board (M-06)."""
    return html(door, "board.html", **gather_board(await board_now(door.session, door.house)))


_CAMPAIGNS, _ASSIGN = Permission.MANAGE_CAMPAIGNS, Permission.ASSIGN_CASES
ROUTES = [
    Route("GET", "/campanas", campaigns_page, _CAMPAIGNS, query=Chosen, page=True),
    Route("GET", "/campanas/{id:int}/tipificaciones", results_page, _CAMPAIGNS, page=True),
    Route("GET", "/tipificaciones", first_results_page, _CAMPAIGNS, page=True),
    Route("GET", "/asignaciones", assignments_page, _ASSIGN, query=Chosen, page=True),
    Route("GET", "/tablero", board_page, Permission.SEE_BOARD, page=True),
]
