"""One kept connection that asks as a browser does, and costs next to nothing."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from typing import Any

import orjson

from ..shared.web import Web

PATIENCE = 15.0


class RequestFailed(Exception):
    """A request was refused, or not answered."""


class TakenByAnother(RequestFailed):
    """Somebody was quicker."""


@dataclass
class Line:
    """One connection that is kept, as a browser's; no more of HTTP than our own server speaks."""

    site: Web
    cookie: str
    _reader: asyncio.StreamReader | None = None
    _writer: asyncio.StreamWriter | None = None

    async def ask(self, method: str, path: str, body: Any = None) -> bytes:
        """The answer's body. Raises RequestFailed."""
        try:
            async with asyncio.timeout(PATIENCE):
                status, answer = await self._ask(method, path, body)
        except (OSError, EOFError, TimeoutError) as why:
            self.close()
            raise RequestFailed(f"{method} {path}: {type(why).__name__}") from why
        if status == 409 and b"case-already-taken" in answer:
            raise TakenByAnother(path)
        if status >= 300:
            raise RequestFailed(f"{method} {path}: {status} {answer[:200].decode(errors='replace')}")
        return answer

    async def json(self, method: str, path: str, body: Any = None) -> Any:
        """The same of `/api/v1`."""
        return orjson.loads(await self.ask(method, f"/api/v1{path}", body) or b"null")

    def close(self) -> None:
        if self._writer is not None:
            self._writer.transport.abort()
        self._reader = self._writer = None

    async def _ask(self, method: str, path: str, body: Any) -> tuple[int, bytes]:
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection(self.site.host, self.site.port)
        sent = b"" if body is None else orjson.dumps(body)
        host = f"{self.site.host}:{self.site.port}"
        lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", f"Cookie: {self.cookie}", "Accept-Language: es-CO"]
        if method != "GET":
            lines += [f"Origin: http://{host}", f"Idempotency-Key: {secrets.token_hex(16)}"]
            lines += ["Content-Type: application/json", f"Content-Length: {len(sent)}"]
        self._writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + sent)
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
        sizes = [int(line.partition(":")[2]) for line in head if line.startswith("content-length:")]
        return int(head[0].split(" ")[1]), await self._reader.readexactly(sizes[0]) if sizes else b""
