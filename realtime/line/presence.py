"""Who has a live screen: `agents.seen_at`, written for everybody of a process at once."""

from __future__ import annotations

import asyncio

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from ...models.people.agent import Agent
from .hub import Hub

log = structlog.get_logger()

EVERY = 10.0
_TOGETHER = 0.05  # seconds that arrivals are gathered before they are written


class Presence:
    """Tells the database every ten seconds, and at once for those who just came."""

    def __init__(self, engine: AsyncEngine, hub: Hub) -> None:
        self.engine = engine
        self.hub = hub
        self._came: set[int] = set()
        self._somebody = asyncio.Event()

    def came(self, user_id: int) -> None:
        """A person opened a screen."""
        self._came.add(user_id)
        self._somebody.set()

    async def run(self) -> None:
        """Write it every ten seconds, until cancelled."""
        loop = asyncio.get_running_loop()
        everybody_at = loop.time() + EVERY
        while True:
            try:
                async with asyncio.timeout_at(everybody_at):
                    await self._somebody.wait()
                await asyncio.sleep(_TOGETHER)
                people = self._came
            except TimeoutError:
                people = set(self.hub.people)
                everybody_at = loop.time() + EVERY
            self._somebody.clear()
            self._came = set()
            await self._seen(people)

    async def _seen(self, people: set[int]) -> None:
        try:
            await seen(self.engine, people)
        except (SQLAlchemyError, OSError) as why:
            log.warning("presence.not_written", people=len(people), why=str(why))


async def seen(engine: AsyncEngine, people: set[int]) -> None:
    """Write that these people's screens live. A row that an action holds just now waits for the next time."""
    if not people:
        return
    free = select(Agent.user_id).where(Agent.user_id.in_(people)).with_for_update(skip_locked=True, key_share=True)
    async with engine.begin() as connection:
        now = func.clock_timestamp()
        await connection.execute(update(Agent).where(Agent.user_id.in_(free.scalar_subquery())).values(seen_at=now))
