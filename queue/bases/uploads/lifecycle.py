"""An upload is carried out: tried, stored, stopped, gone on with; what the worker could not do is said."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.dialects.postgresql import insert

from ....models.bases.upload import Upload, UploadKind, UploadState
from ....models.customers.customer import CustomerBase
from ....models.customers.fields import FIELD_OF_KEY, MAY_BE_EMPTY_IN_KEY
from ....models.refused import N_, BadInput, Conflict
from ....models.rows.upload import UNDO_DAYS
from ...work import Work
from .agreement import agree
from .chunk import tell_lists
from .options import forget, waiting
from .progress import GOING, JOB, locked, tell_progress
from .removal import lock_base, tell_uploads

STILL = timedelta(seconds=6)  # without progress: the worker that did it is gone


async def start_check(work: Work, upload_id: str) -> Upload:
    """Read the whole file and count what storing it would do; nothing is stored."""
    upload = await waiting(work, upload_id)
    _readable(upload)
    await forget(work, upload)
    await _start(work, upload, UploadState.CHECKING)
    return upload


async def start_run(work: Work, upload_id: str, agreed: int | None = 0) -> Upload:
    """Store the file's rows; a run that was stopped or failed goes on where it was.

    `agreed` rows may change customers who exist (`agree`; None: any). Raises NotFound, Conflict, BadInput.
    """
    upload = await locked(work, upload_id)
    goes_on = upload.base_id is not None and upload.state in (UploadState.STOPPED, UploadState.FAILED)
    if goes_on:
        await _base_there(work, upload)
        agree(upload, agreed)
    else:
        upload = await waiting(work, upload_id)
        _readable(upload)
        agree(upload, agreed)
        await forget(work, upload)
        await _make_base(work, upload)
    upload.error, upload.ended_at = "", None
    await work.audit(
        "import.started", f"import:{upload.id}", base=upload.base_name, file=upload.file_name, goes_on=goes_on
    )
    await _start(work, upload, UploadState.RUNNING)
    return upload


async def stop(work: Work, upload_id: str) -> Upload:
    """Stop between two chunks: what was stored stays and can be gone on with; a trial is forgotten."""
    upload = await locked(work, upload_id)
    if upload.state not in (UploadState.CHECKING, UploadState.RUNNING) or upload.kind is not UploadKind.UPLOAD:
        raise Conflict(sentence=N_("Esta carga ya no está en marcha."))
    storing = upload.state is UploadState.RUNNING
    upload.state = UploadState.STOPPED if storing else UploadState.UPLOADED
    upload.ended_at = work.now
    upload.version += 1
    if storing:
        await work.audit("import.stopped", f"import:{upload.id}", done=upload.done)
        await tell_lists(work, upload)
    else:
        await forget(work, upload)
    await tell_progress(work, upload.id)
    return upload


async def fail(work: Work, upload_id: str, sentence: str, changes: int | None = None) -> None:
    """Something that trying again would not mend: say it, and keep what was stored.

    `changes` are those of a run that is held until somebody agrees to them.
    """
    upload = await locked(work, upload_id)
    if upload.state in GOING:
        storing = upload.state is UploadState.RUNNING and upload.kind is UploadKind.UPLOAD
        # What was taken back stays so; the rest can be asked for again.
        again = UploadState.DONE if upload.state is UploadState.UNDOING else UploadState.FAILED
        upload.state, upload.error, upload.ended_at = (
            again,
            sentence,
            work.now if storing else upload.ended_at or work.now,
        )
        upload.changes = upload.changes if changes is None else changes
        upload.version += 1
        if upload.kind is UploadKind.DELETE and upload.base_id is not None:
            (await lock_base(work, upload.base_id)).deleted_at = None
            await tell_uploads(work, upload.base_id)
        if storing:
            await tell_lists(work, upload)
        await tell_progress(work, upload.id)


def stands_still(now: Any) -> ColumnElement[bool]:
    """Whether at `now` nobody works on this upload, which is not over."""
    return and_(Upload.state.in_(GOING), Upload.moved_at < now - STILL)


async def wake_still_imports(work: Work) -> int:
    """Let jobs go on whose worker was lost: nothing moved for `STILL`. For the clock; answers how many."""
    still = select(Upload).where(stands_still(work.now))
    jobs = (await work.session.execute(still.with_for_update(skip_locked=True))).scalars().all()
    for upload in jobs:
        upload.moved_at = work.now
        work.later(JOB, job_id=upload.id)
    return len(jobs)


def _readable(upload: Upload) -> None:
    """Raises BadInput when the upload cannot be read as it is set up."""
    columns: list[str] = upload.options["columns"]
    if not upload.base_name:
        raise BadInput(field="name", sentence=N_("Escriba el nombre de la base."))
    if upload.options.get("doubtful"):
        raise BadInput(
            field="encoding",
            sentence=N_("Las letras del archivo no se reconocen. Elija la codificación con la que se leen bien."),
        )
    if not any(columns):
        raise BadInput(field="columns", sentence=N_("Ninguna columna del archivo tiene un dato elegido."))
    for word in upload.options["key"]:
        if word not in MAY_BE_EMPTY_IN_KEY and FIELD_OF_KEY[word] not in columns:
            raise BadInput(field="columns", sentence=N_("Falta elegir la columna de la clave de cliente."))


async def _make_base(work: Work, upload: Upload) -> None:
    """The base of this name, made when there is none. Raises BadInput when it is known by another key (S4-18)."""
    new = insert(CustomerBase).values(name=upload.base_name, key=upload.options["key"], created_by=upload.created_by)
    await work.session.execute(new.on_conflict_do_nothing())
    found = select(CustomerBase.id).where(CustomerBase.name == upload.base_name)
    base = await lock_base(work, (await work.session.execute(found)).scalar_one())
    if base.deleted_at is not None:
        raise Conflict(sentence=N_("Esta base se acaba de borrar. Intente de nuevo."))
    await _nothing_taken(work, base.id)
    if base.key != upload.options["key"]:
        if not upload.options.get("other_key"):
            raise BadInput(field="key", sentence=N_("Esta base se cargó con otra clave de cliente. Use la misma."))
        base.key = upload.options["key"]
    upload.base_id = base.id


async def _base_there(work: Work, upload: Upload) -> None:
    """Raises Conflict when an upload that was stopped is too old to go on, or its base is gone."""
    assert upload.base_id is not None, "what goes on has stored something"
    # What it stored could not be undone with the rest.
    if upload.ended_at is not None and upload.ended_at < work.now - timedelta(days=UNDO_DAYS):
        sentence = N_("Pasaron los %(days)s días en que se podía continuar. Suba el archivo de nuevo: nada se duplica.")
        raise Conflict(sentence=sentence, days=UNDO_DAYS)
    if (await lock_base(work, upload.base_id)).deleted_at is not None:
        raise Conflict(sentence=N_("Esta base se borró. Suba el archivo de nuevo."))
    await _nothing_taken(work, upload.base_id)


async def _nothing_taken(work: Work, base_id: int) -> None:
    """Raises Conflict while customers of the base are being taken back."""
    taking = select(Upload.id).where(
        Upload.base_id == base_id,
        (Upload.state == UploadState.UNDOING)
        | ((Upload.kind == UploadKind.DELETE) & (Upload.state == UploadState.RUNNING)),
    )
    if (await work.session.execute(taking.limit(1))).scalar() is not None:
        raise Conflict(sentence=N_("Esta base se está borrando o deshaciendo. Espere a que termine."))


async def _start(work: Work, upload: Upload, state: UploadState) -> None:
    upload.state, upload.moved_at = state, work.now
    upload.started_at = upload.started_at or work.now
    upload.version += 1
    await work.session.flush()
    work.later(JOB, job_id=upload.id)
    await tell_progress(work, upload.id)
