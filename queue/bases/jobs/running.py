"""An upload is carried out: tried, stored, stopped, gone on with; what the worker could not do is said."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from ....models.bases.upload import JobKind, Upload, UploadState
from ....models.customers.customer import CustomerBase
from ....models.refused import N_, BadInput, Conflict
from ....models.rows.upload import UNDO_DAYS
from ...work import Work
from .agreement import agree
from .chunk import tell_lists
from .progress import GOING, JOB, locked, tell_progress
from .removal import lock_base, tell_uploads
from .set_up import forget, waiting

STILL = timedelta(seconds=6)  # without progress: the worker that did it is gone


async def start_check(work: Work, job_id: str) -> Upload:
    """Read the whole file and count what storing it would do; nothing is stored."""
    job = await waiting(work, job_id)
    _readable(job)
    await forget(work, job)
    await _start(work, job, UploadState.CHECKING)
    return job


async def start_run(work: Work, job_id: str, agreed: int | None = 0) -> Upload:
    """Store the file's rows; a run that was stopped or failed goes on where it was.

    `agreed` rows may change customers who exist (`agree`; None: any). Raises NotFound, Conflict, BadInput.
    """
    job = await locked(work, job_id)
    goes_on = job.base_id is not None and job.state in (UploadState.STOPPED, UploadState.FAILED)
    if goes_on:
        await _base_there(work, job)
        agree(job, agreed)
    else:
        job = await waiting(work, job_id)
        _readable(job)
        agree(job, agreed)
        await forget(work, job)
        await _make_base(work, job)
    job.error, job.ended_at = "", None
    await work.audit("import.started", f"import:{job.id}", base=job.base_name, file=job.file_name, goes_on=goes_on)
    await _start(work, job, UploadState.RUNNING)
    return job


async def stop(work: Work, job_id: str) -> Upload:
    """Stop between two chunks: what was stored stays and can be gone on with; a trial is forgotten."""
    job = await locked(work, job_id)
    if job.state not in (UploadState.CHECKING, UploadState.RUNNING) or job.kind is not JobKind.UPLOAD:
        raise Conflict(sentence=N_("Esta carga ya no está en marcha."))
    storing = job.state is UploadState.RUNNING
    job.state = UploadState.STOPPED if storing else UploadState.UPLOADED
    job.ended_at = work.now
    job.version += 1
    if storing:
        await work.audit("import.stopped", f"import:{job.id}", done=job.done)
        await tell_lists(work, job)
    else:
        await forget(work, job)
    await tell_progress(work, job.id)
    return job


async def fail(work: Work, job_id: str, sentence: str, changes: int | None = None) -> None:
    """Something that trying again would not mend: say it, and keep what was stored.

    `changes` are those of a run that is held until somebody agrees to them.
    """
    job = await locked(work, job_id)
    if job.state in GOING:
        storing = job.state is UploadState.RUNNING and job.kind is JobKind.UPLOAD
        # What was taken back stays so; the rest can be asked for again.
        again = UploadState.DONE if job.state is UploadState.UNDOING else UploadState.FAILED
        job.state, job.error, job.ended_at = again, sentence, work.now if storing else job.ended_at or work.now
        job.changes = job.changes if changes is None else changes
        job.version += 1
        if job.kind is JobKind.DELETE and job.base_id is not None:
            (await lock_base(work, job.base_id)).deleted_at = None
            await tell_uploads(work, job.base_id)
        if storing:
            await tell_lists(work, job)
        await tell_progress(work, job.id)


async def wake_still_imports(work: Work) -> int:
    """Let jobs go on whose worker was lost: nothing moved for `STILL`. For the clock; answers how many."""
    still = select(Upload).where(Upload.state.in_(GOING), Upload.moved_at < work.now - STILL)
    jobs = (await work.session.execute(still.with_for_update(skip_locked=True))).scalars().all()
    for job in jobs:
        job.moved_at = work.now
        work.later(JOB, job_id=job.id)
    return len(jobs)


def _readable(job: Upload) -> None:
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


async def _make_base(work: Work, job: Upload) -> None:
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


async def _base_there(work: Work, job: Upload) -> None:
    """Raises Conflict when an upload that was stopped is too old to go on, or its base is gone."""
    assert job.base_id is not None, "what goes on has stored something"
    # What it stored could not be undone with the rest.
    if job.ended_at is not None and job.ended_at < work.now - timedelta(days=UNDO_DAYS):
        sentence = N_("Pasaron los %(days)s días en que se podía continuar. Suba el archivo de nuevo: nada se duplica.")
        raise Conflict(sentence=sentence, days=UNDO_DAYS)
    if (await lock_base(work, job.base_id)).deleted_at is not None:
        raise Conflict(sentence=N_("Esta base se borró. Suba el archivo de nuevo."))
    await _nothing_taken(work, job.base_id)


async def _nothing_taken(work: Work, base_id: int) -> None:
    """Raises Conflict while customers of the base are being taken back."""
    taking = select(Upload.id).where(
        Upload.base_id == base_id,
        (Upload.state == UploadState.UNDOING)
        | ((Upload.kind == JobKind.DELETE) & (Upload.state == UploadState.RUNNING)),
    )
    if (await work.session.execute(taking.limit(1))).scalar() is not None:
        raise Conflict(sentence=N_("Esta base se está borrando o deshaciendo. Espere a que termine."))


async def _start(work: Work, job: Upload, state: UploadState) -> None:
    job.state, job.moved_at = state, work.now
    job.started_at = job.started_at or work.now
    job.version += 1
    await work.session.flush()
    work.later(JOB, job_id=job.id)
    await tell_progress(work, job.id)
