"""What browsers get besides pages: the files of `static/`, read once and compressed once when a process starts.

`build` is a hash of everything that can be served, so a changed file has another address and nothing is ever stale.
Modules import each other by relative paths and so stay within one build and one language; `lib/translations.js` is the
only file that differs by language. Sheets are also served several as one, in the order of their names:
`css/tokens+frame.rail.css` is `css/tokens.css` and then `css/frame/rail.css`.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath

import brotli
import orjson

from .i18n import Tongue, Tongues

FOLDER = Path(__file__).parent / "static"
SENTENCES = "lib/translations.js"
SHEETS = re.compile(r"css/([\w.+-]+)\.css")
IMPORTED = re.compile(r'^(?:import|export|})[^"\n]*"(\.[^"]+)";', re.M)
TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".woff2": "font/woff2",
}
PACKED = frozenset({".woff2"})  # already
SMALL = 200  # bytes: compressing less than that saves nothing
# The best levels take 0.5 s of each process's start for 170 files and save 8 %; these take 0.02 s.
BROTLI, GZIP = 5, 6


@dataclass(frozen=True, slots=True)
class BuildFile:
    """A file as it is, and by content coding (`br`, `gzip`) in the order of preference."""

    media_type: str
    plain: bytes
    packed: Mapping[str, bytes]

    def best(self, accepted: Collection[str]) -> tuple[bytes, str]:
        """The smallest form among the accepted codings, and its coding (empty: as it is)."""
        for coding, content in self.packed.items():
            if coding in accepted:
                return content, coding
        return self.plain, ""


class BuildFiles:
    """The static files of this build."""

    def __init__(self, tongues: Tongues, folder: Path = FOLDER) -> None:
        files = sorted(file for file in folder.rglob("*") if file.is_file() and not file.name.startswith("."))
        content = {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}
        content |= {f"{name}/{SENTENCES}": translations_module(tongue) for name, tongue in tongues.all.items()}
        self.build = _hash(content)
        self._files = {name: _file(name, one) for name, one in content.items()}
        self._sheets = lru_cache(256)(self._joined)
        self._needs = lru_cache(64)(self._walk)

    def address(self, locale: str, name: str) -> str:
        """Where the browser finds the file."""
        return f"/static/{self.build}/{locale}/{name}"

    def find(self, locale: str, name: str) -> BuildFile | None:
        """The file of that name in that language; several sheets as one."""
        if name == SENTENCES:
            return self._files.get(f"{locale}/{name}")
        if sheets := SHEETS.fullmatch(name):
            return self._sheets(sheets[1])
        return self._files.get(name)

    def needs(self, *modules: str) -> tuple[str, ...]:
        """The modules that these import, and so on, each once: what a page asks for early."""
        return self._needs(modules)

    def _joined(self, names: str) -> BuildFile | None:
        parts = [self._files.get(f"css/{name.replace('.', '/')}.css") for name in names.split("+")]
        content = [part.plain for part in parts if part is not None]
        return _file("joined.css", b"\n".join(content)) if len(content) == len(parts) else None

    def _walk(self, modules: tuple[str, ...]) -> tuple[str, ...]:
        found = list(modules)
        for module in found:  # grows meanwhile
            file = self._files.get(module)
            for path in IMPORTED.findall(file.plain.decode()) if file else ():
                imported = _beside(module, path)
                if imported not in found:
                    found.append(imported)
        return tuple(found[len(modules) :])


def translations_module(tongue: Tongue) -> bytes:
    """The JavaScript module with a language's sentences."""
    sentences = orjson.dumps(tongue.browser, option=orjson.OPT_SORT_KEYS)
    locale = orjson.dumps(tongue.locale.replace("_", "-"))
    return b"export const CATALOGUE = " + sentences + b";\nexport const LOCALE = " + locale + b";\n"


def _file(name: str, content: bytes) -> BuildFile:
    kind = PurePosixPath(name).suffix
    if kind in PACKED or len(content) < SMALL:
        return BuildFile(TYPES[kind], content, {})
    packed = {"br": brotli.compress(content, quality=BROTLI), "gzip": gzip.compress(content, GZIP, mtime=0)}
    return BuildFile(TYPES[kind], content, packed)


def _beside(module: str, path: str) -> str:
    """`lib/live.js` for `../lib/live.js` in `desk/desk.js`."""
    parts: list[str] = []
    for part in (PurePosixPath(module).parent / path).parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def _hash(content: Mapping[str, bytes]) -> str:
    everything = hashlib.sha256()
    for name in sorted(content):
        everything.update(name.encode() + b"\0" + content[name])
    return everything.hexdigest()[:12]
