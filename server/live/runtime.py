"""The live part of a web process: the stream, the sockets that hear it, who is here, and which tab is active."""

from __future__ import annotations

import asyncio

from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine

from ...realtime.line.hub import Hub
from ...realtime.line.presence import Presence
from ...realtime.line.stream import EventStream
from ...realtime.line.tabs import ActiveTabs
from ...realtime.line.watchers import WallboardWatchers
from ..identity.socket_lookup import SocketLookup
from ..listening.budgets import Spending

ASK_EVERY = 300.0  # seconds until everybody's session is looked at again
AT_ONCE = 8  # screens whose watched cases are asked of the database at the same time


class Live:
    """Start it when the process begins to serve, stop it when it ends. Redis may be away at either time."""

    def __init__(self, redis: Redis, engine: AsyncEngine, spending: Spending, process: str) -> None:
        """`process` is the name of this web process, which the next one at its place takes over."""
        self.redis = redis
        self.engine = engine
        self.spending = spending
        self.stream = EventStream(redis)
        self.hub = Hub(self.stream)
        self.presence = Presence(engine, lambda: self.hub.people, process)
        self.tabs = ActiveTabs(redis, self.stream, self.hub)
        self.watchers = WallboardWatchers(redis, self.hub)
        self.lookup = SocketLookup(engine)
        self.asking = asyncio.Semaphore(AT_ONCE)
        self._running: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin to read the stream."""
        parts = (self.hub, self.presence, self.tabs, self.watchers)
        self._running = [asyncio.create_task(part.run()) for part in parts]
        self._running.append(asyncio.create_task(self._ask_now_and_then()))

    async def stop(self) -> None:
        """Close the sockets that are still open and stop reading."""
        await self.hub.stop()
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        await self.presence.stop()

    async def _ask_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(ASK_EVERY)
            await self.hub.ask_everybody()

    async def __aenter__(self) -> Live:
        await self.start()
        return self

    async def __aexit__(self, *raised: object) -> None:
        await self.stop()
