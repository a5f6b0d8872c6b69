"""One open socket as the hub sees it: what it hears, and a bounded outbox that somebody else writes out."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from enum import IntEnum

OUTBOX_BYTES = 1024 * 1024
OUTBOX_FRAMES = 5000

# Asks the database: of one's own topics and those watched, which may this person hear now? None: signed out.
Check = Callable[[frozenset[str]], Awaitable["frozenset[str] | None"]]


class Close(IntEnum):
    """Why a socket was closed by us, as its close code."""

    GOING_AWAY = 1001
    MALFORMED = 4400
    SIGNED_OUT = 4401
    NOT_YOURS = 4403
    TOO_SLOW = 4408
    TAB_TAKEN = 4409
    TOO_LARGE = 4413


class Listener:
    """A person's socket. `tab` names the browser tab, empty for a program."""

    def __init__(self, user_id: int, tab: str, check: Check) -> None:
        self.user_id = user_id
        self.tab = tab
        self.check = check
        self.topics: frozenset[str] = frozenset()
        self.watched: frozenset[str] = frozenset()
        self.held = True  # what is new waits until the screen said from where it resumes
        self.stands_still = False  # it was told that no events come for now
        self.joined_at = 0  # number of the last event before it joined
        self.checks = 0  # how often its rights were asked; only the last answer counts
        self.code: Close | None = None
        self.ended = asyncio.Event()
        self._outbox: deque[str] = deque()
        self._size = 0
        self._something = asyncio.Event()

    @property
    def room(self) -> int:
        """Bytes that still fit."""
        return OUTBOX_BYTES - self._size

    def put(self, text: str) -> None:
        """Add a frame. One too many and the screen is told to come back: it misses nothing, since it resumes."""
        if self.code is not None:
            return
        self._outbox.append(text)
        self._size += len(text)
        if self._size > OUTBOX_BYTES or len(self._outbox) > OUTBOX_FRAMES:
            self._outbox.clear()
            self._size = 0
            self.end(Close.TOO_SLOW)
        self._something.set()

    def end(self, code: Close) -> None:
        """Close after what is in the outbox. The first reason stays."""
        self.code = self.code or code
        self.ended.set()
        self._something.set()

    async def next(self) -> str | None:
        """The next frame to write; None when the socket is to be closed with `code`."""
        while not self._outbox:
            if self.code is not None:
                return None
            self._something.clear()
            await self._something.wait()
        text = self._outbox.popleft()
        self._size -= len(text)
        return text
