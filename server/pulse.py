"""How long a request waits for a database that stands still.

A slow statement and a stopped server look the same to the one who waits. So whoever has waited for a while lets the
process ask, over a connection of its own, whether the database lives: if it does, they wait on; if not, they all are
answered at once. While no request is slow, nothing is asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

log = structlog.get_logger()

PATIENCE = 0.8  # seconds until it is asked, seconds for its answer, and seconds until it is asked again


class Pulse:
    """The database of one web process. `engine` is for the asking alone."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._waiting: set[asyncio.Timeout] = set()
        self._asking: asyncio.Task[None] | None = None
        self._connection: AsyncConnection | None = None

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Do what may need the database. Raises TimeoutError, within two seconds, when that does not answer."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(None) as limit:
            later = loop.call_later(PATIENCE, self._wait_with, limit)
            try:
                yield
            finally:
                later.cancel()
                self._waiting.discard(limit)

    def _wait_with(self, limit: asyncio.Timeout) -> None:
        self._waiting.add(limit)
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask_while_somebody_waits())

    async def _ask_while_somebody_waits(self) -> None:
        while self._waiting:
            if await self._lives():
                await asyncio.sleep(PATIENCE)
                continue
            log.warning("database.stands_still", requests=len(self._waiting))
            now = asyncio.get_running_loop().time()
            while self._waiting:
                self._waiting.pop().reschedule(now)

    async def _lives(self) -> bool:
        """An error that the server itself says is a sign of life, too."""
        try:
            async with asyncio.timeout(PATIENCE):
                if self._connection is None:
                    self._connection = await self.engine.connect()
                await self._connection.execute(text("SELECT 1"))
            return True
        except (TimeoutError, OSError):
            await self.stop()
            return False
        except SQLAlchemyError:
            await self.stop()
            return True

    async def stop(self) -> None:
        """Let go of the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(SQLAlchemyError, OSError):
                await connection.invalidate()
                await connection.close()
