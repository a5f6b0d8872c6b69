"""How an upload is read, and into which base and campaign it goes (S4-02, S4-13). Nothing is stored yet.

What then becomes of it is in `lifecycle`.
"""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from ....models.bases.upload import Upload, UploadKind, UploadRefusal, UploadState
from ....models.campaigns.campaign import Campaign
from ....models.refused import N_, BadInput, Conflict, NotFound
from ...work import Work
from ..file.columns import checked, key_words, mapped
from ..file.dialect import DATE_ORDERS, ENCODINGS, SEPARATORS, order_of_all
from ..file.reasons import OPTIONAL
from ..file.scan import FileScan
from ..rows.area_codes import BY_CITY
from ..store.staging import Mode
from .file_header import first_row, header_of
from .preview import look_again
from .progress import GOING, JOB, locked


@dataclass(frozen=True, slots=True)
class UploadOptions:
    """What was asked for an upload; None = as guessed, or as it was."""

    name: str | None = None
    campaign_id: int | None = None
    key: list[str] | None = None
    encoding: str | None = None
    separator: str | None = None
    header: bool | None = None
    sheet: str | None = None  # of a workbook; "" = the likeliest one
    header_row: int | None = None  # the header's row, or the first one of data
    dates: str | None = None
    columns: list[str] | None = None
    mapping: dict[str, str] | None = None
    area_code: str | None = None
    mode: str | None = None
    kept: list[str] | None = None  # fields that change nothing in known customers
    refuse: list[str] | None = None  # reasons that refuse their rows instead of leaving the cell out
    other_key: bool | None = None  # the base's key may become the one of this upload


async def change_options(work: Work, upload_id: str, asked: UploadOptions) -> Upload:
    """Change how an upload is read, before it is carried out; a former trial is forgotten."""
    upload = await waiting(work, upload_id)
    if asked.sheet is not None:
        return await read_sheet(work, upload, asked)
    scan = await asyncio.to_thread(look_again, Path(work.house.data_dir) / upload.path, upload.options)
    await apply(work, upload, scan, asked)
    if upload.state is not UploadState.UPLOADED:
        await forget(work, upload)
        upload.state = UploadState.UPLOADED
    upload.version += 1
    await work.session.flush()
    return upload


async def waiting(work: Work, upload_id: str) -> Upload:
    """The upload, when nothing of it was stored yet and it does not go on now. Raises NotFound, Conflict."""
    upload = await locked(work, upload_id)
    if upload.state is UploadState.READING:
        raise Conflict(sentence=N_("El libro de Excel todavía se está abriendo."))
    if upload.state in GOING or upload.base_id is not None or upload.kind is not UploadKind.UPLOAD:
        raise Conflict(sentence=N_("Esta carga ya empezó."))
    return upload


async def read_sheet(work: Work, upload: Upload, asked: UploadOptions) -> Upload:
    """Have a sheet of the workbook read, in its turn. Raises BadInput, Conflict."""
    if not upload.options.get("workbook"):
        raise BadInput(field="sheet", sentence=N_("El archivo no es un libro de Excel: no tiene hojas."))
    await forget(work, upload)
    wished = {name: value for name, value in asdict(asked).items() if value is not None and name != "sheet"}
    upload.options = {**upload.options, "sheet": asked.sheet or "", "wished": wished, "then": {}}
    await wait_to_be_read(work, upload)
    return upload


async def wait_to_be_read(work: Work, upload: Upload) -> None:
    """Leave a workbook to the worker; each person may have one that waits. Raises Conflict."""
    waits = select(Upload.id).where(
        Upload.state == UploadState.READING, Upload.created_by == upload.created_by, Upload.id != upload.id
    )
    one = N_("Otro libro de Excel suyo todavía se está abriendo. Espere a que termine.")
    if upload.created_by and (await work.session.execute(waits.limit(1))).scalar() is not None:
        raise Conflict(sentence=one)
    upload.state, upload.moved_at = UploadState.READING, work.now
    upload.version = (upload.version or 0) + 1
    try:
        async with work.session.begin_nested():
            work.session.add(upload)
    except IntegrityError:
        raise Conflict(sentence=one) from None
    work.later(JOB, job_id=upload.id)


def book_of(path: Path) -> Path:
    """Where the workbook lies whose rows are at `path`."""
    return path.with_name(f"{path.name}.book")


async def forget(work: Work, upload: Upload) -> None:
    """Nothing was read yet."""
    await work.session.execute(delete(UploadRefusal).where(UploadRefusal.job_id == upload.id))
    for count in ("done", "created", "updated", "unchanged", "refused", "cases", "changes"):
        setattr(upload, count, 0)
    upload.next_row = upload.next_byte = 0
    upload.error, upload.started_at, upload.ended_at = "", None, None


async def apply(work: Work, upload: Upload, scan: FileScan, asked: UploadOptions) -> None:
    """Put what was asked into the upload and read the header again. Raises BadInput, FileRefused, NotFound."""
    old = upload.options
    options: dict[str, Any] = {**old, "guessed": dict(old["guessed"])}
    if asked.name is not None:
        upload.base_name = asked.name.strip()[:120]
    if asked.campaign_id is not None:
        upload.campaign_id = await _open_campaign(work, asked.campaign_id) if asked.campaign_id else None
    if asked.encoding:
        options["doubtful"] = False
    options["encoding"] = _one_of(asked.encoding, ENCODINGS, "encoding") or options["encoding"]
    options["separator"] = _one_of(asked.separator, SEPARATORS, "separator") or options["separator"]
    options["dates"] = _one_of(asked.dates, DATE_ORDERS, "dates") or options["dates"]
    options |= header_of(scan, options, old, asked.header, asked.header_row)
    options["area_code"] = _area_code(asked.area_code, options["area_code"])
    options["key"] = key_words(asked.key) if asked.key else options["key"]
    same = (
        all(options[name] == old[name] for name in ("encoding", "separator", "header", "header_row"))
        and "columns" in old
    )
    if not same:
        options |= first_row(scan, options)
        if options["dates"] == options["guessed"]["dates"] and asked.dates is None:
            options["dates"] = options["guessed"]["dates"] = order_of_all(options["date_orders"])
    if asked.columns is not None:
        if len(asked.columns) != len(options["names"]):
            raise BadInput(field="columns", sentence=N_("Diga un dato para cada columna del archivo."))
        options["columns"] = checked(asked.columns)
    if asked.mode is not None:
        options["mode"] = _one_of(asked.mode, dict.fromkeys(Mode, ""), "mode")
    if asked.kept is not None:
        options["kept"] = checked(list(dict.fromkeys(filter(None, asked.kept))))
    if asked.refuse is not None:
        options["refuse"] = [_one_of(reason, dict.fromkeys(OPTIONAL, ""), "refuse") for reason in asked.refuse]
    if asked.other_key is not None:
        options["other_key"] = asked.other_key
    if asked.mapping:
        options["columns"] = mapped(options["names"], options["columns"], asked.mapping)
    upload.options = options
    upload.total = max(scan.lines - options["header_row"] + (0 if options["header"] else 1), 0)


def _one_of(given: str | None, known: dict[str, str], field: str) -> str | None:
    if given is None:
        return None
    given = {"\\t": "\t", "tab": "\t", "cp1252": "windows-1252", "latin-1": "windows-1252", "utf8": "utf-8"}.get(
        given.lower(), given.lower()
    )
    if given not in known:
        raise BadInput(field=field)
    return given


def _area_code(given: str | None, old: str) -> str:
    if given is None:
        return old
    if given and given != BY_CITY and not (given.isascii() and given.isdigit() and len(given) <= 5):
        raise BadInput(field="area_code", sentence=N_("El indicativo son solo números."))
    return given


async def _open_campaign(work: Work, campaign_id: int) -> int:
    campaign = await work.session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFound(field="campaign")
    if campaign.archived_at is not None:
        raise BadInput(field="campaign", sentence=N_("La campaña está archivada: no recibe casos."))
    return campaign_id
