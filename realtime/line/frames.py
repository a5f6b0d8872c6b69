"""Events as they go on the wire, encoded and framed once for everybody, and the recent ones of this process.

A *wire* is one unmasked WebSocket text frame (RFC 6455, 5.2): its head and its JSON, ready to be written to any socket.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from .stream import Cursor, Entry

_TEXT = 0x81  # final frame, opcode text
_SHORT, _LONG = 126, 65536  # from these lengths on the head has 2, and 8, more bytes


@dataclass(frozen=True, slots=True)
class Frame:
    """One event as a wire of `{"id": "<cursor>", "type": …}`. `passing`: not worth repeating."""

    number: int
    topics: frozenset[str]
    wire: bytes  # empty when it passed by and nobody kept it
    passing: bool

    @classmethod
    def of(cls, entry: Entry) -> Frame:
        """The payload is a JSON object already; only the cursor is put in front."""
        wire = framed(b'{"id":"%b",%b' % (str(entry.cursor).encode(), entry.payload[1:])) if entry.payload else b""
        return cls(entry.number, frozenset(entry.topics), wire, entry.passing)


def framed(text: bytes) -> bytes:
    """UTF-8 text as a wire."""
    size = len(text)
    if size < _SHORT:
        return b"%c%c%b" % (_TEXT, size, text)
    if size < _LONG:
        return b"%c%c%b%b" % (_TEXT, 126, size.to_bytes(2, "big"), text)
    return b"%c%c%b%b" % (_TEXT, 127, size.to_bytes(8, "big"), text)


def text_of(wire: bytes) -> str:
    """The text of one wire, for a server that frames by itself."""
    head = {126: 4, 127: 10}.get(wire[1], 2)
    return wire[head:].decode()


def encode(kind: str, **values: Any) -> bytes:
    """A wire that is no event: hello, resync, pong."""
    return framed(orjson.dumps({"type": kind, **values}))


class Ring:
    """The last frames, by count and by bytes; those still here are replayed without asking Redis."""

    def __init__(self, frames: int = 4096, size: int = 16 * 1024 * 1024) -> None:
        self._frames: deque[Frame] = deque()
        self._most = frames
        self._room = size
        self._first = 0  # number of the first frame that a replay can begin with

    def begin(self, at: Cursor) -> None:
        """Forget everything: the stream goes on after `at`."""
        self._room += sum(len(frame.wire) for frame in self._frames)
        self._frames.clear()
        self._first = at.number + 1

    def add(self, frame: Frame) -> None:
        """Keep one more. Passing ones are not kept: who comes back gets the next."""
        if frame.passing:
            return
        self._frames.append(frame)
        self._room -= len(frame.wire)
        while self._room < 0 or len(self._frames) > self._most:
            gone = self._frames.popleft()
            self._room += len(gone.wire)
            self._first = gone.number + 1

    def reaches(self, since: int) -> bool:
        """Whether everything after `since` is here."""
        return since + 1 >= self._first

    def after(self, since: int) -> Iterator[Frame]:
        """The frames after `since`, in order."""
        newest_first: list[Frame] = []
        for frame in reversed(self._frames):
            if frame.number <= since:
                break
            newest_first.append(frame)
        return reversed(newest_first)
