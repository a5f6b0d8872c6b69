"""Files for the browser under `/static/<build>/<language>/…`, which the browser keeps for a year."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from .doors.compression import accepted_codings
from .web_process import web_of

FOR_EVER = "public, max-age=31536000, immutable"


async def answer(request: Request) -> Response:
    """The file; a page of an older build gets today's, without keeping it."""
    files = web_of(request).files
    build, locale, name = (request.path_params[part] for part in ("build", "locale", "name"))
    file = files.find(locale, name)
    if file is None:
        raise HTTPException(404)
    content, coding = file.best(accepted_codings(request.headers.get("accept-encoding", "")))
    headers = {"Cache-Control": FOR_EVER if build == files.build else "no-cache"}
    if file.packed:
        headers["Vary"] = "Accept-Encoding"
    if coding:
        headers["Content-Encoding"] = coding
    return Response(content, headers=headers, media_type=file.media_type)


STATIC = Route("/static/{build}/{locale}/{name:path}", answer, methods=["GET"])
