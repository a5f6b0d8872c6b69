"""A backup is one moment of everything, and comes back as it was."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

from atiende.server.backup import make
from atiende.server.backup.make import make_backup
from atiende.server.backup.moment import Moment, moment_of
from atiende.server.up.postgres import PrivatePostgres
from atiende.tests.support.floors.sharing import Floor, sharing_floor
from atiende.tests.support.folders import temporary_folder
from atiende.tests.support.running_atiende import COMMAND, RunningAtiende

Rows = dict[str, list[str]]  # of each table, as PostgreSQL writes them
SECRET = "un-secreto-de-prueba-" + "x" * 20


@pytest.fixture
async def floor(database_url: str) -> AsyncIterator[Floor]:
    async with sharing_floor(database_url) as floor:
        yield floor


@pytest.fixture
def folder() -> Iterator[Path]:
    made = temporary_folder()
    yield made
    shutil.rmtree(made, ignore_errors=True)


async def all_rows(connection: AsyncConnection) -> Rows:
    tables = await connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"))
    found = {}
    for table in tables.all():
        rows = await connection.scalars(text(f'SELECT t::text FROM "{table}" t ORDER BY 1'))
        found[table] = list(rows.all())
    return found


async def rows_of(url: str) -> Rows:
    engine = create_async_engine(url, poolclass=NullPool)
    async with engine.connect() as connection:
        found = await all_rows(connection)
    await engine.dispose()
    return found


async def restored_rows(data_dir: Path) -> Rows:
    """What a server over the restored folder shows, but for what the restoring itself wrote down."""
    server = PrivatePostgres(data_dir)
    server.start()
    server.wait_ready()
    try:
        rows = await rows_of(server.url())
    finally:
        server.stop()
    rows["audit"] = [row for row in rows["audit"] if "backup.restored" not in row]
    return rows


async def command(data_dir: Path, *arguments: str | Path, url: str = "") -> subprocess.CompletedProcess[str]:
    environment = RunningAtiende(data_dir=data_dir).environment | ({"ATIENDE_DATABASE_URL": url} if url else {})
    run = [*COMMAND, *map(str, arguments)]
    return await asyncio.to_thread(subprocess.run, run, env=environment, capture_output=True, text=True, timeout=120)


async def work_goes_on(floor: Floor, uploads: Path) -> None:
    """Customers and their cases come in one transaction each; files come and go."""
    campaign = await floor.campaign("Carga")
    for n in range(10_000):
        await floor.cases(campaign, await floor.customers(3))
        (uploads / f"new-{n}").write_text(f"file {n}")
        (uploads / f"new-{n - 2}").unlink(missing_ok=True)


async def test_what_is_restored_is_every_row_and_file_of_one_moment_while_people_work(
    floor: Floor, database_url: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uploads = folder / "uploads"
    uploads.mkdir()
    (uploads / "kept").write_bytes(bytes(range(256)) * 4000)
    then: Rows = {}

    @asynccontextmanager
    async def read_too(url: str) -> AsyncIterator[Moment]:
        async with moment_of(url) as moment:
            then.update(await all_rows(moment.connection))
            (uploads / "kept").unlink()  # somebody deletes what the rows of the moment name
            yield moment

    monkeypatch.setattr(make, "moment_of", read_too)
    working = asyncio.create_task(work_goes_on(floor, uploads))
    while await floor.counted() < 30:
        await asyncio.sleep(0.01)
    made = await make_backup(database_url, folder, SECRET, folder / "all.zip")
    assert not working.done()
    working.cancel()
    assert (await rows_of(database_url))["cases"] != then["cases"]
    into = folder / "restored"
    done = await command(folder / "unused", "restore", folder / "all.zip", "--into", into)
    assert done.returncode == 0, done.stderr
    assert made.manifest.at in done.stdout
    assert await restored_rows(into) == then
    assert (into / "uploads/kept").read_bytes() == bytes(range(256)) * 4000
    assert (into / "secret_key").read_text() == SECRET


async def test_the_commands_make_and_put_back_a_whole_installation(folder: Path) -> None:
    """Nothing runs; a backup of it, in another folder, serves again with the same people and secret."""
    first, second, file = folder / "first", folder / "second", folder / "copia.zip"
    assert (await command(first, "migrate")).returncode == 0
    assert (await command(first, "user", "add", "ana", "--role", "admin")).returncode == 0
    (first / "uploads").mkdir()
    (first / "uploads/a").write_text("hola")
    made = await command(first, "backup", file)
    assert (made.returncode, made.stderr) == (0, "")
    assert file.stat().st_mode & 0o777 == 0o600
    assert not list(first.glob(".backup*"))
    assert (await command(folder / "unused", "restore", file, "--into", second)).returncode == 0
    assert (second / "uploads/a").read_text() == "hola"
    assert (second / "secret_key").read_text() == (first / "secret_key").read_text()
    again = await command(second, "user", "add", "ana", "--role", "admin")
    assert "ana" in again.stderr
    rows = await restored_rows(second)
    assert any("backup.made" not in row for row in rows["audit"])


async def test_neither_a_used_folder_nor_a_used_database_is_mixed_with_a_backup(
    floor: Floor, database_url: str, folder: Path
) -> None:
    await make_backup(database_url, folder, SECRET, folder / "all.zip")
    used = folder / "used"
    (used / "uploads").mkdir(parents=True)
    (used / "uploads/mine").write_text("mine")
    refused = await command(folder / "unused", "restore", folder / "all.zip", "--into", used)
    assert (refused.returncode, "ya tiene datos" in refused.stderr) == (2, True)
    before = await rows_of(database_url)
    refused = await command(
        folder / "unused", "restore", folder / "all.zip", "--into", folder / "new", url=database_url
    )
    assert (refused.returncode, "ya tiene tablas" in refused.stderr) == (2, True)
    assert await rows_of(database_url) == before
    assert list((folder / "new").iterdir()) == []


@pytest.mark.parametrize("wrong", ["cut", "changed", "other"])
async def test_a_damaged_backup_puts_nothing_back(floor: Floor, database_url: str, folder: Path, wrong: str) -> None:
    file = folder / "all.zip"
    await make_backup(database_url, folder, SECRET, file)
    whole = bytearray(file.read_bytes())
    whole[len(whole) // 2] ^= 255
    file.write_bytes({"cut": whole[: len(whole) // 2], "changed": whole, "other": b"hola"}[wrong])
    refused = await command(folder / "unused", "restore", file, "--into", folder / "new")
    assert refused.returncode == 2
    assert "dañada" in refused.stderr
    assert not (folder / "new").exists()


async def test_a_file_that_is_there_is_not_written_over(floor: Floor, database_url: str, folder: Path) -> None:
    file = folder / "all.zip"
    file.write_text("mine")
    refused = await command(folder, "backup", file)
    assert (refused.returncode, "ya existe" in refused.stderr) == (2, True)
    assert file.read_text() == "mine"
