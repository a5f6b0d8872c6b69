"""Imported = stored, whatever is in the file and whoever dies on the way."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from atiende.models.bases.upload import UploadState
from atiende.queue.bases.examples.demo_base import write_base
from atiende.queue.bases.file.reasons import Reason
from atiende.queue.bases.uploads import chunk as chunks
from atiende.queue.bases.uploads import worker
from atiende.queue.bases.uploads.lifecycle import start_run, stop, wake_still_imports
from atiende.tests.support.floors.bases import BasesHouse, adds_up, chunks_of


def messy(folder: Path, rows: int, **values: Any) -> tuple[bytes, Any]:
    path = folder / "messy.csv"
    counts = write_base(path, rows, **values)
    content = path.read_bytes()
    path.unlink()
    return content, counts


HEADER = "tipo_documento;documento;primer_nombre;primer_apellido;telefono;telefono2;cuenta;plan;estado;saldo\r\n"


def base(*lines: str) -> bytes:
    return (HEADER + "\r\n".join(lines)).encode("windows-1252")


@pytest.mark.proves("S4-12")
async def test_two_thousand_messy_rows_are_stored_as_reported(house: BasesHouse, tmp_path: Path) -> None:
    """Windows-1252, semicolons, quoted line breaks; what the job says is what the tables hold."""
    content, counts = messy(tmp_path, 2000)
    job = await house.store(content)
    assert adds_up(job), job.error
    assert (job.total, job.created, job.refused) == (2000, counts.good, counts.refused.total())
    assert Counter(refusal.reason for refusal in await house.refusals(job.id)) == counts.refused
    for table in ("customers", "accounts", "base_members", "cases"):
        assert await house.count(table) == counts.good, table
    assert job.cases == counts.good
    broken = await house.rows("SELECT value FROM contact_points WHERE kind = 'address' AND value LIKE 'Calle%Apto%'")
    assert len(broken) > 50
    found = await house.rows("SELECT full_name, search_key FROM customers WHERE full_name LIKE '%Ñáñez%' LIMIT 1")
    assert "nanez" in found[0][1]


async def test_a_trial_says_what_the_run_then_does_and_stores_nothing(house: BasesHouse, tmp_path: Path) -> None:
    """The counts of the dry run are the counts of the load."""
    content, _ = messy(tmp_path, 400)
    job_id = await house.upload(content, campaign_id=house.campaign)
    tried = await house.check(job_id)
    assert adds_up(tried)
    assert await house.count("customers") == await house.count("cases") == await house.count("bases") == 0
    done = await house.run(job_id)
    assert adds_up(done)
    for name in ("total", "created", "updated", "unchanged", "refused"):
        assert getattr(done, name) == getattr(tried, name), name


async def test_the_same_file_again_changes_nothing_and_doubles_nothing(house: BasesHouse, tmp_path: Path) -> None:
    """A second import of a file never doubles a customer, a phone, an account or a case."""
    content, counts = messy(tmp_path, 300)
    await house.store(content)
    tables = ("customers", "contact_points", "accounts", "base_members", "cases")
    before = {table: await house.count(table) for table in tables}
    again = await house.store(content)
    assert adds_up(again)
    assert (again.created, again.updated, again.unchanged, again.cases) == (0, 0, counts.good, 0)
    assert {table: await house.count(table) for table in tables} == before


async def test_a_changed_row_updates_the_customer_and_his_open_case(house: BasesHouse) -> None:
    """What the file says replaces what was stored; an empty cell erases nothing."""
    await house.store(base("CC;52318904;Luz;Rodríguez;3105550142;;A1;Hogar 100;Activo;1.000", "CC;9;Ana;Gil;;;A2;;;"))
    job = await house.store(base("CC;52.318.904;;Peña;3155550198;;A1;;Moroso;2.500,50", "CC;9;Ana;Gil;;;A2;;;"))
    assert (job.created, job.updated, job.unchanged, job.cases) == (0, 1, 1, 0)
    assert await house.rows("SELECT full_name, search_key, version FROM customers WHERE document = '52318904'") == [
        ("Luz Peña", "luz pena 52318904", 2)
    ]
    found = await house.rows("SELECT plan, service_state, balance::text FROM accounts WHERE number = 'A1'")
    assert found == [("Hogar 100", "in_arrears", "2500.50")]
    assert await house.rows("SELECT service_state, version FROM cases ORDER BY number") == [
        ("in_arrears", 2),
        ("active", 1),
    ]
    phones = await house.rows("SELECT value, position FROM contact_points ORDER BY position")
    assert phones == [("+573105550142", 0), ("+573155550198", 1)]


async def test_a_customer_with_two_accounts_has_a_case_for_each(house: BasesHouse) -> None:
    """Two rows of one customer with different accounts are both stored; the same account twice is refused."""
    lines = ["CC;1;Ana;Gil;3105550142;;A1;;;", "CC;1;Ana;Gil;3105550142;;A2;;;", "CC;1;Ana;Gil;;;A1;;;"]
    job_id = await house.upload(base(*lines), campaign_id=house.campaign)
    tried = await house.check(job_id)
    job = await house.run(job_id)
    assert (job.created, job.updated, job.refused, job.cases) == (1, 1, 1, 2)
    assert (tried.created, tried.updated, tried.refused) == (1, 1, 1)
    (refusal,) = await house.refusals(job_id)
    assert (refusal.reason, refusal.value, refusal.row_number) == (Reason.REPEATED, "2", 4)


async def test_one_customer_in_thousands_of_rows_still_ends(house: BasesHouse) -> None:
    """Rows of one customer are stored one after the other, in bounded chunks."""
    job = await house.store(base(*(f"CC;1;Ana;Gil;;;A{number};;;" for number in range(70))))
    assert adds_up(job)
    assert (job.created, job.updated, job.cases) == (1, 69, 70)


async def test_a_worker_killed_anywhere_loses_and_doubles_nothing(
    house: BasesHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A transaction that dies at a random statement is done again from its own place."""
    chunks_of(40, monkeypatch)
    monkeypatch.setattr(worker, "SECONDS", 0.0)
    content, counts = messy(tmp_path, 300)
    job_id = await house.upload(content, campaign_id=house.campaign)
    async with house.house.work(house.supervisor) as work:
        await start_run(work, job_id)
    dice = random.Random(7)

    class Killed(BaseException):
        pass

    real, left = chunks.do_chunk, [0]

    async def mortal(work: Any, *more: Any) -> bool:
        execute, left[0] = work.session.execute, dice.randrange(1, 45)

        async def count_down(*values: Any, **named: Any) -> Any:
            left[0] -= 1
            if left[0] == 0:
                raise Killed
            return await execute(*values, **named)

        work.session.execute = count_down
        return await real(work, *more)

    monkeypatch.setattr(worker, "do_chunk", mortal)
    deaths = 0
    while (await house.job(job_id)).state is UploadState.RUNNING:
        try:
            await worker.run_upload(house.house, job_id=job_id)
        except Killed:
            deaths += 1
    job = await house.job(job_id)
    assert deaths > 3
    assert adds_up(job)
    assert (job.created, job.refused) == (counts.good, counts.refused.total())
    assert len(await house.refusals(job_id)) == counts.refused.total()
    for table in ("customers", "accounts", "cases"):
        assert await house.count(table) == counts.good, table


async def test_two_workers_on_one_upload_share_it_without_doubling(
    house: BasesHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A chunk is done by one worker; the other goes away."""
    chunks_of(25, monkeypatch)
    content, counts = messy(tmp_path, 300)
    job_id = await house.upload(content, campaign_id=house.campaign)
    async with house.house.work(house.supervisor) as work:
        await start_run(work, job_id)
    while (await house.job(job_id)).state is UploadState.RUNNING:
        await asyncio.gather(*(worker.run_upload(house.house, job_id=job_id) for _ in range(3)))
    job = await house.job(job_id)
    assert adds_up(job)
    assert await house.count("customers") == await house.count("cases") == counts.good == job.created


async def test_two_uploads_of_one_file_at_once_make_each_customer_once(house: BasesHouse, tmp_path: Path) -> None:
    """Whoever comes second finds the customers of the first."""
    content, counts = messy(tmp_path, 200, clean=True)
    jobs = [await house.upload(content, campaign_id=house.campaign) for _ in range(2)]
    for job_id in jobs:
        async with house.house.work(house.supervisor) as work:
            await start_run(work, job_id)
    house.jobs.clear()
    await asyncio.gather(*(worker.run_upload(house.house, job_id=job_id) for job_id in jobs))
    done = [await house.job(job_id) for job_id in jobs]
    assert all(adds_up(job) for job in done)
    assert await house.count("customers") == await house.count("cases") == counts.good


async def test_an_upload_that_stands_still_is_woken(house: BasesHouse) -> None:
    """The job of a killed worker goes on by itself."""
    job_id = await house.upload(base("CC;1;Ana;Gil;;;;;;"))
    async with house.house.work(house.supervisor) as work:
        await start_run(work, job_id)
    house.jobs.clear()
    async with house.house.work() as work:
        assert await wake_still_imports(work) == 0
    async with house.house.work() as work:
        await work.session.execute(text("UPDATE import_jobs SET moved_at = moved_at - interval '1 minute'"))
    async with house.house.work() as work:
        assert await wake_still_imports(work) == 1
    assert house.jobs == [job_id]
    assert (await house.finish(job_id)).state is UploadState.DONE


async def test_a_stopped_upload_goes_on_where_it_was(
    house: BasesHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was stored before the stop stays and is not read again."""
    chunks_of(20, monkeypatch)
    monkeypatch.setattr(worker, "SECONDS", 0.0)
    content, counts = messy(tmp_path, 60, clean=True)
    job_id = await house.upload(content)
    async with house.house.work(house.supervisor) as work:
        await start_run(work, job_id)
    await worker.run_upload(house.house, job_id=job_id)
    async with house.house.work(house.supervisor) as work:
        await stop(work, job_id)
    house.jobs.clear()
    await worker.run_upload(house.house, job_id=job_id)
    assert await house.count("customers") == 20
    job = await house.run(job_id)
    assert adds_up(job)
    assert job.created == await house.count("customers") == counts.good


async def test_progress_is_told_with_each_chunk_and_lists_once(house: BasesHouse, tmp_path: Path) -> None:
    """Progress is pushed live; screens are asked to refetch once."""
    content, _ = messy(tmp_path, 50)
    await house.store(content)
    kinds = Counter(told["event"]["type"] for told in house.told)
    assert kinds["list.changed"] == 1
    assert kinds["import.progressed"] == 2
    (changed,) = [told for told in house.told if told["event"]["type"] == "list.changed"]
    assert f"campaign:{house.campaign}" in changed["topics"]


async def test_hostile_rows_cost_only_themselves(house: BasesHouse) -> None:
    """NUL bytes, an unclosed quote, a row of five megabytes, wrong letters: refused, the others stored."""
    lines = [
        b"documento;nombre;telefono",
        b"1;Ana;3105550142",
        b"2;A\0na;3105550143",
        b'3;"Ana;3105550144',
        b"4;" + b"x" * 5_000_000 + b";3105550145",
        b"5;An\x81a;3105550146",
        b"6;Ana",
        b"7;=cmd|' /C calc'!A0;3105550147",
        b";;;;;",
        b"8;Eva;3105550148",
    ]
    job = await house.store(b"\r\n".join(lines), encoding="windows-1252")
    assert adds_up(job), job.error
    assert (job.created, job.refused) == (3, 5)
    found = {refusal.row_number: refusal.reason for refusal in await house.refusals(job.id)}
    expected = [Reason.NUL, Reason.QUOTES, Reason.TOO_LONG, Reason.ENCODING, Reason.COLUMN_COUNT]
    assert found == dict(zip(range(3, 8), expected, strict=True))


async def test_utf16_and_repeated_headers_are_stored(house: BasesHouse) -> None:
    """What Excel calls Unicode text; two columns of one name are two phones."""
    content = "documento\tnombre\ttelefono\ttelefono\r\n1\tÑáñez Güiza\t3105550142\t6015557730\r\n".encode("utf-16")
    job = await house.store(content)
    assert adds_up(job)
    assert await house.rows("SELECT full_name FROM customers") == [("Ñáñez Güiza",)]
    assert await house.count("contact_points") == 2


async def test_an_upload_into_an_archived_campaign_stops_and_keeps_what_it_stored(
    house: BasesHouse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A campaign archived meanwhile ends the load with a sentence."""
    chunks_of(20, monkeypatch)
    monkeypatch.setattr(worker, "SECONDS", 0.0)
    content, _ = messy(tmp_path, 60, clean=True)
    job_id = await house.upload(content, campaign_id=house.campaign)
    async with house.house.work(house.supervisor) as work:
        await start_run(work, job_id)
    await worker.run_upload(house.house, job_id=job_id)
    async with house.house.work() as work:
        await work.session.execute(text("UPDATE campaigns SET archived_at = now()"))
    job = await house.finish(job_id)
    assert (job.state, job.done) == (UploadState.FAILED, 20)
    assert job.error.startswith("La campaña está archivada")
    assert await house.count("customers") == await house.count("cases") == 20


async def test_a_lost_file_ends_the_upload_with_a_sentence(house: BasesHouse) -> None:
    """Nothing waits for ever."""
    job_id = await house.upload(base("CC;1;Ana;Gil;;;;;;"))
    async with house.house.work(house.supervisor) as work:
        await start_run(work, job_id)
    (house.folder / (await house.job(job_id)).path).unlink()
    job = await house.finish(job_id)
    assert job.state is UploadState.FAILED
    assert job.error


async def test_an_upload_rests_for_the_agents_at_work(house: BasesHouse) -> None:
    """Half of a machine is theirs when a hundred are there; an upload at night takes all of it."""
    assert await worker.rest(house.house, 4.0) == 0
    async with house.house.engine.begin() as connection:
        for first, last, state in ((1, 25, "waiting"), (26, 40, "offline")):
            await connection.execute(
                text(
                    "WITH made AS (INSERT INTO users (username, name, role) SELECT 'a' || i, 'A', 'agent' FROM"
                    " generate_series(CAST(:first AS int), CAST(:last AS int)) i RETURNING id)"
                    " INSERT INTO agents (user_id, state) SELECT id, :state FROM made"
                ),
                {"first": first, "last": last, "state": state},
            )
    assert await worker.rest(house.house, 4.0) == pytest.approx(1.0)
