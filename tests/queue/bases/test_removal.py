"""Undoing an upload and deleting a base: who goes, who stays, and that the counts said before are the counts after."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from atiende.models.bases.upload import Upload, UploadState
from atiende.models.refused import Conflict, NotFound
from atiende.queue import clock
from atiende.queue.bases.examples.demo_base import write_base
from atiende.queue.bases.uploads import forgetting, removal_chunk
from atiende.queue.bases.uploads.lifecycle import start_run
from atiende.queue.bases.uploads.removal import (
    AgreedCounts,
    Consequences,
    delete_consequences,
    start_delete,
    start_undo,
    undo_consequences,
)
from atiende.tests.support.floors.bases import BasesHouse

HEADER = "tipo_documento;documento;primer_nombre;primer_apellido;telefono;ciudad;cuenta;plan;saldo\r\n"


def base(*lines: str) -> bytes:
    return (HEADER + "\r\n".join(lines)).encode()


def made_up(folder: Path, rows: int, **values: Any) -> bytes:
    path = folder / "made.csv"
    write_base(path, rows, clean=True, **values)
    content = path.read_bytes()
    path.unlink()
    return content


async def undo(house: BasesHouse, job_id: str) -> tuple[Consequences, Upload]:
    """What was said, and the job afterwards."""
    async with house.house.look() as session:
        said = await undo_consequences(session, job_id)
    async with house.house.work(house.supervisor) as work:
        await start_undo(work, job_id, AgreedCounts(said.removes, said.unlinks))
    return said, await house.finish(job_id)


async def remove(house: BasesHouse, base_id: int) -> tuple[Consequences, Upload]:
    async with house.house.look() as session:
        said = await delete_consequences(session, base_id)
    async with house.house.work(house.supervisor) as work:
        job_id = (await start_delete(work, base_id, AgreedCounts(said.removes, said.unlinks))).id
    return said, await house.finish(job_id)


def same(said: Consequences, job: Upload) -> bool:
    return (said.removes, said.unlinks, said.restores) == (job.removed, job.unlinked, job.restored)


async def work_some(house: BasesHouse, *documents: str) -> None:
    """An agent saves a gestión for these customers."""
    async with house.house.work(house.supervisor) as work:
        await work.session.execute(
            text("""INSERT INTO dispositions (case_number, customer_id, campaign_id, agent_id)
                    SELECT o.number, c.id, o.campaign_id, :agent FROM customers c JOIN cases o ON o.customer_id = c.id
                    WHERE c.document = ANY(:documents)"""),
            {"documents": list(documents), "agent": house.supervisor.id},
        )


TABLES = ("customers", "accounts", "contact_points", "cases", "base_members", "import_changes")


async def test_an_upload_is_undone_whole(house: BasesHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an upload brought is gone, chunk after chunk; the counts of cases follow."""
    monkeypatch.setattr(removal_chunk, "MOST", 70)
    job = await house.store(made_up(tmp_path, 300))
    said, job = await undo(house, job.id)
    assert (said.removes, said.unlinks) == (300, 0)
    assert job.state is UploadState.UNDONE and same(said, job)
    assert [await house.count(table) for table in TABLES] == [0] * len(TABLES)
    assert (await house.rows("SELECT coalesce(sum(n), 0) FROM case_count_deltas"))[0][0] == 0
    assert sum(let["event"]["type"] == "list.changed" for let in house.told) == 2


async def test_history_of_worked_customers_stays_and_the_counts_are_true(house: BasesHouse, tmp_path: Path) -> None:
    """Removes only customers whom nobody worked, unlinks the rest, says both before."""
    await house.store(made_up(tmp_path, 100), name="Otra")
    job = await house.store(made_up(tmp_path, 300))
    await work_some(house, "10000150", "10000151", "10000250")
    said, job = await undo(house, job.id)
    assert (said.removes, said.unlinks) == (197, 103)
    assert same(said, job)
    assert await house.count("customers") == 103
    assert await house.count("dispositions") == 3
    assert await house.count("cases") == 103
    assert await house.rows(
        "SELECT count(*) FROM base_members m JOIN bases b ON b.id = m.base_id WHERE b.name = 'Mora'"
    ) == [(0,)]


async def test_an_update_is_undone_to_what_was_before(house: BasesHouse) -> None:
    """Names, dates, phones and accounts come back; what an agent changed since stays."""
    await house.store(
        base("CC;1;Luz;Peña;3105550142;Cali;70;Hogar;100", "CC;2;Óscar;Muñoz;3105550143;Cali;71;Hogar;100")
    )
    before = await house.rows("SELECT full_name, search_key, sort_key, city FROM customers ORDER BY document")
    accounts = await house.rows("SELECT number, plan, balance FROM accounts ORDER BY number")
    job = await house.store(
        base(
            "CC;1;Lucía;Ñáñez;3105550199;Pasto;70;Móvil;200",
            "CC;2;Óscar;Muñoz;3105550143;Neiva;71;Hogar;300",
            "CC;2;Óscar;Muñoz;3105550143;Neiva;72;Nuevo;5",
            "CC;3;Nueva;Persona;3105550144;Cali;73;Hogar;1",
        )
    )
    assert (job.created, job.updated) == (1, 3)
    async with house.house.work(house.supervisor) as work:
        await work.session.execute(text("UPDATE customers SET city = 'Bogotá' WHERE document = '2'"))
    said, job = await undo(house, job.id)
    assert (said.removes, said.unlinks, said.restores) == (1, 0, 2) and same(said, job)
    after = await house.rows("SELECT full_name, search_key, sort_key, city FROM customers ORDER BY document")
    assert after == [before[0], (*before[1][:3], "Bogotá")]
    assert await house.rows("SELECT number, plan, balance FROM accounts ORDER BY number") == accounts
    assert await house.rows("SELECT value FROM contact_points ORDER BY 1") == [("+573105550142",), ("+573105550143",)]
    assert await house.count("cases") == 2
    assert await house.count("import_changes") == 0


async def test_cases_that_an_upload_made_for_known_customers_go_with_it(house: BasesHouse) -> None:
    """A customer whom the upload left unchanged stays so; the case that it made goes."""
    content = base("CC;1;Luz;Peña;3105550142;Cali;70;Hogar;100")
    await house.store(content, campaign_id=None)
    job = await house.store(content)
    assert (job.unchanged, job.cases) == (1, 1)
    said, job = await undo(house, job.id)
    assert said.removes == said.unlinks == 0
    assert (await house.count("cases"), await house.count("customers"), await house.count("base_members")) == (0, 1, 1)


@pytest.mark.proves("S4-16")
async def test_a_base_is_deleted_and_its_name_can_be_used_again(house: BasesHouse, tmp_path: Path) -> None:
    """All uploads of it, but not the customers that another base has or somebody worked."""
    first = await house.store(made_up(tmp_path, 100))
    await house.store(made_up(tmp_path, 100, first=50))
    await house.store(made_up(tmp_path, 10), name="Otra", campaign_id=None)
    await work_some(house, "10000020")
    said, job = await remove(house, first.base_id or 0)
    assert (said.removes, said.unlinks) == (139, 11) and same(said, job)
    assert job.state is UploadState.DONE
    assert await house.count("customers") == 11
    async with house.house.work(house.supervisor) as work:
        with pytest.raises(NotFound):
            await start_delete(work, first.base_id or 0, AgreedCounts())
    again = await house.store(made_up(tmp_path, 100))
    assert again.base_id != first.base_id
    assert (again.created, again.unchanged) == (89, 11)


async def test_what_cannot_be_undone_says_why(house: BasesHouse, tmp_path: Path) -> None:
    """Only the last upload of a base, within its time, once, with counts that are still true."""
    first = await house.store(made_up(tmp_path, 20))
    second = await house.store(made_up(tmp_path, 20, first=10))
    async with house.house.work(house.supervisor) as work:
        with pytest.raises(Conflict, match="posterior"):
            await start_undo(work, first.id, AgreedCounts())
        with pytest.raises(Conflict, match="decidía"):
            await start_undo(work, second.id, AgreedCounts(1, 1))
    await undo(house, second.id)
    async with house.house.work(house.supervisor) as work:
        with pytest.raises(Conflict):
            await start_undo(work, second.id, AgreedCounts())
        with pytest.raises(Conflict):
            await start_run(work, second.id)
    async with house.house.work(house.supervisor) as work:
        job = await work.session.get(Upload, first.id)
        assert job is not None and job.ended_at is not None
        job.ended_at -= timedelta(days=8)
    async with house.house.work(house.supervisor) as work:
        with pytest.raises(Conflict, match="días"):
            await start_undo(work, first.id, AgreedCounts())


async def test_uploads_are_undone_one_after_the_other_the_last_first(house: BasesHouse) -> None:
    """With the last one gone, the one before it can be undone too."""
    first = await house.store(base("CC;1;Luz;Peña;3105550142;Cali;70;Hogar;100"))
    second = await house.store(base("CC;1;Luz;Peña;3105550142;Pasto;70;Hogar;100"))
    third = await house.store(base("CC;1;Luz;Peña;3105550142;Neiva;70;Hogar;100"))
    seen = []
    for job in (third, second, first):
        said, job = await undo(house, job.id)
        assert job.state is UploadState.UNDONE and same(said, job)
        seen.append(await house.rows("SELECT city FROM customers"))
    assert seen == [[("Pasto",)], [("Cali",)], []]


async def test_what_an_upload_changed_is_forgotten_when_it_cannot_be_undone_any_more(
    house: BasesHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some at a time by the clock; then undoing and going on both say that it is too late."""
    monkeypatch.setattr(forgetting, "AT_ONCE", 2)
    rows = [f"CC;{n};Luz;Peña;310555014{n};Cali;7{n};Hogar;100" for n in range(5)]
    await house.store(base(*rows), campaign_id=None)
    old = await house.store(base(*(row.replace("Cali", "Pasto") for row in rows)))
    young = await house.store(base(*(row.replace("Cali", "Neiva") for row in rows)), name="Otra")
    remembered = await house.count("import_changes")
    assert await ticks(house) == [0]
    async with house.house.work(house.supervisor) as work:
        job = await work.session.get(Upload, old.id)
        assert job is not None and job.ended_at is not None
        job.ended_at -= timedelta(days=7, seconds=1)
        job.state = UploadState.STOPPED
    forgotten = await ticks(house)
    assert forgotten[0] == 2 and sum(forgotten) + await house.count("import_changes") == remembered
    assert await house.rows("SELECT DISTINCT job_id FROM import_changes") == [(young.id,)]
    async with house.house.work(house.supervisor) as work:
        with pytest.raises(Conflict, match="7 días"):
            await start_undo(work, old.id, AgreedCounts())
        with pytest.raises(Conflict, match="7 días"):
            await start_run(work, old.id)
    said, job = await undo(house, young.id)
    assert said.restores == 5 and same(said, job)


async def ticks(house: BasesHouse) -> list[int]:
    """How many changes the clock forgot at each tick, until there was nothing left to forget."""
    forgotten: list[int] = []
    while not forgotten or forgotten[-1]:
        before = await house.count("import_changes")
        await clock.tick(house.house)
        forgotten.append(before - await house.count("import_changes"))
    return forgotten


async def test_nothing_goes_into_a_base_while_it_is_taken_away(house: BasesHouse, tmp_path: Path) -> None:
    """The name is free at once; while an upload is undone, or one runs, its base is let alone."""
    job = await house.store(made_up(tmp_path, 20))
    other = await house.upload(made_up(tmp_path, 20))
    async with house.house.work(house.supervisor) as work:
        await start_undo(work, job.id, AgreedCounts())
    async with house.house.work(house.supervisor) as work:
        with pytest.raises(Conflict, match="deshaciendo"):
            await start_run(work, other)
    await house.finish(job.id)
    job = await house.run(other)
    assert job.created == 20
    third = await house.upload(made_up(tmp_path, 20, first=30))
    async with house.house.work(house.supervisor) as work:
        await start_run(work, third)
    async with house.house.work(house.supervisor) as work:
        with pytest.raises(Conflict, match="marcha"):
            await start_delete(work, job.base_id or 0, AgreedCounts())


async def test_two_workers_take_back_each_customer_once(
    house: BasesHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The job's row is the turn: nothing is counted twice."""
    monkeypatch.setattr(removal_chunk, "MOST", 30)
    job = await house.store(made_up(tmp_path, 200))
    async with house.house.work(house.supervisor) as work:
        await start_undo(work, job.id, AgreedCounts())
    await asyncio.gather(house.finish(job.id), *(import_again(house, job.id) for _ in range(3)))
    job = await house.finish(job.id)
    assert (job.state, job.removed, job.unlinked) == (UploadState.UNDONE, 200, 0)


async def import_again(house: BasesHouse, job_id: str) -> None:
    from atiende.queue.bases.uploads.worker import run_upload

    await run_upload(house.house, job_id=job_id)
