"""Taking customers back: undoing an upload within its time, deleting a whole base (S4-16, S4-17).

Both say beforehand how many customers go and how many stay, and are done by the worker chunk by chunk
(`removal_chunk`).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from ....models.bases.upload import Upload, UploadKind, UploadState
from ....models.clock import database_now
from ....models.customers.customer import CustomerBase
from ....models.locking import lock
from ....models.refused import N_, Conflict, NotFound
from ....models.rows.upload import UNDO_DAYS, undo_until
from ....models.rows.values import Row
from ...work import Work
from ..store import removal_sql
from .progress import GOING, JOB, locked, tell_progress


class Consequences(Row):
    """What taking back would do: `removes` customers go, `unlinks` stay without the base, and `restores` others get
    the data of before the upload."""

    removes: int
    unlinks: int
    restores: int = 0


@dataclass(frozen=True, slots=True)
class AgreedCounts:
    """The counts a person agreed to; None = was not asked."""

    removes: int | None = None
    unlinks: int | None = None


async def undo_consequences(session: AsyncSession, upload_id: str) -> Consequences:
    """What undoing an upload would do now. Raises NotFound, Conflict."""
    upload = await session.get(Upload, upload_id, populate_existing=True)
    if upload is None:
        raise NotFound
    await _undoable(session, upload, await database_now(session))
    return await _count(session, upload.base_id, upload.id)


async def delete_consequences(session: AsyncSession, base_id: int) -> Consequences:
    """What deleting a base would do now. Raises NotFound."""
    base = await session.get(CustomerBase, base_id)
    if base is None or base.deleted_at is not None:
        raise NotFound
    return await _count(session, base_id, None)


async def start_undo(work: Work, upload_id: str, agreed: AgreedCounts) -> Upload:
    """Let the worker undo an upload. Raises NotFound, Conflict (with the counts of now when they are not `agreed`)."""
    upload = await locked(work, upload_id)
    if upload.base_id is not None:
        await lock_base(work, upload.base_id)
    await _undoable(work.session, upload, work.now)
    found = _as_agreed(await _count(work.session, upload.base_id, upload.id), agreed)
    await work.audit("import.undo", f"import:{upload.id}", base=upload.base_name, **found.model_dump())
    upload.state = UploadState.UNDOING
    return await _start(work, upload, found)


async def start_delete(work: Work, base_id: int, agreed: AgreedCounts) -> Upload:
    """Take a base away at once, and let the worker take its customers back. Raises NotFound, Conflict."""
    base = await lock_base(work, base_id)
    if base.deleted_at is not None:
        raise NotFound
    going = select(Upload.id).where(Upload.base_id == base_id, Upload.state.in_(GOING)).limit(1)
    if (await work.session.execute(going)).scalar() is not None:
        raise Conflict(sentence=N_("Una carga de esta base está en marcha. Espere a que termine o deténgala."))
    found = _as_agreed(await _count(work.session, base_id, None), agreed)
    name = base.name
    # Its name is free for another base at once.
    base.name, base.deleted_at = f"{name} (borrada {base.id})", work.now
    base.version += 1
    await tell_uploads(work, base_id)
    upload = Upload(
        id=uuid.uuid4().hex, kind=UploadKind.DELETE, base_id=base_id, base_name=name, file_name="", path="", size=0,
        state=UploadState.RUNNING, created_by=work.actor.id, options={},
    )  # fmt: skip
    work.session.add(upload)
    await work.audit("base.deleted", f"base:{base_id}", name=name, **found.model_dump())
    return await _start(work, upload, found)


async def tell_uploads(work: Work, base_id: int) -> None:
    """Tell of all uploads of a base that is gone (or there again)."""
    theirs = update(Upload).where(Upload.base_id == base_id).values(version=Upload.version + 1)
    for upload_id in (await work.session.execute(theirs.returning(Upload.id))).scalars().all():
        await tell_progress(work, upload_id)


async def lock_base(work: Work, base_id: int) -> CustomerBase:
    """Hold a base against uploads, undoing and deleting at the same time. Raises NotFound."""
    return await lock(work.session, CustomerBase, base_id)


async def _start(work: Work, upload: Upload, found: Consequences) -> Upload:
    if upload.to_take == 0 or upload.kind is UploadKind.DELETE:
        upload.removed = upload.unlinked = upload.restored = 0
        upload.to_take = found.removes + found.unlinks + found.restores
    upload.next_row, upload.moved_at, upload.error = 0, work.now, ""
    upload.started_at = upload.started_at or work.now
    upload.version = (upload.version or 0) + 1
    await work.session.flush()
    work.later(JOB, job_id=upload.id)
    await tell_progress(work, upload.id)
    return upload


def _as_agreed(found: Consequences, agreed: AgreedCounts) -> Consequences:
    """The counts, when they are what the person was told. Raises Conflict."""
    if agreed.removes not in (None, found.removes) or agreed.unlinks not in (None, found.unlinks):
        sentence = N_("Cambió mientras usted decidía: ahora se quitan %(removes)s clientes y quedan %(unlinks)s.")
        raise Conflict(sentence=sentence, extra=found.model_dump(), removes=found.removes, unlinks=found.unlinks)
    return found


async def _undoable(session: AsyncSession, upload: Upload, now: datetime) -> None:
    """Raises Conflict when the upload cannot be undone."""
    until, base = undo_until(upload), await session.get(CustomerBase, upload.base_id) if upload.base_id else None
    if until is None or base is None or base.deleted_at is not None:
        raise Conflict(sentence=N_("Esta carga no se puede deshacer."))
    if until < now:
        raise Conflict(sentence=N_("Ya pasaron los %(days)s días en que se podía deshacer."), days=UNDO_DAYS)
    newer = select(Upload.file_name).where(
        Upload.base_id == upload.base_id,
        Upload.kind == UploadKind.UPLOAD,
        Upload.id != upload.id,
        Upload.state != UploadState.UNDONE,
        (Upload.started_at > upload.started_at) | Upload.state.in_(GOING),
    )
    later = (await session.execute(newer.order_by(Upload.started_at.desc()).limit(1))).scalar()
    if later is not None:
        raise Conflict(sentence=N_("Primero deshaga la carga posterior «%(name)s» de esta base."), name=later)


async def _count(session: AsyncSession, base_id: int | None, upload_id: str | None) -> Consequences:
    assert base_id is not None

    async def number_of(statement: str, **values: Any) -> int:
        return int((await session.execute(text(statement), values)).scalar_one())

    whom = {"base": base_id, "job": upload_id}
    jobs = await uploads_whose_cases_go(session, base_id, upload_id)
    members = await number_of(removal_sql.COUNT_MEMBERS, **whom)
    removable = await number_of(removal_sql.COUNT_REMOVABLE, **whom, jobs=jobs)
    changed = await number_of(removal_sql.COUNT_CHANGED, job=upload_id) if upload_id is not None else 0
    if changed:
        changed -= await number_of(removal_sql.COUNT_CHANGED_REMOVABLE, **whom, jobs=jobs)
    return Consequences(removes=removable, unlinks=members - removable, restores=changed)


async def uploads_whose_cases_go(session: AsyncSession, base_id: int, upload_id: str | None) -> list[str]:
    """The uploads whose cases go: the one that is undone, or all of the base."""
    if upload_id is not None:
        return [upload_id]
    return list((await session.execute(select(Upload.id).where(Upload.base_id == base_id))).scalars())
