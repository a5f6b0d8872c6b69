"""The database engine of a process, and which of its errors mean that the database is away."""

from __future__ import annotations

from typing import Any

import asyncpg
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

CONNECT_SECONDS = 1.0
COMMAND_SECONDS = 15.0  # the longest statement of a request; bulk work belongs to the worker
WAIT_SECONDS = 1.5  # for a free connection
CLOSE_SECONDS = 0.2

# connection, shutdown or start-up, no connections or disk left, read-only after a failover, I/O
_AWAY = ("08", "57P", "53", "25006", "58")


class ImpatientConnection(asyncpg.Connection):  # type: ignore[misc]
    """A connection that says goodbye quickly: a server that stands still would not hear it for two seconds."""

    async def close(self, *, timeout: float | None = None) -> None:  # noqa: ASYNC109 - asyncpg's own
        """Close it, or give it up."""
        await super().close(timeout=min(timeout or CLOSE_SECONDS, CLOSE_SECONDS))


_CONNECT: dict[str, Any] = {
    "timeout": CONNECT_SECONDS,
    "command_timeout": COMMAND_SECONDS,
    "connection_class": ImpatientConnection,
}


def make_engine(url: str, size: int = 12, overflow: int = 8) -> AsyncEngine:
    """An engine whose waits are all bounded, so that a dead database is answered within two seconds."""
    return create_async_engine(
        url,
        pool_size=size,
        max_overflow=overflow,
        pool_timeout=WAIT_SECONDS,
        pool_recycle=3600,
        connect_args=_CONNECT,
    )


def make_lone_engine(url: str) -> AsyncEngine:
    """One connection at most, which nobody else waits for."""
    return create_async_engine(url, poolclass=NullPool, connect_args=_CONNECT)


def is_away(why: BaseException) -> bool:
    """Whether this error means that the database (or its disk) cannot serve now, whatever was asked."""
    if isinstance(why, OSError | TimeoutError | PoolTimeout | asyncpg.PostgresConnectionError):
        return True
    if not isinstance(why, DBAPIError):
        state = getattr(why, "sqlstate", None)
        return isinstance(state, str) and state.startswith(_AWAY)
    if why.connection_invalidated or isinstance(why, InterfaceError):
        return True
    state = getattr(why.orig, "sqlstate", None)
    return (isinstance(state, str) and state.startswith(_AWAY)) or isinstance(why.orig, OSError | TimeoutError)


def is_bad_value(why: DBAPIError) -> bool:
    """Whether the database refused a value itself (too large, a text it cannot hold): class 22 of SQLSTATE."""
    state = getattr(why.orig, "sqlstate", None)
    return isinstance(state, str) and state.startswith("22")
