"""What a door refused to somebody is written into the audit: who, which door, and from where."""

from __future__ import annotations

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request

from ...models.refused import CrossSite, NotAllowed
from ...queue.audit.refusals import note_refusal
from ..identity.person import SignedIn
from ..web_process import web_of
from .route import Door, Route

log = structlog.get_logger()


async def note_if_refused(why: Exception, route: Route, request: Request, user: SignedIn | None) -> None:
    """Write down a 403 of somebody who is signed in. That it could not be written changes no answer."""
    if user is None or not isinstance(why, NotAllowed | CrossSite):
        return
    house = web_of(request).house
    action = "cross-site" if isinstance(why, CrossSite) else "refused"
    actor = Door(request, house, user, {}).actor
    path = request.url.path[:200].replace("\0", "")
    try:
        await note_refusal(house, actor, action, f"door:{route.method} {route.path}", path=path)
    except (SQLAlchemyError, OSError) as failed:
        log.warning("audit.not_written", path=path, why=str(failed)[:200])
