"""The sockets of one process, and what each of them hears of the stream.

A socket joins, is held until its screen says from where it resumes (or a moment passes), and then hears each event of
its topics once, in the stream's order. What one read of the stream brought goes out by one write for each socket.
Whenever something may have been missed (a gap in the numbers, a new epoch, a Redis that was away) every screen is told
`resync`: it refetches what it shows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from typing import Any

import orjson
import structlog
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from ..events import RightsChanged, TabTaken
from .frames import Frame, Ring, encode
from .hearers import Hearers
from .listener import OUTBOX_BYTES, Close, Listener
from .reader import StreamReader
from .stream import Cursor, Entry, EventStream

log = structlog.get_logger()

HOLD = 0.3  # seconds a new socket is held for its `resume`


class Hub:
    """`join`, `leave`, `watch`, `unwatch` and `resume` for sockets; `run` reads the stream; see `reader.Screens`."""

    def __init__(self, stream: EventStream, ring: Ring | None = None) -> None:
        self.changes = 0  # how often anybody's rights may have changed
        self.resyncs = 0  # how often a screen was told to refetch
        self.too_slow = 0  # sockets that left because they did not read
        self._reader = StreamReader(stream, self, ring or Ring())
        self._listeners: dict[int, set[Listener]] = {}  # by person
        self._hearers = Hearers()
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Read the stream until cancelled; Redis may die and come back."""
        await self._reader.run()

    async def stop(self) -> None:
        """Close every socket because this process ends."""
        for listener in self.listeners:
            listener.end(Close.GOING_AWAY)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def hearing(self) -> asyncio.Event:
        """Set while the stream is heard."""
        return self._reader.hearing

    @property
    def cursor(self) -> str:
        """Where a page that reads its rows now resumes; empty while Redis is not heard."""
        return str(self._reader.position) if self.hearing.is_set() else ""

    @property
    def people(self) -> list[int]:
        """Who has a socket open here."""
        return list(self._listeners)

    @property
    def listeners(self) -> list[Listener]:
        """All open sockets."""
        return [each for listeners in self._listeners.values() for each in listeners]

    def sockets_of(self, user_id: int) -> int:
        """How many sockets this person has open here."""
        return len(self._listeners.get(user_id, ()))

    def hears(self, topic: str) -> bool:
        """Whether anybody here listens to `topic`."""
        return topic in self._hearers

    async def join(self, listener: Listener) -> None:
        """Take up a socket and its topics; it ends at once when the person is signed out."""
        self._listeners.setdefault(listener.user_id, set()).add(listener)
        listener.joined_at = self._reader.number
        await self._ask(listener)
        asyncio.get_running_loop().call_later(HOLD, self.let_go, listener)

    def leave(self, listener: Listener) -> None:
        """Forget a socket."""
        self._hearers.listen(listener, frozenset())
        self.too_slow += listener.code is Close.TOO_SLOW
        mine = self._listeners.get(listener.user_id, set())
        mine.discard(listener)
        if not mine:
            self._listeners.pop(listener.user_id, None)

    async def watch(self, listener: Listener, topic: str) -> bool:
        """Hear one more topic; False when this person may not."""
        listener.watched |= {topic}
        await self._ask(listener)
        return topic in listener.topics

    def unwatch(self, listener: Listener, topic: str) -> None:
        """Hear a watched topic no longer."""
        if topic in listener.watched:
            listener.watched -= {topic}
            self._hearers.listen(listener, listener.topics - {topic})

    def congested(self, listener: Listener) -> None:
        """Its line takes no more for now: what it hears waits in its outbox."""
        listener.congested = True
        self._hearers.place(listener)

    def flows_again(self, listener: Listener) -> None:
        """Its line is free: what waited goes out, then what comes."""
        listener.drain()
        self._hearers.place(listener)

    def let_go(self, listener: Listener) -> None:
        """Stop holding a socket: give it what came since it joined."""
        if listener.held and self._is_here(listener):
            listener.held = False
            self._give(listener, [], listener.joined_at)
            self._go_on(listener)

    def _go_on(self, listener: Listener) -> None:
        self._hearers.place(listener)
        if self._reader.told_lost:
            self._tell_lost(listener)

    async def resume(self, listener: Listener, since: str) -> None:
        """Replay what came after the cursor `since` for what this person may hear now, or say `resync`."""
        listener.held = True
        self._hearers.place(listener)
        try:
            cursor = Cursor.read(since)
            older = await self._reader.older(cursor)
        except (ValueError, RedisError, OSError):
            older = None
        listener.held = False
        if older is None or not self._reader.knows(cursor):
            self._resync(listener)
        else:
            self._give(listener, older, older[-1].number if older else cursor.number)
        self._go_on(listener)

    def _give(self, listener: Listener, older: Iterable[Frame], since: int) -> None:
        """Put what it may hear of `older`, and of the ring after `since`, into its outbox, if that has the room."""
        if not self._reader.ring.reaches(since):
            return self._resync(listener)
        missed = [*older, *self._reader.ring.after(since)]
        wires = [frame.wire for frame in missed if not listener.topics.isdisjoint(frame.topics)]
        if sum(map(len, wires)) > min(OUTBOX_BYTES // 2, listener.room):
            return self._resync(listener)
        return listener.put(*wires) if wires else None

    def _resync(self, listener: Listener) -> None:
        """Have it refetch; while Redis is away it is told that first, and to refetch when events come again."""
        if self.hearing.is_set():
            self.resyncs += 1
            listener.put(encode("resync", id=self.cursor))
        else:
            self._tell_lost(listener)

    def _tell_lost(self, listener: Listener) -> None:
        if not listener.stands_still:
            listener.stands_still = True
            listener.put(encode("stream.lost"))

    def _is_here(self, listener: Listener) -> bool:
        return listener in self._listeners.get(listener.user_id, ())

    # What a socket hears

    async def _ask(self, listener: Listener) -> None:
        """Ask what this person may hear now and follow the answer, unless a later question overtook this one."""
        listener.checks += 1
        mine = listener.checks
        topics = await listener.check(listener.watched)
        if mine != listener.checks or not self._is_here(listener):
            return
        if topics is None:
            self._hearers.listen(listener, frozenset())
            listener.end(Close.SIGNED_OUT)
        else:
            listener.watched &= topics
            self._hearers.listen(listener, topics)

    async def _ask_again(self, listener: Listener) -> None:
        """The same, until the database answers."""
        while self._is_here(listener):
            try:
                return await self._ask(listener)
            except (SQLAlchemyError, OSError) as why:
                log.warning("hub.rights_not_known", user=listener.user_id, why=str(why))
                await asyncio.sleep(1)
        return None

    async def ask_everybody(self) -> None:
        """Ask everybody's rights again: a session may have ended by its age, which nobody tells."""
        self.changes += 1
        await asyncio.gather(*map(self._ask_again, self.listeners))

    @property
    def stand_still(self) -> bool:
        """Whether a screen was told that no events come for now."""
        return any(listener.stands_still for listener in self.listeners)

    def hand_out(self, frames: Sequence[Frame]) -> None:
        """Give each socket the frames of its topics."""
        self._hearers.hand_out(frames)

    def start_over(self, at: Cursor, first: bool) -> None:
        """Something was missed: every screen refetches, every right is asked again."""
        self.changes += 1
        if not first:
            log.info("hub.resync", cursor=str(at), sockets=len(self.listeners))
        for listener in self.listeners:
            listener.held = listener.stands_still = False
            self._resync(listener)
            self._hearers.place(listener)
            self._later(self._ask_again(listener))

    def tell_all_lost(self) -> None:
        """Say to every screen that no events come for now."""
        for listener in self.listeners:
            self._tell_lost(listener)

    def heed(self, entry: Entry) -> None:
        """What an event means for the sockets themselves."""
        if entry.type == RightsChanged.type:
            self.changes += 1
            for listener in self._of_person(entry):
                self._later(self._ask_again(listener))
        elif entry.type == TabTaken.type:
            self._tab_taken(entry)

    def _of_person(self, entry: Entry) -> list[Listener]:
        return list(self._listeners.get(orjson.loads(entry.payload)["user_id"], ()))

    def _tab_taken(self, entry: Entry) -> None:
        """The person's other tabs close; what is no tab (a program) stays."""
        active = orjson.loads(entry.payload)["tab"]
        for listener in self._of_person(entry):
            if listener.tab and listener.tab != active:
                listener.end(Close.TAB_TAKEN)

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
