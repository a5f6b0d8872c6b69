"""One open socket as the hub sees it: what it hears, and how what it hears reaches it.

With a `write` (the transport's own) frames go out at once; while the line is congested they wait in a bounded outbox.
Without one everything waits there and somebody else takes it out by `next`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from enum import IntEnum

from .frames import text_of

OUTBOX_BYTES = 1024 * 1024
OUTBOX_FRAMES = 5000

# Asks the database: of one's own topics and those watched, which may this person hear now? None: signed out.
Check = Callable[[frozenset[str]], Awaitable["frozenset[str] | None"]]
Write = Callable[[bytes], None]


class Close(IntEnum):
    """Why a socket was closed by us, as its close code."""

    GOING_AWAY = 1001
    MALFORMED = 4400
    SIGNED_OUT = 4401
    NOT_YOURS = 4403
    TOO_SLOW = 4408
    TAB_TAKEN = 4409
    TOO_LARGE = 4413
    TOO_MANY = 4429


class Listener:
    """A person's socket. `tab` names the browser tab, empty for a program."""

    __slots__ = (
        "_outbox",
        "_size",
        "_something",
        "check",
        "checks",
        "code",
        "congested",
        "ending",
        "held",
        "joined_at",
        "stands_still",
        "tab",
        "topics",
        "user_id",
        "watched",
        "write",
    )

    def __init__(self, user_id: int, tab: str, check: Check, write: Write | None = None) -> None:
        self.user_id = user_id
        self.tab = tab
        self.check = check
        self.write = write
        self.topics: frozenset[str] = frozenset()
        self.watched: frozenset[str] = frozenset()
        self.held = True  # what is new waits until the screen said from where it resumes
        self.congested = False  # the other side does not read as fast as we write
        self.stands_still = False  # it was told that no events come for now
        self.joined_at = 0  # number of the last event before it joined
        self.checks = 0  # how often its rights were asked; only the last answer counts
        self.code: Close | None = None
        self.ending: Callable[[], None] | None = None  # called once, when it ends
        self._outbox: list[bytes] = []
        self._size = 0
        self._something: asyncio.Event | None = None

    @property
    def flows(self) -> bool:
        """Whether new events may be written to it directly."""
        return self.write is not None and not self.held and not self.congested and self.code is None

    @property
    def room(self) -> int:
        """Bytes that still fit."""
        return OUTBOX_BYTES - self._size

    def put(self, *wires: bytes) -> None:
        """Send frames. When too many wait, it closes; the screen comes back and resumes, and misses nothing."""
        if self.code is not None:
            return
        if self.write is not None and not self.congested:
            self._write_out(self.write, b"".join(wires))
            return
        self._outbox += wires
        self._size += sum(map(len, wires))
        if self._size > OUTBOX_BYTES or len(self._outbox) > OUTBOX_FRAMES:
            self._take_out()
            self.end(Close.TOO_SLOW)
        self._wake()

    def drain(self) -> None:
        """The line is free again: write what waited."""
        self.congested = False
        if self.write is not None and self._outbox:
            self._write_out(self.write, self._take_out())

    def end(self, code: Close) -> None:
        """Close after what is in the outbox. The first reason stays."""
        if self.code is None:
            self.code = code
            if self.ending is not None:
                self.ending()
            self._wake()

    async def next(self) -> str | None:
        """The text of the next frame to write; None when the socket is to be closed with `code`."""
        while not self._outbox:
            if self.code is not None:
                return None
            self._something = asyncio.Event()
            await self._something.wait()
        wire = self._outbox.pop(0)
        self._size -= len(wire)
        return text_of(wire)

    def _take_out(self) -> bytes:
        wires: Sequence[bytes] = self._outbox
        self._outbox, self._size = [], 0
        return b"".join(wires)

    @staticmethod
    def _write_out(write: Write, wire: bytes) -> None:
        """A line that closed meanwhile has no reader who could miss it, and the hub's reader must go on."""
        with suppress(RuntimeError):
            write(wire)

    def _wake(self) -> None:
        if self._something is not None:
            self._something.set()
