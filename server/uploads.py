"""Files that people send, kept under the data folder with a name of ours; theirs is only shown."""

from __future__ import annotations

import secrets
from pathlib import Path, PurePath
from typing import BinaryIO

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from ..models.refused import N_, FileRefused
from ..queue.imports.actions import Upload
from ..queue.imports.glance import Glance
from .route import Door

FOLDER = "uploads"
_BLOCK = 1 << 20


async def keep_upload(door: Door) -> Upload:
    """The form's `file`, kept and looked at. Raises FileRefused, with nothing kept."""
    file = (await door.request.form()).get("file")
    if not isinstance(file, UploadFile):
        raise FileRefused(field="file", sentence=N_("Elija un archivo."))
    await file.seek(0)
    return await run_in_threadpool(keep_file, file.file, file.filename or "", Path(door.house.data_dir))


def keep_file(given: BinaryIO, name: str, data_dir: Path) -> Upload:
    """Copy a file into the data folder. Raises FileRefused, with nothing kept."""
    folder = data_dir / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path, glance = folder / secrets.token_hex(16), Glance()
    try:
        with path.open("xb") as kept:
            while block := given.read(_BLOCK):
                kept.write(block)
                glance.feed(block)
        glance.finish()
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    shown = PurePath(name.replace("\\", "/")).name.replace("\0", "") or "base.csv"
    return Upload(shown, f"{FOLDER}/{path.name}", glance)
