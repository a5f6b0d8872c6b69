"""Files for the browser under `/static/<build>/<language>/…`, which the browser keeps for a year.

`build` is a hash of everything that can be served, so a changed file has another address and nothing is ever stale.
Modules import each other by relative paths and so stay within one build and one language; `lib/translations.js` is the
only file that differs by language.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from ..web.i18n import Tongue, Tongues

FOLDER = Path(__file__).parent.parent / "web" / "static"
FOR_EVER = "public, max-age=31536000, immutable"
SENTENCES = "lib/translations.js"


class BuildFiles:
    """The static files of this build."""

    def __init__(self, tongues: Tongues, folder: Path = FOLDER) -> None:
        self._files = StaticFiles(directory=folder)
        self._catalogues = {name: catalogue_module(tongue) for name, tongue in tongues.all.items()}
        self.build = _hash(folder, self._catalogues)

    def address(self, locale: str, name: str) -> str:
        """Where the browser finds the file."""
        return f"/static/{self.build}/{locale}/{name}"

    async def answer(self, request: Request) -> Response:
        """The file; a page of an older build gets today's, without keeping it."""
        build, locale, name = (request.path_params[part] for part in ("build", "locale", "name"))
        response = await self._find(locale, name, request.scope)
        response.headers["Cache-Control"] = FOR_EVER if build == self.build else "no-cache"
        return response

    async def _find(self, locale: str, name: str, scope: Scope) -> Response:
        if name == SENTENCES and locale in self._catalogues:
            return Response(self._catalogues[locale], media_type="text/javascript")
        if "\0" in name:
            raise HTTPException(404)
        return await self._files.get_response(name, scope)


def catalogue_module(tongue: Tongue) -> bytes:
    """The JavaScript module with a language's sentences."""
    sentences = orjson.dumps(tongue.browser, option=orjson.OPT_SORT_KEYS)
    locale = orjson.dumps(tongue.locale.replace("_", "-"))
    return b"export const CATALOGUE = " + sentences + b";\nexport const LOCALE = " + locale + b";\n"


def _hash(folder: Path, catalogues: dict[str, bytes]) -> str:
    everything = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        everything.update(str(file.relative_to(folder)).encode() + b"\0" + file.read_bytes())
    for name in sorted(catalogues):
        everything.update(name.encode() + catalogues[name])
    return everything.hexdigest()[:12]
