"""Killing the worker, PostgreSQL or Redis while a base goes in, is undone, or is deleted.

Afterwards the job ended by itself, rows stored are rows reported, no customer stands twice, and what was taken back is
what was said before, with the history of worked customers still there.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

if TYPE_CHECKING:
    from atiende.tests.support.faults.scenarios import FaultFloor

ROWS = 30_000  # of an upload: three chunks in, eight back
REFUSED = ROWS // 100
WORKED = 7
WITHIN = 90.0  # seconds for a job to end on a busy machine
VICTIMS = ("worker", "web", "postgres", "redis")


def base(rows: int = ROWS) -> str:
    """A CSV of customers whom nobody has seen; one row in a hundred has no document and is refused."""
    first = random.randrange(10**9, 9 * 10**9)
    lines = ["TIPO_DOC;DOCUMENTO;PRIMER_NOMBRE;PRIMER_APELLIDO;CELULAR"]
    for n in range(rows):
        document = "" if n % 100 == 99 else str(first + n)
        lines.append(f"CC;{document};Íngrid;Núñez {n};310{(first + n) % 10**7:07}")
    return "\n".join(lines)


async def while_it_goes_in(f: FaultFloor, victim: str) -> float:
    """Each row once, whatever died."""

    async def import_base() -> None:
        job = await f.floor.job_done(await f.floor.upload(base()), WITHIN)
        assert (job["state"], job["total"], job["created"], job["refused"]) == ("done", ROWS, ROWS - REFUSED, REFUSED)
        assert await _numbers(f, job["base"]) == (ROWS - REFUSED, ROWS - REFUSED)

    return await f.strike(victim, _moves(f, lambda job: 0 < job["done"] < ROWS), import_base())


async def while_it_is_undone(f: FaultFloor, victim: str) -> float:
    """The counts said before are the counts after."""
    job = await _ready(f)
    said = (await f.floor.supervisor.ask("GET", f"/jobs/{job['id']}/undo")).json()

    async def undo() -> None:
        body = {"removes": said["removes"], "unlinks": said["unlinks"]}
        answer = await f.floor.supervisor.ask("POST", f"/jobs/{job['id']}/undo", body)
        assert answer.status_code == 202, answer.text
        await _taken(f, job["id"], "undone", said)
        assert await _numbers(f, job["base"]) == (0, 0)

    return await f.strike(victim, _moves(f, _half_taken), undo())


async def while_it_is_deleted(f: FaultFloor, victim: str) -> float:
    """The counts said before are the counts after."""
    job = await _ready(f)
    said = (await f.floor.supervisor.ask("GET", f"/bases/{job['base']}/removal")).json()

    async def remove() -> None:
        body = {"removes": said["removes"], "unlinks": said["unlinks"]}
        answer = await f.floor.supervisor.ask("DELETE", f"/bases/{job['base']}", body)
        assert answer.status_code == 202, answer.text
        await _taken(f, answer.json()["job"], "done", said)
        assert await _numbers(f, job["base"]) == (0, 0)

    return await f.strike(victim, _moves(f, _half_taken), remove())


def _half_taken(job: dict[str, Any]) -> bool:
    return 0 < job["removed"] + job["unlinked"] < job["to_take"]


async def _ready(f: FaultFloor) -> dict[str, Any]:
    """A base that is in, with some customers who were contacted."""
    job = await f.floor.job_done(await f.floor.upload(base()), WITHIN)
    kept = """INSERT INTO do_not_contact (customer_id, reason, source)
              SELECT customer_id, 'lo pidió', 'test' FROM base_members
              WHERE base_id = :base ORDER BY random() LIMIT :n"""
    async with f.floor.look() as session:
        await session.execute(text(kept), {"base": job["base"], "n": WORKED})
        await session.commit()
    return job


async def _taken(f: FaultFloor, job_id: str, state: str, said: dict[str, int]) -> None:
    async def look() -> dict[str, Any]:
        return dict((await f.floor.supervisor.ask("GET", f"/jobs/{job_id}")).json())

    for _ in range(int(WITHIN * 20)):
        if (job := await look())["state"] not in ("running", "undoing"):
            break
        await asyncio.sleep(0.05)
    assert (job["state"], job["removed"], job["unlinked"]) == (state, said["removes"], said["unlinks"]), (job, said)
    assert said["unlinks"] == WORKED and said["removes"] == ROWS - REFUSED - WORKED


async def _numbers(f: FaultFloor, base_id: int) -> tuple[int, int]:
    """Members of a base, and how many customers there are of their documents."""
    counted = """SELECT count(*), count(DISTINCT (c.document_type, c.document))
                 FROM base_members m JOIN customers c ON c.id = m.customer_id WHERE m.base_id = :base"""
    async with f.floor.look() as session:
        found = (await session.execute(text(counted), {"base": base_id})).one()
    return int(found[0]), int(found[1])


async def _moves(f: FaultFloor, half: Callable[[dict[str, Any]], bool]) -> None:
    """When some of a job is done and some is not; a little later, so that a chunk is being done."""
    screen, since = f.floor.screens[0], len(f.floor.screens[0].frames)
    while True:
        jobs = [frame["job"] for frame in screen.frames[since:] if frame["type"] == "import.progressed"]
        if any(half(job) for job in jobs):
            return await asyncio.sleep(random.uniform(0.0, 0.2))
        await asyncio.sleep(0.005)


BASE_SCENARIOS: dict[str, Callable[[Any], Awaitable[float]]] = {
    f"{victim}_{act.__name__.replace('it', 'a_base', 1)}": partial(act, victim=victim)
    for act in (while_it_goes_in, while_it_is_undone, while_it_is_deleted)
    for victim in VICTIMS
}
