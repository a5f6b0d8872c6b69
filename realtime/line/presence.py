"""Who has a live screen: written every ten seconds for everybody of a process at once, and at once for who came.

What could not be written is not known, and says so: see `models/people/presence.py`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress

import structlog
from sqlalchemy import and_, case, delete, func, literal, select
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from ...models.people.agent import Agent
from ...models.people.presence import LAPSE, TOLD_EVERY, ScreenSeen, ScreenTeller

log = structlog.get_logger()

_TOGETHER = 0.05  # seconds that arrivals are gathered before they are written
_STOP_SECONDS = 1.0


class Presence:
    """What one web process, of this name, tells the database. `people` answers whose screens it holds."""

    def __init__(self, engine: AsyncEngine, people: Callable[[], Iterable[int]], process: str) -> None:
        self.engine = engine
        self.people = people
        self.process = process
        self._came: set[int] = set()
        self._somebody = asyncio.Event()
        self._unbroken = False  # whether the last round of this very process was written

    def came(self, user_id: int) -> None:
        """A person opened a screen."""
        self._came.add(user_id)
        self._somebody.set()

    async def run(self) -> None:
        """Write it every ten seconds, until cancelled."""
        loop = asyncio.get_running_loop()
        everybody_at = loop.time() + TOLD_EVERY.total_seconds()
        while True:
            try:
                async with asyncio.timeout_at(everybody_at):
                    await self._somebody.wait()
                await asyncio.sleep(_TOGETHER)
                writing = seen(self.engine, self._came)
            except TimeoutError:
                everybody_at = loop.time() + TOLD_EVERY.total_seconds()
                writing = self.tell()
            self._somebody.clear()
            self._came = set()
            await _try(writing)

    async def tell(self) -> None:
        """Write everybody, and that this was everybody: both or neither."""
        unbroken, self._unbroken = self._unbroken, False
        async with self.engine.begin() as connection:
            if people := set(self.people()):
                await connection.execute(_seen(people))
            await connection.execute(_told(self.process, unbroken))
        self._unbroken = True

    async def stop(self) -> None:
        """This process has no screens any more, and is not to be waited for."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_STOP_SECONDS):
                await _try(self._take_away())

    async def _take_away(self) -> None:
        async with self.engine.begin() as connection:
            await connection.execute(delete(ScreenTeller).where(ScreenTeller.process == self.process))


async def seen(engine: AsyncEngine, people: set[int]) -> None:
    """Write that these people's screens live."""
    if people:
        async with engine.begin() as connection:
            await connection.execute(_seen(people))


async def _try(writing: Awaitable[None]) -> None:
    try:
        await writing
    except (SQLAlchemyError, OSError) as why:
        log.warning("presence.not_written", why=str(why) or type(why).__name__)


def _seen(people: set[int]) -> Insert:
    """In one order, so that two processes that hold screens of the same people do not wait for each other."""
    agents = select(Agent.user_id, func.clock_timestamp()).where(Agent.user_id.in_(people)).order_by(Agent.user_id)
    statement = insert(ScreenSeen).from_select(["user_id", "at"], agents)
    return statement.on_conflict_do_update(index_elements=["user_id"], set_={"at": statement.excluded.at})


def _told(process: str, unbroken: bool) -> Insert:
    """`since` stays while there was no gap; a process that has just started begins at this moment."""
    now = func.clock_timestamp()
    statement = insert(ScreenTeller).values(process=process, since=now, told_at=now)
    goes_on = and_(literal(unbroken), ScreenTeller.told_at >= now - LAPSE)
    since = case((goes_on, ScreenTeller.since), else_=statement.excluded.since)
    return statement.on_conflict_do_update(
        index_elements=["process"], set_={"since": since, "told_at": statement.excluded.told_at}
    )
