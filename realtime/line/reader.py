"""The reader of the stream: it reads each event once and in order, without end, and notices every gap.

It does not know sockets. It tells its `Screens` what came, that something was missed, or that Redis stays away.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import Protocol

import structlog
from redis.exceptions import RedisError

from .frames import Frame, Ring
from .stream import Cursor, Entry, EventStream

log = structlog.get_logger()

TELL_LOST = 1.0  # seconds without Redis before screens are told
_WAIT = 1.0  # seconds that one read waits for something new
_ANSWERS_WITHIN = 2.0  # seconds until a Redis that does not answer counts as away


class Screens(Protocol):
    """Who is told of what was read."""

    @property
    def stand_still(self) -> bool:
        """Whether one of them was told that no events come for now."""

    def heed(self, entry: Entry) -> None:
        """An event was read that may concern the sockets themselves. Called before its frame is handed out."""

    def hand_out(self, frames: Sequence[Frame]) -> None:
        """These events were read, in this order."""

    def start_over(self, at: Cursor, first: bool) -> None:
        """Something was missed, and the stream goes on after `at`. `first`: nothing was read before."""

    def tell_all_lost(self) -> None:
        """Redis stays away."""


class StreamReader:
    """`run` reads. `position` is the last event that was read, `ring` keeps the newest ones."""

    def __init__(self, stream: EventStream, screens: Screens, ring: Ring) -> None:
        self.stream = stream
        self.ring = ring
        self.hearing = asyncio.Event()
        self.position: Cursor | None = None
        self.told_lost = False
        self._screens = screens
        self._lost_at = 0.0

    @property
    def number(self) -> int:
        """The number of the last event that was read; 0 before the first."""
        return self.position.number if self.position else 0

    def knows(self, cursor: Cursor) -> bool:
        """Whether the cursor is of the stream's life that is read now."""
        return self.position is not None and cursor.epoch == self.position.epoch

    async def run(self) -> None:
        """Read until cancelled; Redis may die and come back."""
        while True:
            try:
                await self._hear()
            except (RedisError, OSError) as why:
                await self._lost(why)

    async def older(self, since: Cursor) -> list[Frame] | None:
        """What came after `since` and is no longer in the ring; None when it cannot be had.

        Raises RedisError or OSError.
        """
        if not self.knows(since):
            return None
        if self.ring.reaches(since.number):
            return []
        async with asyncio.timeout(_ANSWERS_WITHIN):
            entries = await self.stream.replay(since)
        return None if entries is None else [Frame.of(entry) for entry in entries if not entry.passing]

    async def _hear(self) -> None:
        """Read until Redis goes away."""
        async with asyncio.timeout(_ANSWERS_WITHIN):
            at = await self.stream.begin()
        if not self._goes_on(at) or self._screens.stand_still:
            self._start_over(at)
        self.told_lost = False
        self.hearing.set()
        while True:
            async with asyncio.timeout(_WAIT + _ANSWERS_WITHIN):
                await self._read()

    async def _read(self) -> None:
        assert self.position is not None
        entries = await self.stream.read(self.position, _WAIT)
        if not entries:
            at = await self.stream.where()
            if at.number > self.position.number:  # told while we asked, or gone before we read it
                entries = await self.stream.read(self.position, 0.001)
            if not self._goes_on(at) or (at.number > self.position.number and not entries):
                return self._start_over(at)
        following, whole = self._take_up(entries)
        if following:
            self._screens.hand_out(following)
        return None if whole else self._start_over(await self.stream.where())

    def _take_up(self, entries: Iterable[Entry]) -> tuple[list[Frame], bool]:
        """The frames of those entries that follow without a gap, and whether that is all of them."""
        frames: list[Frame] = []
        for entry in entries:
            assert self.position is not None
            if entry.cursor != (self.position.epoch, self.position.number + 1):
                return frames, False
            self.position = entry.cursor
            frame = Frame.of(entry)
            self.ring.add(frame)
            if frame.wire:
                frames.append(frame)
            self._screens.heed(entry)
        return frames, True

    def _goes_on(self, at: Cursor) -> bool:
        """Whether `at` is the stream that we know."""
        return self.knows(at) and at.number >= self.number

    def _start_over(self, at: Cursor) -> None:
        first = self.position is None
        self.position = at
        self.ring.begin(at)
        self.hearing.set()
        self._screens.start_over(at, first)

    async def _lost(self, why: Exception) -> None:
        """Redis does not answer: after a second without it, screens are told that they stand still."""
        now = asyncio.get_running_loop().time()
        if self.hearing.is_set():
            log.warning("hub.redis_lost", why=str(why) or type(why).__name__)
            self.hearing.clear()
            self._lost_at = now
        elif not self.told_lost and now - self._lost_at > TELL_LOST:
            self.told_lost = True
            self._screens.tell_all_lost()
        await asyncio.sleep(0.1)
