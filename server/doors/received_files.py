"""Files that people send, kept under the data folder with a name of ours; theirs is only shown."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path, PurePath
from typing import BinaryIO

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from ...models.refused import N_, FileRefused
from ...queue.bases.file.scan import FileScan
from ...queue.bases.file.xlsx_reader import is_zip, refuse_other_zips
from ...queue.bases.uploads.options import book_of
from ...queue.bases.uploads.taking import ReceivedFile
from .route import Door

FOLDER = "uploads"
_BLOCK = 1 << 20


@asynccontextmanager
async def kept_upload(door: Door) -> AsyncIterator[ReceivedFile]:
    """The form's `file`, kept and looked at; taken away again when what is done with it is refused.

    Raises FileRefused.
    """
    file = (await door.request.form()).get("file")
    if not isinstance(file, UploadFile):
        raise FileRefused(field="file", sentence=N_("Elija un archivo."))
    await file.seek(0)
    data_dir = Path(door.house.data_dir)
    received = await run_in_threadpool(keep_file, file.file, file.filename or "", data_dir)
    try:
        yield received
    except BaseException:
        drop_file(data_dir / received.path)
        raise


def keep_file(given: BinaryIO, name: str, data_dir: Path) -> ReceivedFile:
    """Copy a file into the data folder; a workbook is not opened here. Raises FileRefused, with nothing kept."""
    folder = data_dir / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path, scan = folder / secrets.token_hex(16), FileScan()
    try:
        with path.open("xb") as kept:
            while block := given.read(_BLOCK):
                kept.write(block)
                scan.feed(block)
        if workbook := is_zip(scan.head):
            refuse_other_zips(path)
            path.rename(book_of(path))
        else:
            scan.finish()
    except BaseException:
        drop_file(path)
        raise
    shown = PurePath(name.replace("\\", "/")).name.replace("\0", "") or "base.csv"
    return ReceivedFile(shown, f"{FOLDER}/{path.name}", scan, workbook)


def drop_file(path: Path) -> None:
    """Take a file that was kept away again, with its workbook."""
    for file in (path, book_of(path)):
        file.unlink(missing_ok=True)
