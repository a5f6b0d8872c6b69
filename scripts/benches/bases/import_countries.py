"""The same base with the phones of several countries, alone and into a campaign, against COPY and an upsert."""

from __future__ import annotations

import csv
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from atiende.tests.support.floors.bases import bases_house

from ..shared.harness import Figure, Run
from . import import_steps

WHAT = "import of 60,000 rows (4,000) with phones of CO, AR, MX and mixed, alone and into a campaign; CPU of a row"
Write = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Country:
    """Whose phones stand in the base, and how they are written; the number is any up to ten million."""

    name: str
    region: str
    mobile: Write
    landline: Write


_MIXED = (
    lambda n: f"310{n:07}", lambda n: f"+57 310 {n:07}", lambda n: f"0057310{n:07}", lambda n: f"03 310{n:07}",
    lambda n: f"+54 9 11 {20_000_000 + n:08}", lambda n: f"+52 1 55 {10_000_000 + n:08}", lambda n: f"57310{n:07}",
)  # fmt: skip
COUNTRIES = (
    Country("CO national", "CO", lambda n: f"310{n:07}", lambda n: f"601{2_000_000 + n % 6_000_000:07}"),
    Country("AR in E.164", "AR", lambda n: f"+54911{20_000_000 + n:08}", lambda n: f"+5411{40_000_000 + n:08}"),
    Country("AR with 15", "AR", lambda n: f"011 15-{20_000_000 + n:08}", lambda n: f"011 {40_000_000 + n:08}"),
    Country("MX with 1", "MX", lambda n: f"+52 1 55 {10_000_000 + n:08}", lambda n: f"55 {50_000_000 + n:08}"),
    Country("mixed", "CO", lambda n: _MIXED[n % len(_MIXED)](n), lambda n: f"+57 601 {2_000_000 + n % 6_000_000:07}"),
)


async def bench(run: Run) -> list[Figure]:
    """Rows a second against the peer of the same run, and microseconds of the worker's CPU for a row."""
    rows = run.size(60_000, 4_000, 300)
    folder = run.folder / "import_countries"
    folder.mkdir(exist_ok=True)
    database = import_steps.Database(run.servers.postgres)
    import_steps.clean_bytes(folder / "clean.tsv", rows)
    peer = rows / await import_steps.peer(database, folder / "clean.tsv")
    figures: list[Figure] = []
    plain = 0.0
    for country in COUNTRIES:
        write_file(folder / "base.csv", country, rows)
        for into in ("", " into a campaign"):
            speed, cpu = await _load(database, folder, country, rows, cases=bool(into))
            what = f"{country.name}{into}"
            figures.append(Figure(f"rows/s, {what}", speed, "/s", "", "COPY and upsert", peer, speed / peer))
            if not into:
                plain = plain or cpu
            ratio = None if into else cpu / plain
            goal = "" if into else "<= 1.3"
            figures.append(Figure(f"CPU of a row, {what}", cpu, "µs", goal, "CO national", plain, ratio))
    return figures


def write_file(path: Path, country: Country, rows: int) -> None:
    """The base of `import_steps` with other phones."""
    numbers = random.Random(5).sample(range(9_000_000), rows)
    with path.open("w", encoding="windows-1252", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(import_steps.HEADER)
        for number, cells in zip(numbers, import_steps.people(rows), strict=True):
            cells[4], cells[5] = country.mobile(number), country.landline(number) if cells[5] else ""
            writer.writerow(cells)


async def _load(
    database: import_steps.Database, folder: Path, country: Country, rows: int, *, cases: bool
) -> tuple[float, float]:
    """Rows a second, and microseconds of this process for each of them."""
    name = await database.fresh()
    kept = folder / name
    kept.mkdir()
    async with bases_house(database.server.url(name), kept) as house:
        house.house = replace(house.house, region=country.region)
        began, used = time.perf_counter(), time.process_time()
        job = await import_steps.load(house, folder / "base.csv", house.campaign if cases else None)
        seconds, used = time.perf_counter() - began, time.process_time() - used
        assert job.created == rows, (country.name, job.created, job.refused)
    await database.drop(name)
    return rows / seconds, used * 1e6 / rows
