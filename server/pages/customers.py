"""`/clientes/{id}` and `/busqueda`: one customer, and the search of the whole base."""

from __future__ import annotations

from starlette.responses import Response

from ...models.permissions import Permission
from ...models.refused import NotFound
from ...web.pages.customers import gather_customer
from ..doors.around import around
from ..doors.render import html
from ..doors.route import Door, Route
from ..listening.budgets import Spend


async def customer_page(door: Door) -> Response:
    """One customer: data, contact, accounts, cases, history (S0-29, S4-77)."""
    frame = await around(door)
    values = await gather_customer(door.session, frame, door.path["id"])
    return html(door, "customers/customer.html", shell=frame, **values)


async def search_page(door: Door) -> Response:
    """The search of the whole base (S4-93…S4-97)."""
    return html(door, "customers/search.html", shell=await around(door), section="search")


_MAY = Permission.SEE_CUSTOMERS
ROUTES = [
    Route("GET", "/clientes/{id:int}", customer_page, _MAY, page=True, refusals=(NotFound,)),
    Route("GET", "/busqueda", search_page, _MAY, page=True, spends=Spend.SEARCH),
]
