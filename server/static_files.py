"""Files for the browser under `/static/<build>/<language>/…`, which the browser keeps for a year."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from ..web.static_files import BuildFiles
from .doors.compression import accepted_codings

FOR_EVER = "public, max-age=31536000, immutable"


class StaticFiles:
    """Answers with the files of this build."""

    def __init__(self, files: BuildFiles) -> None:
        self.files = files

    async def answer(self, request: Request) -> Response:
        """The file; a page of an older build gets today's, without keeping it."""
        build, locale, name = (request.path_params[part] for part in ("build", "locale", "name"))
        file = self.files.find(locale, name)
        if file is None:
            raise HTTPException(404)
        content, coding = file.best(accepted_codings(request.headers.get("accept-encoding", "")))
        headers = {"Cache-Control": FOR_EVER if build == self.files.build else "no-cache"}
        if file.packed:
            headers["Vary"] = "Accept-Encoding"
        if coding:
            headers["Content-Encoding"] = coding
        return Response(content, headers=headers, media_type=file.media_type)
