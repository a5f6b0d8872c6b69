"""What people do with an upload: bring it in, change how it is read, try it, carry it out, stop it."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from ...models.campaign import Campaign
from ...models.customer import CustomerBase
from ...models.import_job import ImportJob, ImportRefusal, ImportState, JobKind
from ...models.refused import N_, BadInput, Conflict, FileRefused, NotFound
from ..work import Work
from .area_codes import BY_CITY
from .chunk import tell_lists
from .fields import DEFAULT_KEY, MAX_COLUMNS, checked, guess_columns, key_words, mapped
from .glance import Glance
from .preview import look_again
from .progress import GOING, JOB, tell_progress
from .sniff import DATE_ORDERS, ENCODINGS, SEPARATORS, guess, head_rows, head_text
from .staging import Mode
from .take_back import lock_base, tell_uploads

STILL = timedelta(seconds=6)  # without progress: the worker that did it is gone


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was received: its name as the person knows it, its path under the data folder, what it looks like."""

    file_name: str
    path: str
    glance: Glance


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


async def take_upload(work: Work, upload: Upload, wishes: Wishes) -> ImportJob:
    """Keep a received file as a job that waits to be tried or carried out. Raises FileRefused, BadInput."""
    written = guess(upload.glance)
    job = ImportJob(
        id=uuid.uuid4().hex,
        base_name="",
        file_name=upload.file_name[:200],
        path=upload.path,
        size=upload.glance.size,
        state=ImportState.UPLOADED,
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
            "accented": [line[:300].replace(b"\0", b"").decode("latin-1") for line in upload.glance.accented[:12]],
        },
    )
    await _apply(work, job, upload.glance, wishes)
    work.session.add(job)
    await work.session.flush()
    return job


async def change_options(work: Work, job_id: str, wishes: Wishes) -> ImportJob:
    """Change how an upload is read, before it is carried out; a former trial is forgotten."""
    job = await _waiting(work, job_id)
    glance = await asyncio.to_thread(look_again, Path(work.house.data_dir) / job.path, job.options)
    await _apply(work, job, glance, wishes)
    if job.state is not ImportState.UPLOADED:
        await _forget(work, job)
        job.state = ImportState.UPLOADED
    job.version += 1
    await work.session.flush()
    return job


async def start_check(work: Work, job_id: str) -> ImportJob:
    """Read the whole file and count what storing it would do; nothing is stored."""
    job = await _waiting(work, job_id)
    _readable(job)
    await _forget(work, job)
    await _start(work, job, ImportState.CHECKING)
    return job


async def start_run(work: Work, job_id: str) -> ImportJob:
    """Store the file's rows; a run that was stopped or failed goes on where it was."""
    job = await _locked(work, job_id)
    goes_on = job.base_id is not None and job.state in (ImportState.STOPPED, ImportState.FAILED)
    if goes_on:
        await _base_there(work, job)
    else:
        job = await _waiting(work, job_id)
        _readable(job)
        await _forget(work, job)
        await _make_base(work, job)
    job.error, job.ended_at = "", None
    await work.audit("import.started", f"import:{job.id}", base=job.base_name, file=job.file_name, goes_on=goes_on)
    await _start(work, job, ImportState.RUNNING)
    return job


async def stop(work: Work, job_id: str) -> ImportJob:
    """Stop between two chunks: what was stored stays and can be gone on with; a trial is forgotten."""
    job = await _locked(work, job_id)
    if job.state not in (ImportState.CHECKING, ImportState.RUNNING) or job.kind is not JobKind.UPLOAD:
        raise Conflict(sentence=N_("Esta carga ya no está en marcha."))
    storing = job.state is ImportState.RUNNING
    job.state = ImportState.STOPPED if storing else ImportState.UPLOADED
    job.ended_at = work.now
    job.version += 1
    if storing:
        await work.audit("import.stopped", f"import:{job.id}", done=job.done)
        await tell_lists(work, job)
    else:
        await _forget(work, job)
    await tell_progress(work, job.id)
    return job


async def fail(work: Work, job_id: str, sentence: str) -> None:
    """Something that trying again would not mend: say it, and keep what was stored."""
    job = await _locked(work, job_id)
    if job.state in GOING:
        storing = job.state is ImportState.RUNNING and job.kind is JobKind.UPLOAD
        # What was taken back stays so; the rest can be asked for again.
        again = ImportState.DONE if job.state is ImportState.UNDOING else ImportState.FAILED
        job.state, job.error, job.ended_at = again, sentence, work.now if storing else job.ended_at or work.now
        job.version += 1
        if job.kind is JobKind.DELETE and job.base_id is not None:
            (await lock_base(work, job.base_id)).deleted_at = None
            await tell_uploads(work, job.base_id)
        if storing:
            await tell_lists(work, job)
        await tell_progress(work, job.id)


async def wake_still_imports(work: Work) -> int:
    """Let jobs go on whose worker was lost: nothing moved for `STILL`. For the clock; answers how many."""
    still = select(ImportJob).where(ImportJob.state.in_(GOING), ImportJob.moved_at < work.now - STILL)
    jobs = (await work.session.execute(still.with_for_update(skip_locked=True))).scalars().all()
    for job in jobs:
        job.moved_at = work.now
        work.later(JOB, job_id=job.id)
    return len(jobs)


async def _apply(work: Work, job: ImportJob, glance: Glance, wishes: Wishes) -> None:
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


def _readable(job: ImportJob) -> None:
    """Raises BadInput when the job cannot be read as it is set up."""
    columns: list[str] = job.options["columns"]
    if not job.base_name:
        raise BadInput(field="name", sentence=N_("Escriba el nombre de la base."))
    if not any(columns):
        raise BadInput(field="columns", sentence=N_("Ninguna columna del archivo tiene un dato elegido."))
    needed = {"document": "documento", "account": "cuenta", "phone": "telefono", "email": "correo"}
    for word in job.options["key"]:
        if word in needed and needed[word] not in columns:
            raise BadInput(field="columns", sentence=N_("Falta elegir la columna de la clave de cliente."))


async def _make_base(work: Work, job: ImportJob) -> None:
    """The base of this name, made when there is none. Raises BadInput when it is known by another key (S4-18)."""
    new = insert(CustomerBase).values(name=job.base_name, key=job.options["key"], created_by=job.created_by)
    await work.session.execute(new.on_conflict_do_nothing())
    found = select(CustomerBase.id).where(CustomerBase.name == job.base_name)
    base = await lock_base(work, (await work.session.execute(found)).scalar_one())
    if base.deleted_at is not None:
        raise Conflict(sentence=N_("Esta base se acaba de borrar. Intente de nuevo."))
    await _nothing_taken(work, base.id)
    if base.key != job.options["key"]:
        if not job.options.get("other_key"):
            raise BadInput(field="key", sentence=N_("Esta base se cargó con otra clave de cliente. Use la misma."))
        base.key = job.options["key"]
    job.base_id = base.id


async def _base_there(work: Work, job: ImportJob) -> None:
    """Raises Conflict when the base of an upload that was stopped is gone."""
    assert job.base_id is not None, "what goes on has stored something"
    if (await lock_base(work, job.base_id)).deleted_at is not None:
        raise Conflict(sentence=N_("Esta base se borró. Suba el archivo de nuevo."))
    await _nothing_taken(work, job.base_id)


async def _nothing_taken(work: Work, base_id: int) -> None:
    """Raises Conflict while customers of the base are being taken back."""
    taking = select(ImportJob.id).where(
        ImportJob.base_id == base_id,
        (ImportJob.state == ImportState.UNDOING)
        | ((ImportJob.kind == JobKind.DELETE) & (ImportJob.state == ImportState.RUNNING)),
    )
    if (await work.session.execute(taking.limit(1))).scalar() is not None:
        raise Conflict(sentence=N_("Esta base se está borrando o deshaciendo. Espere a que termine."))


async def _open_campaign(work: Work, campaign_id: int) -> int:
    campaign = await work.session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFound(field="campaign")
    if campaign.archived_at is not None:
        raise BadInput(field="campaign", sentence=N_("La campaña está archivada: no recibe casos."))
    return campaign_id


async def _start(work: Work, job: ImportJob, state: ImportState) -> None:
    job.state, job.moved_at = state, work.now
    job.started_at = job.started_at or work.now
    job.version += 1
    await work.session.flush()
    work.later(JOB, job_id=job.id)
    await tell_progress(work, job.id)


async def _forget(work: Work, job: ImportJob) -> None:
    """Nothing was read yet."""
    await work.session.execute(delete(ImportRefusal).where(ImportRefusal.job_id == job.id))
    job.done = job.created = job.updated = job.unchanged = job.refused = job.cases = 0
    job.next_row = job.next_byte = 0
    job.error, job.started_at, job.ended_at = "", None, None


async def _waiting(work: Work, job_id: str) -> ImportJob:
    """The job, when nothing of it was stored yet and it does not go on now. Raises NotFound, Conflict."""
    job = await _locked(work, job_id)
    if job.state in GOING or job.base_id is not None or job.kind is not JobKind.UPLOAD:
        raise Conflict(sentence=N_("Esta carga ya empezó."))
    return job


async def _locked(work: Work, job_id: str) -> ImportJob:
    wanted = select(ImportJob).where(ImportJob.id == job_id).with_for_update()
    job = (await work.session.execute(wanted.execution_options(populate_existing=True))).scalar_one_or_none()
    if job is None:
        raise NotFound
    return job
