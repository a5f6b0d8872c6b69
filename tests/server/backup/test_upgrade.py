"""A database of the first release, with its rows, goes on with this version; what it was before can be had again."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from atiende.server.backup.before_migration import KEPT, copy_before
from atiende.server.commands.migrate import check_tables, migrate_database, newest_revision
from atiende.server.up.database_role import ROLE
from atiende.server.up.postgres import PrivatePostgres
from atiende.tests.support.folders import temporary_folder
from atiende.tests.support.running_atiende import COMMAND, RunningAtiende
from atiende.tests.support.servers import Servers

ROWS = Path(__file__).parents[2] / "models/first_release_rows.sql"
# columns and tables of the first release that stand elsewhere now
MOVED = {"agents": {"seen_at"}, "calls": {"abandoned"}}
MOVED_TABLES = {"alembic_version", "call_offers"}
Table = list[dict[str, Any]]


@pytest.fixture
def folder() -> Iterator[Path]:
    made = temporary_folder()
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
async def first_release(servers: Servers) -> AsyncIterator[str]:
    """URL of a database as the first release left it."""
    await servers.run_sql(f"CREATE DATABASE upgraded OWNER {ROLE}")
    url = servers.postgres.url("upgraded")
    await migrate_database(url, revision="0008")
    rows = "SET session_replication_role = replica;" + ROWS.read_text()
    await servers.run_sql(rows, "upgraded")
    yield url
    await servers.drop_database("upgraded")


async def tables(postgres: PrivatePostgres, database: str) -> dict[str, Table]:
    connection = await asyncpg.connect(host=str(postgres.socket_dir), user="atiende", database=database)
    try:
        names = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        found = {}
        for (name,) in names:
            rows = await connection.fetch(f'SELECT to_jsonb(t)::text FROM "{name}" t')
            found[name] = [json.loads(row[0]) for row in rows]
        return found
    finally:
        await connection.close()


def command(data_dir: Path, url: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    environment = RunningAtiende(data_dir=data_dir).environment | ({"ATIENDE_DATABASE_URL": url} if url else {})
    environment |= {"ATIENDE_REDIS_URL": "redis://127.0.0.1:1/0"} if url else {}
    run = [*COMMAND, *map(str, arguments)]
    return subprocess.run(run, env=environment, capture_output=True, text=True, timeout=120)


def missing(before: Table, after: Table, moved: set[str]) -> Table:
    """The rows of before that are not among those of after; columns that came since do not count."""
    known = {name for row in before for name in row} - moved
    there = {json.dumps({name: row[name] for name in sorted(known)}) for row in after}
    kept = [{name: row[name] for name in sorted(known)} for row in before]
    return [row for row in kept if json.dumps(row) not in there]


async def test_an_upgrade_keeps_every_row_of_the_first_release(
    servers: Servers, first_release: str, folder: Path
) -> None:
    before = await tables(servers.postgres, "upgraded")
    assert len(before["cases"]) > 10 and before["dispositions"] and before["calls"] and before["import_jobs"]
    done = command(folder, first_release, "migrate")
    assert done.returncode == 0, done.stderr
    await check_tables(first_release)
    after = await tables(servers.postgres, "upgraded")
    kept = set(before) - MOVED_TABLES
    assert {name: missing(before[name], after[name], MOVED.get(name, set())) for name in kept} == {
        name: [] for name in kept
    }
    offers = sum(offer["agent_id"] is not None for offer in before["call_offers"])
    assert sum(leg["kind"] == "agent" for leg in after["call_legs"]) == offers
    seen = {row["user_id"]: row["seen_at"] for row in before["agents"] if row["seen_at"]}
    assert {row["user_id"]: row["at"] for row in after["screens_seen"]} == seen


async def test_the_copy_made_before_an_upgrade_holds_what_was_there(
    servers: Servers, first_release: str, folder: Path
) -> None:
    before = await tables(servers.postgres, "upgraded")
    assert command(folder, first_release, "migrate").returncode == 0
    (copy,) = (folder / "copies").iterdir()
    assert copy.name.startswith(f"before-{newest_revision()}-")
    assert command(folder, first_release, "migrate").returncode == 0
    assert list((folder / "copies").iterdir()) == [copy]  # nothing changes, nothing is copied
    done = command(folder / "unused", "", "restore", copy, "--into", folder / "back")
    assert (done.returncode, "solo de la base de datos" in done.stdout) == (0, True), done.stderr
    server = PrivatePostgres(folder / "back")
    server.start()
    server.wait_ready()
    back = await tables(server, "atiende")
    server.stop()
    names = {"cases", "customers", "dispositions", "users"}
    assert {name: missing(before[name], back[name], set()) for name in names} == {name: [] for name in names}


async def test_only_the_newest_copies_are_kept(first_release: str, folder: Path) -> None:
    made = [await copy_before(first_release, folder, "9999") for _ in range(KEPT + 2)]
    assert sorted((folder / "copies").iterdir()) == sorted(made[-KEPT:])


async def test_a_database_of_a_newer_version_is_left_alone(servers: Servers, first_release: str, folder: Path) -> None:
    await servers.run_sql("UPDATE alembic_version SET version_num = '9999'", "upgraded")
    done = command(folder, first_release, "migrate")
    assert (done.returncode, "versión más nueva" in done.stderr) == (2, True)
