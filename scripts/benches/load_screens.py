"""Live lines of pages in one event loop: each resumes from its page's cursor and keeps which events came.

Afterwards they are held against the stream itself: what a person may hear, from his page's cursor to the end of the
stream, must have come, and a page that was left shows no hole.
"""

from __future__ import annotations

import asyncio
from array import array
from bisect import bisect_right
from dataclasses import dataclass, field

import orjson
from redis.asyncio import Redis

from atiende.realtime.stream import Cursor, EventStream

from .screens import masked

PATIENCE = 15.0
Told = tuple[int, frozenset[str]]  # the number of an event, its topics
_KEY = "dGhlIHNhbXBsZSBub25jZQ=="
_TEXT, _CLOSE, _PING, _PONG = 0x81, 0x88, 0x89, 0x8A
_END = b"\r\n\r\n"
_EVENT = b'{"id":"'
_GOING_AWAY = bytes((_CLOSE, 0x82)) + bytes(4) + (1001).to_bytes(2, "big")


@dataclass(eq=False)
class LiveScreen(asyncio.Protocol):
    """One line. `cursor` is that of its page; a screen without one resumes from its `hello`."""

    path: str
    cookie: str
    topics: frozenset[str]
    cursor: str = ""
    watches: tuple[str, ...] = ()
    numbers: array[int] = field(default_factory=lambda: array("q"))
    resyncs: int = 0
    lost: bool = False
    left: bool = False
    _ready: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    _transport: asyncio.Transport | None = None
    _rest: bytes = b""
    _upgraded: bool = False

    async def open(self, host: str, port: int) -> None:
        """Come in and resume. Raises OSError, TimeoutError, ConnectionError."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(PATIENCE):
            transport, _ = await loop.create_connection(lambda: self, host, port)
            self._transport = transport
            transport.write(self._asking(f"{host}:{port}"))
            await self._ready

    def leave(self) -> None:
        """Go, as a page that is left."""
        self.left = True
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(_GOING_AWAY)
            self._transport.close()

    @property
    def since(self) -> int:
        """The number of the last event before this screen."""
        return Cursor.read(self.cursor).number

    def missed(self, told: list[Told]) -> int:
        """How many of the events of the stream it should have heard and did not: of a line that is still open all since
        its page was read, of one that was left those between the first and the last it heard. One that was told to read
        anew, or was cut off, knows that it missed some."""
        if not self._upgraded or not self.cursor or not told or self.resyncs or self.lost:
            return 0  # it was turned away, or came while nothing could be heard
        first, last = self.since, told[-1][0]
        if self.left:
            first, last = min(self.numbers, default=0), max(self.numbers, default=0)
        there = set(self.numbers)
        heard = told[bisect_right(told, first, key=_number) : bisect_right(told, last, key=_number)]
        return sum(number not in there for number, topics in heard if not topics.isdisjoint(self.topics))

    def data_received(self, data: bytes) -> None:
        if self._rest:
            data = self._rest + data
        self._rest = self._frames(data) if self._upgraded else self._answer(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost |= not self.left
        if not self._ready.done():
            self._ready.set_exception(ConnectionError("a screen was turned away"))

    def _asking(self, host: str) -> bytes:
        lines = (
            f"GET {self.path} HTTP/1.1",
            f"Host: {host}",
            f"Origin: http://{host}",
            f"Cookie: {self.cookie}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {_KEY}",
            "Sec-WebSocket-Version: 13",
        )
        return "\r\n".join(lines).encode() + _END

    def _answer(self, data: bytes) -> bytes:
        head, end, rest = data.partition(_END)
        if not end:
            return data
        if not head.startswith(b"HTTP/1.1 101"):
            raise ConnectionError(head[:60])
        self._upgraded = True
        return self._frames(rest)

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
                self.numbers.append(int(data[colon + 1 : data.index(b'"', colon)]))
            elif kind == _TEXT:
                self._heard(orjson.loads(data[begin:at]))
            elif kind == _CLOSE:
                self.lost = not self.left
            elif kind == _PING and self._transport is not None:
                self._transport.write(bytes((_PONG, 0x80 | size)) + bytes(4) + data[begin:at])
        return data[at:]

    def _heard(self, frame: dict[str, str]) -> None:
        """What is no event."""
        if frame["type"] in ("resync", "stream.lost"):
            self.resyncs += 1
        if frame["type"] != "hello" or self._transport is None:
            return
        self.cursor = self.cursor or frame["cursor"]
        self._transport.write(masked(orjson.dumps({"type": "resume", "since": self.cursor})))
        for topic in self.watches:
            self._transport.write(masked(orjson.dumps({"type": "watch", "topic": topic})))
        self._ready.set_result(None)


async def listen(redis: Redis, told: list[Told]) -> None:
    """Write down what is told on the stream, until cancelled; what passes by is not repeated and does not count."""
    stream = EventStream(redis)
    at = await stream.begin()
    while True:
        for entry in await stream.read(at):
            at = entry.cursor
            if not entry.passing:
                told.append((entry.number, frozenset(entry.topics)))


def _number(told: Told) -> int:
    return told[0]
