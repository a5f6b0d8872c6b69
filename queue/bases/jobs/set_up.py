"""An upload is set up: the file that came, how it is read, and into which base and campaign it goes (S4-02, S4-13).

Nothing is stored yet. What then becomes of it is in `carry_out`.
"""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import delete

from ....models.bases.upload import JobKind, Upload, UploadRefusal, UploadState
from ....models.campaigns.campaign import Campaign
from ....models.customers.fields import DEFAULT_KEY, MAX_COLUMNS, checked, guess_columns, key_words, mapped
from ....models.refused import N_, BadInput, Conflict, FileRefused, NotFound
from ...work import Work
from ..file.dialect import DATE_ORDERS, ENCODINGS, SEPARATORS, guess, head_rows, head_text
from ..file.first_pass import Glance
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
    glance: Glance
    sheets_left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wishes:
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


async def take_upload(work: Work, upload: ReceivedFile, wishes: Wishes) -> Upload:
    """Keep a received file as a job that waits to be tried or carried out. Raises FileRefused, BadInput."""
    written = guess(upload.glance)
    job = Upload(
        id=uuid.uuid4().hex,
        base_name="",
        file_name=upload.file_name[:200],
        path=upload.path,
        size=upload.glance.size,
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
            "lines": upload.glance.lines,
            "sheets_left": list(upload.sheets_left),
            "accented": [line[:300].replace(b"\0", b"").decode("latin-1") for line in upload.glance.accented[:12]],
        },
    )
    await _apply(work, job, upload.glance, wishes)
    work.session.add(job)
    await work.session.flush()
    return job


async def change_options(work: Work, job_id: str, wishes: Wishes) -> Upload:
    """Change how an upload is read, before it is carried out; a former trial is forgotten."""
    job = await waiting(work, job_id)
    glance = await asyncio.to_thread(look_again, Path(work.house.data_dir) / job.path, job.options)
    await _apply(work, job, glance, wishes)
    if job.state is not UploadState.UPLOADED:
        await forget(work, job)
        job.state = UploadState.UPLOADED
    job.version += 1
    await work.session.flush()
    return job


async def waiting(work: Work, job_id: str) -> Upload:
    """The job, when nothing of it was stored yet and it does not go on now. Raises NotFound, Conflict."""
    job = await locked(work, job_id)
    if job.state in GOING or job.base_id is not None or job.kind is not JobKind.UPLOAD:
        raise Conflict(sentence=N_("Esta carga ya empezó."))
    return job


async def forget(work: Work, job: Upload) -> None:
    """Nothing was read yet."""
    await work.session.execute(delete(UploadRefusal).where(UploadRefusal.job_id == job.id))
    job.done = job.created = job.updated = job.unchanged = job.refused = job.cases = job.changes = 0
    job.next_row = job.next_byte = 0
    job.error, job.started_at, job.ended_at = "", None, None


async def _apply(work: Work, job: Upload, glance: Glance, wishes: Wishes) -> None:
    """Put the wishes into the job and read the header anew."""
    old = job.options
    options: dict[str, Any] = dict(old)
    if wishes.name is not None:
        job.base_name = wishes.name.strip()[:120]
    if wishes.campaign_id is not None:
        job.campaign_id = await _open_campaign(work, wishes.campaign_id) if wishes.campaign_id else None
    options["encoding"] = _one_of(wishes.encoding, ENCODINGS, "encoding") or options["encoding"]
    options["separator"] = _one_of(wishes.separator, SEPARATORS, "separator") or options["separator"]
    options["dates"] = _one_of(wishes.dates, DATE_ORDERS, "dates") or options["dates"]
    options["header"] = options["header"] if wishes.header is None else wishes.header
    options["area_code"] = _area_code(wishes.area_code, options["area_code"])
    options["key"] = key_words(wishes.key) if wishes.key else options["key"]
    same = all(options[name] == old[name] for name in ("encoding", "separator", "header")) and "columns" in old
    if not same:
        options |= _first_row(glance, options)
    if wishes.columns is not None:
        if len(wishes.columns) != len(options["names"]):
            raise BadInput(field="columns", sentence=N_("Diga un dato para cada columna del archivo."))
        options["columns"] = checked(wishes.columns)
    if wishes.mode is not None:
        options["mode"] = _one_of(wishes.mode, dict.fromkeys(Mode, ""), "mode")
    if wishes.kept is not None:
        options["kept"] = checked(list(dict.fromkeys(filter(None, wishes.kept))))
    if wishes.other_key is not None:
        options["other_key"] = wishes.other_key
    if wishes.mapping:
        options["columns"] = mapped(options["names"], options["columns"], wishes.mapping)
    job.options = options
    job.total = max(glance.lines - int(options["header"]), 0)


def _first_row(glance: Glance, options: dict[str, Any]) -> dict[str, Any]:
    """Names of the columns and the field guessed for each. Raises FileRefused."""
    rows = head_rows(head_text(glance.head, options["encoding"]), options["separator"])
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


def _one_of(wish: str | None, known: dict[str, str], field: str) -> str | None:
    if wish is None:
        return None
    wish = {"\\t": "\t", "tab": "\t", "cp1252": "windows-1252", "latin-1": "windows-1252", "utf8": "utf-8"}.get(
        wish.lower(), wish.lower()
    )
    if wish not in known:
        raise BadInput(field=field)
    return wish


def _area_code(wish: str | None, old: str) -> str:
    if wish is None:
        return old
    if wish and wish != BY_CITY and not (wish.isascii() and wish.isdigit() and len(wish) <= 5):
        raise BadInput(field="area_code", sentence=N_("El indicativo son solo números."))
    return wish


async def _open_campaign(work: Work, campaign_id: int) -> int:
    campaign = await work.session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFound(field="campaign")
    if campaign.archived_at is not None:
        raise BadInput(field="campaign", sentence=N_("La campaña está archivada: no recibe casos."))
    return campaign_id
