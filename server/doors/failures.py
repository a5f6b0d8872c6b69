"""What to answer when something was raised: a refusal, or a calm sentence and a number to look for in the log."""

from __future__ import annotations

import structlog
from sqlalchemy.exc import DBAPIError, IntegrityError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from ...models.refused import N_, BadInput, Conflict, NotFound, Refused, TooLarge, Unavailable
from ..database import is_away, is_bad_value
from ..identity.cross_site import SAFE
from ..identity.person import SignedIn
from ..web_process import tongue_of
from .answers import json_answer, refusal_answer
from .render import wrong_page
from .route import Route

log = structlog.get_logger()


def answer_to(why: Exception, route: Route, request: Request, user: SignedIn | None) -> Response:
    """The answer to whatever a door raised."""
    refused = refusal_of(why, request.method)
    tongue = tongue_of(request, user.locale if user else None)
    if refused is not None:
        if isinstance(refused, Unavailable):
            log.warning("request.unavailable", path=request.url.path, why=repr(why)[:300])
        return refusal_answer(request, refused, tongue, page=route.page, user=user)
    log.error("request.failed", method=request.method, path=request.url.path, exc_info=why)
    return failed_answer(request, page=route.page, user=user)


def refusal_of(why: Exception, method: str) -> Refused | None:
    """The refusal an exception amounts to; None when nobody foresaw it."""
    if isinstance(why, Refused):
        return why
    if is_away(why):
        return Unavailable()
    if isinstance(why, DBAPIError) and is_bad_value(why):
        return NotFound() if method in SAFE else BadInput()
    if isinstance(why, IntegrityError):  # somebody else's work came between our look and our write
        return Conflict()
    if isinstance(why, ClientDisconnect):
        return BadInput()
    if isinstance(why, HTTPException):
        if why.status_code == 413:
            return TooLarge(limit="")
        return NotFound() if why.status_code == 404 else BadInput()
    return None


def failed_answer(request: Request, *, page: bool, user: SignedIn | None = None) -> Response:
    """A calm sentence and the number under which the log has the reason."""
    if page:
        return wrong_page(request, 500, user)
    say = tongue_of(request, user.locale if user else None).say
    work = request.scope.get("state", {}).get("work", "")
    sentence = N_("Algo falló de nuestro lado. Si sigue fallando, dé este número a quien administra: %(work)s")
    return json_answer({"code": "failed", "message": say(sentence, work=work), "field": None, "work": work}, 500)
