"""The private servers run and are used with no more rights than they need."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest
import redis

from atiende.server.up.database_role import MARK, OWNER_OF_ALL, ROLE
from atiende.server.up.postgres import PrivatePostgres
from atiende.server.up.private_server import PrivateServer
from atiende.server.up.redis import PrivateRedis, version_of
from atiende.tests.support.folders import temporary_folder
from atiende.tests.support.servers import Servers


@pytest.fixture
def folder() -> Iterator[Path]:
    made = temporary_folder()
    yield made
    shutil.rmtree(made)


def started(server: PrivateServer) -> None:
    server.start()
    server.wait_ready()


async def test_atiende_works_in_its_database_as_no_superuser(database_url: str) -> None:
    connection = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    try:
        question = "SELECT rolname, rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        assert tuple(await connection.fetchrow(question)) == (ROLE, False, False, False)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("COPY users TO PROGRAM 'cat'")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch("SELECT pg_read_file('/etc/passwd')")
    finally:
        await connection.close()


async def test_an_installation_whose_database_was_a_superusers_goes_on(folder: Path) -> None:
    """Tables, sequences, types, functions and views are handed over, and its rows are still there."""

    async def act(user: str, *statements: str) -> object:
        connection = await asyncpg.connect(host=str(server.socket_dir), user=user, database="atiende")
        try:
            for statement in statements[:-1]:
                await connection.execute(statement)
            return await connection.fetchval(statements[-1])
        finally:
            await connection.close()

    server = PrivatePostgres(folder, safe=False)
    started(server)
    made = ["CREATE TYPE mood AS ENUM ('good')", "CREATE SEQUENCE numbers"]
    made += ["CREATE TABLE kept (id bigint GENERATED ALWAYS AS IDENTITY, old serial, mood mood)"]
    made += ["INSERT INTO kept (mood) VALUES ('good')", "CREATE VIEW seen AS SELECT * FROM kept"]
    made += ["CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1'", "SELECT 1"]
    await act(OWNER_OF_ALL, *made)
    server.stop()
    (server.folder / MARK).unlink()

    started(server)
    changed = ["ALTER TABLE kept ADD note text", "ALTER TYPE mood ADD VALUE 'bad'", "DROP FUNCTION one()"]
    changed += ["DROP VIEW seen", "DROP SEQUENCE numbers", "INSERT INTO kept (mood) VALUES ('good')"]
    assert await act(ROLE, *changed, "SELECT count(*) FROM kept") == 2
    server.stop()


def test_the_private_servers_are_never_root(servers: Servers) -> None:
    for server in (servers.postgres, servers.redis):
        assert server.process is not None
        assert psutil.Process(server.process.pid).uids().effective != 0 or os.geteuid() != 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can leave files of root")
def test_what_a_redis_that_was_root_kept_is_still_there(folder: Path) -> None:
    server = PrivateRedis(folder)
    started(server)
    redis.Redis(unix_socket_path=str(server.socket_path)).set("kept", "7")
    server.stop()
    for path in (server.folder, *server.folder.rglob("*")):
        shutil.chown(path, "root", "root")
    started(server)
    assert redis.Redis(unix_socket_path=str(server.socket_path)).get("kept") == b"7"
    server.stop()


def test_the_newest_redis_or_valkey_there_is_runs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"redis-server": "Redis server v=7.0.15 sha=0:0 malloc=libc", "valkey-server": "Valkey server v=99.1.0 x"}
    for name, sentence in said.items():
        (folder / name).write_text(f"#!/bin/sh\necho '{sentence}'\n")
        (folder / name).chmod(0o755)
    assert version_of(folder / "redis-server") == (7, 0, 15)
    assert version_of(folder / "nothing") == ()
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    assert PrivateRedis(folder / "data").program == folder / "valkey-server"
    (folder / "valkey-server").write_text("#!/bin/sh\necho 'Valkey server v=1.0.0'\n")
    assert PrivateRedis(folder / "data").program == folder / "redis-server"
    (folder / "redis-server").write_text("#!/bin/sh\necho 'Redis server v=5.0.0'\n")
    assert version_of(PrivateRedis(folder / "data").program) > (6,)
