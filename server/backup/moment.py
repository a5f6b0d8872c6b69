"""One moment of a database, held for as long as it is read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

_REVISION = text("SELECT version_num FROM alembic_version")
_HAS_TABLES = text("SELECT to_regclass('alembic_version') IS NOT NULL")


@dataclass(frozen=True, slots=True)
class Moment:
    """`snapshot` is its name for other connections to see the same; `revision` is empty without our tables."""

    connection: AsyncConnection
    at: datetime
    snapshot: str
    revision: str


@asynccontextmanager
async def moment_of(url: str) -> AsyncIterator[Moment]:
    """What the database holds now, whatever others write meanwhile. Raises what connecting raises."""
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.connect() as plain:
            connection = await plain.execution_options(isolation_level="REPEATABLE READ")
            name, at = (await connection.execute(text("SELECT pg_export_snapshot(), clock_timestamp()"))).one()
            yield Moment(connection, at, name, await revision_of(connection))
    finally:
        await engine.dispose()


async def revision_of(connection: AsyncConnection) -> str:
    """The migration that the tables stand at; empty when there are none."""
    if not await connection.scalar(_HAS_TABLES):
        return ""
    return str(await connection.scalar(_REVISION) or "")
