"""A private PostgreSQL and Redis for a whole test session, and a clean database for each test.

The servers are the product's own private ones with durability switched off, in a temporary folder. The tables are
migrated once into a template; a test's database is a copy of it (about 10 ms) and is dropped afterwards.
"""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import asyncpg

from atiende.server.commands.migrate import migrate_database
from atiende.server.up.database_role import ROLE
from atiende.server.up.postgres import PrivatePostgres
from atiende.server.up.redis import PrivateRedis
from atiende.tests.support.folders import temporary_folder

TEMPLATE = "migrated"


@dataclass
class Servers:
    """The two servers of a session."""

    postgres: PrivatePostgres
    redis: PrivateRedis
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _migrated: bool = False

    async def new_database(self) -> str:
        """Make a migrated, empty database; its name."""
        if not self._migrated:
            await self.run_sql(f"CREATE DATABASE {TEMPLATE} OWNER {ROLE}")
            await migrate_database(self.postgres.url(TEMPLATE))
            self._migrated = True
        name = f"test_{next(self._numbers)}"
        await self.run_sql(f"CREATE DATABASE {name} OWNER {ROLE} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")
        return name

    async def drop_database(self, name: str) -> None:
        """Drop a test's database, even when somebody is still connected to it."""
        await self.run_sql(f"DROP DATABASE {name} WITH (FORCE)")

    async def run_sql(self, statement: str, database: str = "postgres") -> str:
        """Run one statement outside of any transaction; what the server says it did."""
        connection = await asyncpg.connect(host=str(self.postgres.socket_dir), user="atiende", database=database)
        try:
            return str(await connection.execute(statement))
        finally:
            await connection.close()


@contextmanager
def private_servers() -> Iterator[Servers]:
    """Start both servers in a temporary folder; stop and delete them at the end."""
    folder = temporary_folder()
    postgres, redis = PrivatePostgres(folder, safe=False), PrivateRedis(folder, safe=False)
    try:
        postgres.start()
        redis.start()
        postgres.wait_ready()
        redis.wait_ready()
        yield Servers(postgres, redis)
    finally:
        postgres.stop()
        redis.stop()
        if not os.environ.get("ATIENDE_KEEP_TEST_SERVERS"):
            shutil.rmtree(folder, ignore_errors=True)
