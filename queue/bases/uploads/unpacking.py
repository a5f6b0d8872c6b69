"""A workbook is turned into rows by the worker: one at a time, without a connection to the database held meanwhile.

The upload waits as `reading`. When its rows are there it is set up as any file, and goes on as far as it was asked to.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

from ....models.bases.upload import Upload, UploadState
from ....models.people.user import User
from ....models.refused import Refused
from ...work import SERVER, Actor, House
from ..file.scan import FileScan
from ..file.xlsx_reader import Sheets, unpack_workbook
from .lifecycle import fail, start_check, start_run
from .options import book_of
from .progress import JOB, tell_progress
from .taking import set_up

BEAT = 2.0  # seconds between two signs of life: the clock lets go on what gives none
SECONDS = 20.0  # of one job of the worker; the reading itself goes on beside it
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The rows of a workbook, looked at, and its sheets."""

    scan: FileScan
    sheets: Sheets


_being_read: dict[str, asyncio.Task[Unpacked]] = {}


async def unpack(house: House, upload_id: str) -> None:
    """Read the workbook of an upload that waits for it; while another one is being read, leave it to its turn."""
    if _being_read and upload_id not in _being_read:
        return
    async with house.look() as session:
        upload = await session.get(Upload, upload_id)
    if upload is None or upload.state is not UploadState.READING:
        return
    if upload_id not in _being_read:
        path = Path(house.data_dir) / upload.path
        _being_read[upload_id] = asyncio.create_task(_read(path, upload.options.get("sheet", "")))
    task, began = _being_read[upload_id], time.monotonic()
    try:
        while not (await asyncio.wait([task], timeout=BEAT))[0]:
            await _still_here(house, upload_id, again=time.monotonic() - began > SECONDS)
            if time.monotonic() - began > SECONDS:
                return
    except BaseException:
        _being_read.pop(upload_id, None)
        task.cancel()
        raise
    del _being_read[upload_id]
    await _settle(house, upload, task)


async def _read(path: Path, sheet: str) -> Unpacked:
    """The rows take the place of those of another sheet. Raises FileRefused, FileNotFoundError."""
    rows = path.with_name(f"{path.name}.rows")
    try:
        sheets = await unpack_workbook(book_of(path), rows, sheet)
        scan = await asyncio.to_thread(_scanned, rows)
        rows.replace(path)
    finally:
        rows.unlink(missing_ok=True)
    return Unpacked(scan, sheets)


def _scanned(rows: Path) -> FileScan:
    scan = FileScan()
    with rows.open("rb") as file:
        while block := file.read(_BLOCK):
            scan.feed(block)
    scan.finish()
    return scan


async def _still_here(house: House, upload_id: str, again: bool) -> None:
    async with house.work() as work:
        await work.session.execute(update(Upload).where(Upload.id == upload_id).values(moved_at=work.now))
        if again:
            work.later(JOB, job_id=upload_id)


async def _settle(house: House, upload: Upload, task: asyncio.Task[Unpacked]) -> None:
    """Set the upload up and let it go on, or say why not; then the next one has its turn."""
    try:
        unpacked = task.result()
        async with house.work(await _asker(house, upload)) as work:
            await set_up(work, upload.id, unpacked.scan, unpacked.sheets)
            then: dict[str, Any] = upload.options.get("then", {})
            if then.get("what") == "check":
                await start_check(work, upload.id)
            elif then.get("what") == "run":
                await start_run(work, upload.id, then.get("agreed"))
            await tell_progress(work, upload.id)
    except Refused as why:
        async with house.work() as work:
            await fail(work, upload.id, why.message)
    finally:
        await _next(house)


async def _asker(house: House, upload: Upload) -> Actor:
    """Who sent the file: what it does is done in their name."""
    async with house.look() as session:
        user = await session.get(User, upload.created_by) if upload.created_by else None
    return Actor(user.id, user.name, user.role) if user else SERVER


async def _next(house: House) -> None:
    async with house.work() as work:
        waiting = select(Upload.id).where(Upload.state == UploadState.READING).order_by(Upload.created_at)
        if oldest := (await work.session.execute(waiting.limit(1))).scalar():
            work.later(JOB, job_id=oldest)
