"""An upload is set up: the file that came, how it is read, and into which base and campaign it goes (S4-02, S4-13).

Nothing is stored yet. What then becomes of it is in `lifecycle`.
"""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import delete

from ....models.bases.upload import Upload, UploadKind, UploadRefusal, UploadState
from ....models.campaigns.campaign import Campaign
from ....models.customers.fields import DEFAULT_KEY
from ....models.refused import N_, BadInput, Conflict, FileRefused, NotFound
from ...work import Work
from ..file.columns import MAX_COLUMNS, checked, guess_columns, key_words, mapped
from ..file.dialect import DATE_ORDERS, ENCODINGS, SEPARATORS, guess, head_rows, head_text
from ..file.scan import FileScan
from ..rows.area_codes import BY_CITY
from ..store.staging import Mode
from .preview import look_again
from .progress import GOING, locked


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A file that was received: its name as the person knows it, its path under the data folder, what it looks like,
    and the sheets of a workbook that are not in it."""

    file_name: str
    path: str
    scan: FileScan
    sheets_left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UploadOptions:
    """What was asked for an upload; None = as guessed, or as it was."""

    name: str | None = None
    campaign_id: int | None = None
    key: list[str] | None = None
    encoding: str | None = None
    separator: str | None = None
    header: bool | None = None
    dates: str | None = None
    columns: list[str] | None = None
    mapping: dict[str, str] | None = None
    area_code: str | None = None
    mode: str | None = None
    kept: list[str] | None = None  # fields that change nothing in known customers
    other_key: bool | None = None  # the base's key may become the one of this upload


async def take_upload(work: Work, received: ReceivedFile, asked: UploadOptions) -> Upload:
    """Keep a received file as a upload that waits to be tried or carried out. Raises FileRefused, BadInput."""
    written = guess(received.scan)
    upload = Upload(
        id=uuid.uuid4().hex,
        base_name="",
        file_name=received.file_name[:200],
        path=received.path,
        size=received.scan.size,
        state=UploadState.UPLOADED,
        created_by=work.actor.id,
        options={
            **asdict(written),
            "guessed": asdict(written),
            "key": DEFAULT_KEY,
            "area_code": "",
            "mode": Mode.BOTH,
            "kept": [],
            "other_key": False,
            "lines": received.scan.lines,
            "sheets_left": list(received.sheets_left),
            "accented": [line[:300].replace(b"\0", b"").decode("latin-1") for line in received.scan.accented[:12]],
        },
    )
    await _apply(work, upload, received.scan, asked)
    work.session.add(upload)
    await work.session.flush()
    return upload


async def change_options(work: Work, upload_id: str, asked: UploadOptions) -> Upload:
    """Change how an upload is read, before it is carried out; a former trial is forgotten."""
    upload = await waiting(work, upload_id)
    scan = await asyncio.to_thread(look_again, Path(work.house.data_dir) / upload.path, upload.options)
    await _apply(work, upload, scan, asked)
    if upload.state is not UploadState.UPLOADED:
        await forget(work, upload)
        upload.state = UploadState.UPLOADED
    upload.version += 1
    await work.session.flush()
    return upload


async def waiting(work: Work, upload_id: str) -> Upload:
    """The upload, when nothing of it was stored yet and it does not go on now. Raises NotFound, Conflict."""
    upload = await locked(work, upload_id)
    if upload.state in GOING or upload.base_id is not None or upload.kind is not UploadKind.UPLOAD:
        raise Conflict(sentence=N_("Esta carga ya empezó."))
    return upload


async def forget(work: Work, upload: Upload) -> None:
    """Nothing was read yet."""
    await work.session.execute(delete(UploadRefusal).where(UploadRefusal.job_id == upload.id))
    for count in ("done", "created", "updated", "unchanged", "refused", "cases", "changes"):
        setattr(upload, count, 0)
    upload.next_row = upload.next_byte = 0
    upload.error, upload.started_at, upload.ended_at = "", None, None


async def _apply(work: Work, upload: Upload, scan: FileScan, asked: UploadOptions) -> None:
    """Put what was asked into the upload and read the header again."""
    old = upload.options
    options: dict[str, Any] = dict(old)
    if asked.name is not None:
        upload.base_name = asked.name.strip()[:120]
    if asked.campaign_id is not None:
        upload.campaign_id = await _open_campaign(work, asked.campaign_id) if asked.campaign_id else None
    options["encoding"] = _one_of(asked.encoding, ENCODINGS, "encoding") or options["encoding"]
    options["separator"] = _one_of(asked.separator, SEPARATORS, "separator") or options["separator"]
    options["dates"] = _one_of(asked.dates, DATE_ORDERS, "dates") or options["dates"]
    options["header"] = options["header"] if asked.header is None else asked.header
    options["area_code"] = _area_code(asked.area_code, options["area_code"])
    options["key"] = key_words(asked.key) if asked.key else options["key"]
    same = all(options[name] == old[name] for name in ("encoding", "separator", "header")) and "columns" in old
    if not same:
        options |= _first_row(scan, options)
    if asked.columns is not None:
        if len(asked.columns) != len(options["names"]):
            raise BadInput(field="columns", sentence=N_("Diga un dato para cada columna del archivo."))
        options["columns"] = checked(asked.columns)
    if asked.mode is not None:
        options["mode"] = _one_of(asked.mode, dict.fromkeys(Mode, ""), "mode")
    if asked.kept is not None:
        options["kept"] = checked(list(dict.fromkeys(filter(None, asked.kept))))
    if asked.other_key is not None:
        options["other_key"] = asked.other_key
    if asked.mapping:
        options["columns"] = mapped(options["names"], options["columns"], asked.mapping)
    upload.options = options
    upload.total = max(scan.lines - int(options["header"]), 0)


def _first_row(scan: FileScan, options: dict[str, Any]) -> dict[str, Any]:
    """Names of the columns and the field guessed for each. Raises FileRefused."""
    rows = head_rows(head_text(scan.head, options["encoding"]), options["separator"])
    if not rows:
        raise FileRefused(field="file", sentence=N_("El archivo no tiene filas que se puedan leer."))
    width = len(rows[0])
    if width > MAX_COLUMNS:
        sentence = N_("El archivo tiene %(found)s columnas; el máximo es %(most)s.")
        raise FileRefused(field="file", sentence=sentence, found=width, most=MAX_COLUMNS)
    if not options["header"]:
        return {"names": [f"Columna {place}" for place in range(1, width + 1)], "columns": [""] * width}
    names = [
        " ".join(cell.replace("\0", "").split())[:80] or f"Columna {place}" for place, cell in enumerate(rows[0], 1)
    ]
    return {"names": names, "columns": guess_columns(names)}


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
