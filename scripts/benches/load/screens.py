"""Live lines of pages in one event loop: each resumes from its page's cursor and keeps which events came.

Afterwards they are held against the stream itself: what a person may hear, from the page's cursor to the end of the
stream, must have come, and a page that was left shows no hole.
"""

from __future__ import annotations

import asyncio
import random
from array import array
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any

from redis.asyncio import Redis

from atiende.realtime.line.stream import Cursor, EventStream

from .wire import Wire, asking

PATIENCE = 15.0
FIRST_WAIT, LONGEST_WAIT = 0.3, 10.0  # seconds until a line that was cut off is tried again, as live.js does
Told = tuple[int, frozenset[str]]  # the number of an event, its topics


@dataclass(eq=False)
class LiveScreen:
    """A page's line, which comes back when it is cut off. `cursor` is where all that follows must be heard: its page's,
    or that of `hello` without one, or the one it was told to read again at. `topics` are the person's own; the
    person also `watches` some, for a while."""

    path: str
    cookie: str
    topics: frozenset[str]
    cursor: str = ""
    watches: tuple[str, ...] = ()
    numbers: array[int] = field(default_factory=lambda: array("q"))
    resyncs: int = 0
    cuts: int = 0
    left: bool = False
    _door: tuple[str, int] = ("", 0)
    _wire: Wire | None = None
    _live: asyncio.Event = field(default_factory=asyncio.Event)
    _tries: int = 0
    _coming: asyncio.Task[None] | None = None
    _since: set[str] = field(default_factory=set)  # cursors to resume from that are not known to be answered
    _pings: int = 0

    async def open(self, host: str, port: int) -> None:
        """Come in and resume. Raises TimeoutError."""
        self._door = (host, port)
        await self._come(0)
        await self._until_live()

    async def turn(self, watches: tuple[str, ...], cursor: str) -> None:
        """Another page stands in the place of this one: watch what it shows, and hear again what came since its cursor.
        Raises TimeoutError when there is no line for that."""
        before, self.watches = self.watches, watches
        self._since.add(cursor)
        if self._live.is_set():
            self._send(*_each("unwatch", before), *_each("watch", watches), _resume(cursor))
            self._ping()
        else:
            await self._until_live()

    def leave(self) -> None:
        """Go, as a page that is left."""
        self.left = True
        self._live.clear()
        if self._coming is not None:
            self._coming.cancel()
        if self._wire is not None:
            self._wire.leave()

    def missed(self, told: list[Told]) -> int:
        """How many of the events of the stream it should have heard and did not: of a line that is open all since its
        cursor, of one that was left or is cut off those between the first and the last it heard. One that was told to
        read again knows that it missed some before; one that was cut off and came back must have got them."""
        if not self.cursor or not told:
            return 0  # it was never there, or while nothing could be heard
        first, last = Cursor.read(self.cursor).number, told[-1][0]
        if not self._live.is_set():
            first, last = max(first, min(self.numbers, default=0)), max(self.numbers, default=0)
        there = set(self.numbers)
        heard = told[bisect_right(told, first, key=_number) : bisect_right(told, last, key=_number)]
        return sum(number not in there for number, topics in heard if not topics.isdisjoint(self.topics))

    async def _until_live(self) -> None:
        async with asyncio.timeout(PATIENCE):
            await self._live.wait()

    async def _come(self, wait: float) -> None:
        await asyncio.sleep(wait)
        request = asking(f"{self._door[0]}:{self._door[1]}", self.path, self.cookie)
        self._pings = 0
        self._wire = Wire(request, self.numbers.append, self._heard, self._cut_off)
        try:
            await asyncio.get_running_loop().create_connection(lambda: self._wire, *self._door)
        except OSError:
            self._cut_off()

    def _cut_off(self) -> None:
        """It is gone, or was turned away: try again, each time later."""
        if self.left:
            return
        self.cuts += 1
        self._live.clear()
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2**self._tries) * (0.5 + random.random())
        self._tries += 1
        self._coming = asyncio.get_running_loop().create_task(self._come(wait))

    def _heard(self, frame: dict[str, Any]) -> None:
        """What is no event."""
        match frame["type"]:
            case "hello" if frame["active"]:  # else another tab is the active one, and this line is closed
                self._greeted(frame["cursor"])
            case "pong":
                self._answered()
            case "resync":
                self.resyncs += 1
                self.cursor = frame["id"]
                self._since.clear()
            case "stream.lost":
                self.resyncs += 1

    def _greeted(self, cursor: str) -> None:
        self._tries = 0
        self.cursor = self.cursor or cursor
        self._since.add(self._reached())
        self._send(*_each("watch", self.watches), *map(_resume, self._since))
        self._ping()
        self._live.set()

    def _ping(self) -> None:
        self._pings += 1
        self._send({"type": "ping"})

    def _answered(self) -> None:
        """What is asked on one line is answered in turn."""
        self._pings -= 1
        if not self._pings:
            self._since.clear()

    def _reached(self) -> str:
        """The cursor of the last event that came."""
        if not (self.cursor and self.numbers):
            return self.cursor
        at = Cursor.read(self.cursor)
        return str(at._replace(number=max(at.number, self.numbers[-1])))

    def _send(self, *messages: dict[str, str]) -> None:
        assert self._wire is not None
        self._wire.send(*messages)


def _each(kind: str, topics: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"type": kind, "topic": topic} for topic in topics]


def _resume(since: str) -> dict[str, str]:
    return {"type": "resume", "since": since}


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
