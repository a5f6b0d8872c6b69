"""A file that came becomes an upload that waits to be tried or carried out (S4-02); a workbook is opened first."""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass, replace
from typing import Any

from ....models.bases.upload import Upload, UploadState
from ....models.customers.fields import DEFAULT_KEY
from ....models.refused import N_, BadInput
from ...work import Work
from ..file.dialect import Dialect, guess, guess_encoding
from ..file.scan import FileScan
from ..file.xlsx_reader import Sheets
from ..store.staging import Mode
from .options import UploadOptions, apply, wait_to_be_read
from .progress import locked

_ROWS_OF_BOOK = Dialect("utf-8", ";", True, 1, "dmy")


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A file that was received: its name as the person knows it, its path under the data folder, what it looks like.

    Of a workbook only the size is known: it lies beside that path (`book_of`), where its rows will be.
    """

    file_name: str
    path: str
    scan: FileScan
    workbook: bool = False


@dataclass(frozen=True, slots=True)
class Then:
    """What is done as soon as a file is set up: nothing, "check" or "run", with what was agreed to."""

    what: str = ""
    agreed: int | None = None


async def take_upload(work: Work, received: ReceivedFile, asked: UploadOptions, then: Then | None = None) -> Upload:
    """Keep a received file as an upload. Raises FileRefused, BadInput, Conflict.

    `then` is for a workbook, which is opened in its turn; another file is set up at once, and the caller goes on.
    """
    upload = Upload(
        id=uuid.uuid4().hex,
        base_name="",
        file_name=received.file_name[:200],
        path=received.path,
        size=received.scan.size,
        state=UploadState.UPLOADED,
        created_by=work.actor.id,
        options={**_as_written(_ROWS_OF_BOOK), "names": [], "columns": [], **_UNASKED},
    )
    if received.workbook:
        upload.base_name = (asked.name or "").strip()[:120]
        wished = {name: value for name, value in asdict(asked).items() if value is not None and name != "sheet"}
        more = {"workbook": True, "sheet": asked.sheet or "", "wished": wished, "then": asdict(then or Then())}
        upload.options = {**upload.options, **more}
        await wait_to_be_read(work, upload)
        return upload
    if asked.sheet:
        raise BadInput(field="sheet", sentence=N_("El archivo no es un libro de Excel: no tiene hojas."))
    await _set_up(work, upload, received.scan, asked)
    work.session.add(upload)
    await work.session.flush()
    return upload


async def set_up(work: Work, upload_id: str, scan: FileScan, sheets: Sheets) -> None:
    """The rows of a workbook are there: read them with what was wished for. Raises FileRefused, BadInput, NotFound."""
    upload = await locked(work, upload_id)
    upload.options = {**upload.options, "sheets": list(sheets.all), "sheets_read": list(sheets.read)}
    wished: dict[str, Any] = upload.options.get("wished", {})
    upload.state = UploadState.UPLOADED
    await _set_up(work, upload, scan, replace(UploadOptions(**wished), encoding=None, separator=None))
    upload.version += 1
    await work.session.flush()


_UNASKED: dict[str, Any] = {
    "key": DEFAULT_KEY,
    "area_code": "",
    "mode": Mode.BOTH,
    "kept": [],
    "refuse": [],
    "doubtful": False,
    "other_key": False,
}


async def _set_up(work: Work, upload: Upload, scan: FileScan, asked: UploadOptions) -> None:
    """Say how the file is written, then put in what was asked."""
    book = upload.options.get("workbook", False)
    given = {name: value for name, value in upload.options.items() if name not in ("names", "columns")}
    upload.options = {
        **given,
        **_as_written(guess(scan)),
        **({"encoding": "utf-8", "separator": ";"} if book else {}),
        "doubtful": not book and guess_encoding(scan)[1],
        "lines": scan.lines,
        "accented": [line[:300].replace(b"\0", b"").decode("latin-1") for line in scan.accented[:12]],
    }
    await apply(work, upload, scan, asked)


def _as_written(dialect: Dialect) -> dict[str, Any]:
    return {**asdict(dialect), "guessed": asdict(dialect)}
