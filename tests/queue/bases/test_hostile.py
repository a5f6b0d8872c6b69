"""Files that nobody should send: each gets a clear sentence or costs only its rows; memory stays bounded."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from atiende.models.bases.upload import UploadState
from atiende.models.refused import FileRefused
from atiende.queue.bases.file.reasons import Reason
from atiende.queue.bases.uploads.lifecycle import start_run
from atiende.server.doors.received_files import keep_file
from atiende.tests.support.floors.bases import BasesHouse, adds_up

GOOD = b"1;Luz;3105550142\r\n"
HEADER = b"documento;primer_nombre;telefono\r\n"


class Stream:
    """A file that is made while it is read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces = pieces

    def read(self, _size: int = -1) -> bytes:
        return next(self.pieces, b"")


def long_line() -> Iterator[bytes]:
    """1 GB without an end of line, and a good row behind it."""
    yield HEADER + b"2;"
    piece = b"x" * (1 << 20)
    for _ in range(1000):
        yield piece
    yield b"\r\n" + GOOD


async def test_a_line_of_a_gigabyte_costs_one_row_and_little_memory(house: BasesHouse, tmp_path: Path) -> None:
    """The row is refused as too long, the next is stored, and the process grows by less than 200 MB."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    given: Any = Stream(long_line())
    upload = await asyncio.to_thread(keep_file, given, "largo.csv", tmp_path)
    job = await house.run(await house.take(tmp_path / upload.path))
    assert (job.total, job.created, job.refused) == (2, 1, 1) and adds_up(job)
    assert [r.reason for r in await house.refusals(job.id)] == [Reason.TOO_LONG]
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert grown < 200, f"{grown:.0f} MB"


@pytest.mark.parametrize(
    ("content", "stored", "reasons"),
    [
        ((HEADER + GOOD).decode().encode("utf-16"), 1, []),
        (HEADER + GOOD.replace(b"\r\n", b"\r") + b"2;Ana;3105550143\n3;Eva;3105550144\r\n\n\r4;Iv;3105550145", 4, []),
        (HEADER + b'2;"Ana;3105550143\r\n' + GOOD + b'3;E"va;3105550144\r\n"4;Eva', 2, ["quotes", "quotes"]),
        (HEADER + b"2;A\0na;3105550143\r\n" + GOOD, 1, ["nul"]),
        (HEADER + b"2;=cmd|' /C calc'!A0;3105550143\r\n" + GOOD, 2, []),
        (b"documento;telefono;telefono;documento\r\n1;3105550142;3105550143;9\r\n", 1, []),
        (HEADER + b"2;Ana\r\n3;Ana;3105550143;x\r\n" + GOOD, 2, ["column-count"]),
    ],
    ids=["utf-16", "line ends", "quotes", "nul", "formulas", "twice the header", "ragged"],
)
async def test_what_is_odd_costs_only_its_rows(
    house: BasesHouse, content: bytes, stored: int, reasons: list[str]
) -> None:
    """Each row stored or refused with its reason, and the trial says so before."""
    job_id = await house.upload(content)
    said = await house.check(job_id)
    job = await house.run(job_id)
    assert adds_up(job) and (said.created, said.refused) == (job.created, job.refused) == (stored, len(reasons))
    assert [r.reason for r in await house.refusals(job_id)] == reasons
    assert await house.count("customers") == stored


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xef\xbb\xbf \r\n",
        b"%PDF-1.4 ...",
        bytes(range(1, 32)) * 400,
        b";".join([b"c"] * 500) + b"\r\n" + b"1;" * 500,
    ],
    ids=["empty", "blank", "pdf", "binary", "500 columns"],
)
async def test_what_is_no_base_gets_a_sentence(house: BasesHouse, content: bytes) -> None:
    """Nothing is kept."""
    with pytest.raises(FileRefused, match=r"\.$"):
        await house.upload(content)
    assert await house.count("import_jobs") == 0


async def test_the_same_file_twice_at_once_stores_each_customer_once(house: BasesHouse) -> None:
    """Into one base; both end, and say what the tables hold."""
    content = HEADER + b"".join(b"%d;Ana;31%08d\r\n" % (n, n) for n in range(1, 4001))
    jobs = [await house.upload(content) for _ in range(2)]
    for job_id in jobs:
        async with house.house.work(house.supervisor) as work:
            await start_run(work, job_id)
    house.jobs.clear()
    from atiende.queue.bases.uploads.worker import run_upload

    await asyncio.gather(*(run_upload(house.house, job_id=job_id) for job_id in jobs))
    done = [await house.finish(job_id) for job_id in jobs]
    assert all(job.state is UploadState.DONE and adds_up(job) for job in done)
    assert await house.count("customers") == await house.count("base_members") == 4000
