"""Uploads in the worker: killed, stopped, shared, held up: nothing is lost and nothing is doubled."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from atiende.models.bases.upload import UploadState
from atiende.queue.bases.uploads import chunk as chunks
from atiende.queue.bases.uploads import worker
from atiende.queue.bases.uploads.lifecycle import start_run, stop, wake_still_imports
from atiende.tests.support.floors.bases import BasesHouse, adds_up, chunks_of, messy

ONE = b"tipo_documento;documento;primer_nombre\r\nCC;1;Ana"


class Killed(BaseException):
    """A worker that dies."""


def mortal(dice: random.Random) -> Callable[..., Awaitable[bool]]:
    """`do_chunk`, except that it dies at some statement, or at none when the dice allow more than it needs."""
    left = 0

    async def do_chunk(work: Any, *more: Any) -> bool:
        nonlocal left
        execute, left = work.session.execute, dice.randrange(1, 45)

        async def count_down(*values: Any, **named: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                raise Killed
            return await execute(*values, **named)

        work.session.execute = count_down
        return await chunks.do_chunk(work, *more)

    return do_chunk


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
    monkeypatch.setattr(worker, "do_chunk", mortal(random.Random(7)))
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
    assert len(await house.refusals(job_id)) == counts.refused.total() + counts.warned.total()
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
    job_id = await house.upload(ONE)
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
    job_id = await house.upload(ONE)
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


async def test_an_upload_waits_while_the_disk_has_no_room_and_goes_on_afterwards(house: BasesHouse) -> None:
    job_id = await house.upload(ONE)
    house.house.has_room = lambda: False
    async with house.house.work(house.supervisor) as work:
        await start_run(work, job_id)
    await worker.run_upload(house.house, job_id=job_id)
    assert (await house.job(job_id)).state is UploadState.RUNNING
    house.house.has_room = lambda: True
    await worker.run_upload(house.house, job_id=job_id)
    assert (await house.job(job_id)).state is UploadState.DONE
