"""`/llamadas/{id}`: the form of an unknown caller who was answered (S4-80)."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from ...models.permissions import Permission
from ...models.refused import NotFound
from ...models.rows.call import call_row
from ..doors.around import around
from ..doors.render import html
from ..doors.route import Door, Route


async def call_page(door: Door) -> Response:
    """The form of an unknown caller; when the call has a case or customer already, goes there."""
    frame = await around(door)
    call = await call_row(door.session, door.path["id"], frame.now)
    if call.agent is None or call.agent.id != door.me.id:
        raise NotFound
    if call.case or call.customer:
        there = f"/casos/{call.case.number}" if call.case else f"/clientes/{call.customer.id if call.customer else 0}"
        return RedirectResponse(there, 303)
    return html(door, "calls/unknown_caller.html", shell=frame, call=call, browser=call.model_dump(mode="json"))


ROUTES = [
    Route("GET", "/llamadas/{id}", call_page, Permission.TAKE_CALLS, page=True, refusals=(NotFound,)),
]
