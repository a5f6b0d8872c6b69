"""A base of 10 columns goes in, is updated, goes out and is undone; beside it the same rows by bare COPY and upsert.

The peer is given clean bytes: normalised, with the names already put together, so that PostgreSQL only copies them into
an unlogged staging table and upserts them into the same tables (customers, contact points, accounts, members) under the
same indexes. Ours reads the file as people write it: decodes, validates, reads phones, finds repeated rows, says why
rows are refused, commits chunk by chunk with its place, and tells its progress.
"""

from __future__ import annotations

import asyncio
import csv
import random
import resource
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from atiende.models.bases.upload import Upload, UploadState
from atiende.models.customers.names import full_name, search_key, sort_key
from atiende.queue.bases.export.base_file import csv_lines
from atiende.queue.bases.uploads.removal import AgreedCounts, start_undo, undo_consequences
from atiende.server.commands.migrate import migrate_database
from atiende.server.up.database_role import ROLE
from atiende.server.up.postgres import PrivatePostgres
from atiende.tests.support.floors.bases import BasesHouse, bases_house

HEADER = (
    "TIPO_DOC",
    "DOCUMENTO",
    "PRIMER_NOMBRE",
    "PRIMER_APELLIDO",
    "CELULAR",
    "TEL_FIJO",
    "CORREO",
    "CIUDAD",
    "CUENTA",
    "SALDO",
)
FIRST = [
    "Luz",
    "Óscar",
    "José",
    "Íngrid",
    "Gloria",
    "Hernán",
    "Clara",
    "Álvaro",
    "Rocío",
    "Ximena",
    "Yadira",
    "Germán",
    "Consuelo",
    "Fabián",
    "Belén",
    "Héctor",
]
LAST = [
    "Rodríguez",
    "Peña",
    "Muñoz",
    "Ñáñez",
    "Güiza",
    "Bermúdez",
    "Peñaloza",
    "Cárdenas",
    "Múnera",
    "Ríos",
    "Cuéllar",
    "Núñez",
    "Ibáñez",
    "Acuña",
]
CITIES = [("Bogotá", "601"), ("Cali", "602"), ("Medellín", "604"), ("Barranquilla", "605"), ("Manizales", "606")]
TABLES = ("customers", "contact_points", "accounts", "base_members")


def people(rows: int, add: int = 0, first: int = 0) -> Any:
    """Rows of cells, always the same, from person `first` on; `add` is added to every balance."""
    dice = random.Random(1)
    for number in range(first, first + rows):
        city, code = CITIES[number % 5]
        yield [
            "CC", str(10_000_000 + number), dice.choice(FIRST), dice.choice(LAST),
            f"3{dice.choice(('10', '15', '20'))}{number % 10_000_000:07d}",
            f"{code}{dice.randrange(2_000_000, 8_999_999)}" if number % 3 else "",
            f"cliente{number}@ejemplo.com" if number % 2 else "", city, str(70_000_000 + number),
            str(dice.randrange(1, 600_000) + add),
        ]  # fmt: skip


def write_file(path: Path, rows: int, add: int = 0, first: int = 0) -> None:
    with path.open("w", encoding="windows-1252", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(HEADER)
        writer.writerows(people(rows, add, first))


def clean_bytes(path: Path, rows: int) -> None:
    """What COPY takes as it is: the columns of the tables, tab-separated."""
    with path.open("w", encoding="utf-8", newline="") as file:
        for n, (kind, document, first, last, mobile, landline, email, city, account, balance) in enumerate(
            people(rows)
        ):
            whole = full_name(first, "", last, "")
            cells = (
                n + 2, kind, document, first, last, whole, search_key(whole, document), sort_key(first, "", last, ""),
                f"+57{mobile}", f"+57{landline}" if landline else "", email, city, account, balance,
            )  # fmt: skip
            file.write("\t".join(map(str, cells)) + "\n")


STAGE = """CREATE UNLOGGED TABLE clean (n bigint, kind text, document text, first text, last text, whole text,
    search text,
    sort text, mobile text, landline text, email text, city text, account text, balance numeric(14, 2), id bigint)"""
CLEAN = [
    "n",
    "kind",
    "document",
    "first",
    "last",
    "whole",
    "search",
    "sort",
    "mobile",
    "landline",
    "email",
    "city",
    "account",
    "balance",
]
UPSERT = (
    "UPDATE clean SET id = nextval(pg_get_serial_sequence('customers', 'id'))",
    """INSERT INTO customers
       (id, document_type, document, first_name, first_surname, full_name, search_key, sort_key, city)
       SELECT id, kind, document, first, last, whole, search, sort, city FROM clean
       ON CONFLICT (document_type, document) WHERE document <> '' DO UPDATE SET first_name = excluded.first_name""",
    """INSERT INTO contact_points (customer_id, kind, value, position)
       SELECT id, 'mobile', mobile, 0 FROM clean UNION ALL
       SELECT id, 'landline', landline, 1 FROM clean WHERE landline <> '' UNION ALL
       SELECT id, 'email', email, 2 FROM clean WHERE email <> ''
       ON CONFLICT (customer_id, kind, value) DO NOTHING""",
    """INSERT INTO accounts (customer_id, number, balance) SELECT id, account, balance FROM clean
       ON CONFLICT (customer_id, number) DO UPDATE SET balance = excluded.balance""",
    """INSERT INTO base_members (base_id, customer_id, key, row_number)
       SELECT (SELECT id FROM bases), id, kind || '|' || document, n FROM clean
       ON CONFLICT (base_id, customer_id) DO UPDATE SET row_number = excluded.row_number""",
)


@dataclass
class Database:
    server: PrivatePostgres
    number: int = 0

    async def fresh(self) -> str:
        self.number += 1
        name = f"bench_{self.number}"
        await self._sql(f"CREATE DATABASE {name} OWNER {ROLE}")
        await migrate_database(self.server.url(name))
        return name

    async def drop(self, name: str) -> None:
        await self._sql(f"DROP DATABASE {name} WITH (FORCE)")

    async def connect(self, name: str) -> Any:
        return await asyncpg.connect(host=str(self.server.socket_dir), user="atiende", database=name)

    async def _sql(self, statement: str) -> None:
        connection = await self.connect("postgres")
        await connection.execute(statement)
        await connection.close()


async def timed(act: Callable[[], Awaitable[Any]]) -> tuple[float, Any]:
    began = time.perf_counter()
    answer = await act()
    return time.perf_counter() - began, answer


async def peer(database: Database, clean: Path) -> float:
    """Seconds of COPY and the upserts."""
    name = await database.fresh()
    connection = await database.connect(name)
    await connection.execute("INSERT INTO bases (name) VALUES ('Mora')")
    began = time.perf_counter()
    await connection.execute(STAGE)
    await connection.copy_to_table("clean", source=str(clean), columns=CLEAN)
    await connection.execute("ANALYZE clean")
    async with connection.transaction():
        for statement in UPSERT:
            await connection.execute(statement)
    seconds = time.perf_counter() - began
    await connection.close()
    await database.drop(name)
    return seconds


async def load(house: BasesHouse, file: Path, campaign: int | None = None) -> Upload:
    job_id = await house.upload_file(file, campaign_id=campaign)
    job = await house.run(job_id)
    assert job.state is UploadState.DONE, (job.state, job.error)
    return job


async def ours(database: Database, folder: Path, file: Path, changed: Path, whole: bool) -> dict[str, float]:
    """Seconds of each part."""
    name = await database.fresh()
    kept = folder / name
    kept.mkdir()
    found: dict[str, float] = {}
    async with bases_house(database.server.url(name), kept) as house:
        found["import"], job = await timed(lambda: load(house, file))
        assert job.created == job.total and not job.refused, (job.created, job.total)
        if whole:
            found["update"], job = await timed(lambda: load(house, changed))
            assert job.updated == job.total
            found["same again"], job = await timed(lambda: load(house, changed))
            assert job.unchanged == job.total
            async with house.house.look() as session:
                found["export"], _ = await timed(lambda: drain(csv_lines(session, job.base_id or 0)))
            jobs = await house.rows("SELECT id FROM import_jobs ORDER BY started_at DESC")
            for place, (job_id,) in enumerate(jobs):
                async with house.house.look() as session:
                    seconds, said = await timed(
                        lambda job_id=job_id, session=session: undo_consequences(session, job_id)
                    )
                async with house.house.work() as work:
                    await start_undo(work, job_id, AgreedCounts(said.removes, said.unlinks))
                took, job = await timed(lambda job_id=job_id: house.finish(job_id))
                assert (job.removed, job.unlinked, job.restored) == (said.removes, said.unlinks, said.restores)
                what = ("undo nothing", "undo update", "undo import")[place]
                found[what], found[f"{what}: count"] = took, seconds
            assert await house.count("customers") == 0
    await database.drop(name)
    return found


async def drain(parts: Any) -> int:
    return sum([len(part) async for part in parts])


async def measure(rows: int, rounds: int, whole: bool) -> None:
    with tempfile.TemporaryDirectory(prefix="atiende-bench-", dir="/var/tmp") as folder_name:
        folder = Path(folder_name)
        file, changed, clean = folder / "base.csv", folder / "changed.csv", folder / "clean.tsv"
        write_file(file, rows)
        write_file(changed, rows, add=1)
        clean_bytes(clean, rows)
        server = PrivatePostgres(folder / "data")
        server.start()
        try:
            server.wait_ready()
            database = Database(server)
            for _ in range(rounds):
                bare = await peer(database, clean)
                found = await ours(database, folder, file, changed, whole)
                figures = ", ".join(
                    f"{what} {rows / seconds:,.0f}/s ({seconds:.1f} s)" for what, seconds in found.items()
                )
                memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
                print(
                    f"peer {rows / bare:,.0f}/s ({bare:.1f} s); ours {figures}; "
                    f"ratio {bare / found['import']:.2f}; {memory:.0f} MB",
                    flush=True,
                )
        finally:
            server.stop()


if __name__ == "__main__":
    asyncio.run(measure(int(sys.argv[1]), int(sys.argv[2]), "whole" in sys.argv))
