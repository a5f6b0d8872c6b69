"""How a call is told to the screens it concerns: whole, with its version raised.

A screen needs only the newest row of a call to know whether its screen pop is up.
"""

from __future__ import annotations

from ...models.calls.call import Call
from ...models.rows.call import call_row
from ...realtime.events import CallEvent
from ..work import Work


async def tell_call(work: Work, event: type[CallEvent], call: Call, agents: list[int], **more: str) -> None:
    """Raise the call's version and tell the whole call to these agents."""
    call.version += 1
    await tell_raised(work, event, call, agents, **more)


async def tell_raised(work: Work, event: type[CallEvent], call: Call, agents: list[int], **more: str) -> None:
    """Tell a call whose version was raised already, so that all its changes went into one UPDATE."""
    await work.session.flush()
    if call.direction != "internal":
        work.tell(event(at=work.now, call=await call_row(work.session, call.id, work.now), agents=agents, **more))
