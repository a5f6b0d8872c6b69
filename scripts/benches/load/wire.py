"""One live WebSocket, read as cheaply as possible: of an event only its number is read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from ..shared.screens import masked

_KEY = "dGhlIHNhbXBsZSBub25jZQ=="
_TEXT, _CLOSE, _PING, _PONG = 0x81, 0x88, 0x89, 0x8A
_END = b"\r\n\r\n"
_EVENT = b'{"id":"'
_GOING_AWAY = bytes((_CLOSE, 0x82)) + bytes(4) + (1001).to_bytes(2, "big")


def asking(address: str, path: str, cookie: str) -> bytes:
    """The request for a WebSocket at `path` of `address` (host:port)."""
    lines = (
        f"GET {path} HTTP/1.1",
        f"Host: {address}",
        f"Origin: http://{address}",
        f"Cookie: {cookie}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {_KEY}",
        "Sec-WebSocket-Version: 13",
    )
    return "\r\n".join(lines).encode() + _END


@dataclass(eq=False)
class Wire(asyncio.Protocol):
    """`number` hears the number of every event, `frame` what is no event, `gone` that it is over, however it ended."""

    request: bytes
    number: Callable[[int], None]
    frame: Callable[[dict[str, Any]], None]
    gone: Callable[[], None]
    _transport: asyncio.Transport | None = None
    _rest: bytes = b""
    _upgraded: bool = False

    def send(self, *messages: dict[str, str]) -> None:
        """Each as a frame of its own."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(b"".join(masked(orjson.dumps(message)) for message in messages))

    def leave(self) -> None:
        """Close it, as a page that is left."""
        if self._transport is not None and not self._transport.is_closing():
            if self._upgraded:
                self._transport.write(_GOING_AWAY)
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        if self._rest:
            data = self._rest + data
        self._rest = self._frames(data) if self._upgraded else self._answer(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self.gone()

    def _answer(self, data: bytes) -> bytes:
        head, end, rest = data.partition(_END)
        if not end:
            return data
        self._upgraded = head.startswith(b"HTTP/1.1 101")
        if self._upgraded:
            return self._frames(rest)
        self.leave()
        return b""

    def _frames(self, data: bytes) -> bytes:
        """Hear every whole frame; the rest."""
        at, end = 0, len(data)
        while end - at >= 2:
            kind, size, head = data[at], data[at + 1], 2
            if size >= 126:
                head = 4 if size == 126 else 10
                size = int.from_bytes(data[at + 2 : at + head], "big")
            begin = at + head
            if end - begin < size:
                break
            at = begin + size
            if kind == _TEXT and data.startswith(_EVENT, begin):
                colon = data.index(b":", begin + len(_EVENT))
                self.number(int(data[colon + 1 : data.index(b'"', colon)]))
            elif kind == _TEXT:
                self.frame(orjson.loads(data[begin:at]))
            elif kind == _CLOSE:
                self.leave()
            elif kind == _PING and self._transport is not None:
                self._transport.write(bytes((_PONG, 0x80 | size)) + bytes(4) + data[begin:at])
        return data[at:]
