"""Taking customers back: undoing an upload within its time, deleting a whole base (S4-16, S4-17).

Both are done by the worker in chunks like an upload, and say beforehand how many customers go and how many stay.
A chunk commits with the job's new place: killed anywhere, the job goes on exactly there.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from ....models.bases.upload import JobKind, Upload, UploadState
from ....models.customers.customer import CustomerBase
from ....models.customers.names import full_name, search_key, sort_key
from ....models.refused import N_, Conflict, NotFound
from ....models.rows.upload import UNDO_DAYS, undo_until
from ....models.rows.values import Row
from ....realtime.events import ListChanged
from ...campaigns.telling import all_of_lists
from ...work import Work
from ..store import removal
from .progress import GOING, JOB, locked, tell_progress

MOST = 4000  # customers of one chunk


class Consequences(Row):
    """What taking back would do: `removes` customers go, `unlinks` stay without the base, and `restores` others get
    the data of before the upload."""

    removes: int
    unlinks: int
    restores: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """The counts a person agreed to; None = was not asked."""

    removes: int | None = None
    unlinks: int | None = None


async def undo_consequences(session: AsyncSession, job_id: str) -> Consequences:
    """What undoing an upload would do now. Raises NotFound, Conflict."""
    job = await session.get(Upload, job_id, populate_existing=True)
    if job is None:
        raise NotFound
    await _undoable(session, job, (await session.execute(select(func.clock_timestamp()))).scalar_one())
    return await _count(session, job.base_id, job.id)


async def delete_consequences(session: AsyncSession, base_id: int) -> Consequences:
    """What deleting a base would do now. Raises NotFound."""
    base = await session.get(CustomerBase, base_id)
    if base is None or base.deleted_at is not None:
        raise NotFound
    return await _count(session, base_id, None)


async def start_undo(work: Work, job_id: str, said: Said) -> Upload:
    """Let the worker undo an upload. Raises NotFound, Conflict (with the counts of now when they are not `said`)."""
    job = await locked(work, job_id)
    if job.base_id is not None:
        await lock_base(work, job.base_id)
    await _undoable(work.session, job, work.now)
    found = _agreed(await _count(work.session, job.base_id, job.id), said)
    await work.audit("import.undo", f"import:{job.id}", base=job.base_name, **found.model_dump())
    job.state = UploadState.UNDOING
    return await _start(work, job, found)


async def start_delete(work: Work, base_id: int, said: Said) -> Upload:
    """Take a base away at once, and let the worker take its customers back. Raises NotFound, Conflict."""
    base = await lock_base(work, base_id)
    if base.deleted_at is not None:
        raise NotFound
    going = select(Upload.id).where(Upload.base_id == base_id, Upload.state.in_(GOING)).limit(1)
    if (await work.session.execute(going)).scalar() is not None:
        raise Conflict(sentence=N_("Una carga de esta base está en marcha. Espere a que termine o deténgala."))
    found = _agreed(await _count(work.session, base_id, None), said)
    name = base.name
    # Its name is free for another base at once.
    base.name, base.deleted_at = f"{name} (borrada {base.id})", work.now
    base.version += 1
    await tell_uploads(work, base_id)
    job = Upload(
        id=uuid.uuid4().hex, kind=JobKind.DELETE, base_id=base_id, base_name=name, file_name="", path="", size=0,
        state=UploadState.RUNNING, created_by=work.actor.id, options={},
    )  # fmt: skip
    work.session.add(job)
    await work.audit("base.deleted", f"base:{base_id}", name=name, **found.model_dump())
    return await _start(work, job, found)


async def take_chunk(work: Work, job: Upload) -> bool:
    """Take back the next customers of a job that is locked; whether there are more."""
    session, assert_base = work.session, job.base_id
    assert assert_base is not None, "a base is not deleted under its job"
    undone = job.id if job.kind is JobKind.UPLOAD else None
    place = {"base": assert_base, "job": undone, "after": job.next_row, "most": MOST}
    jobs = {"base": assert_base, "jobs": await _jobs_of(session, assert_base, undone)}
    for statement in removal.STAGE:
        await session.execute(text(statement))
    await session.execute(text(removal.PICK), place)
    for statement in removal.LOCK:
        await session.execute(text(statement))
    touched = set((await session.execute(text(removal.CAMPAIGNS))).scalars())
    await session.execute(text(removal.MARK_REMOVED), jobs)
    await session.execute(text(removal.DROP_CASES), {"jobs": jobs["jobs"]})
    if undone is not None:
        job.restored += await _restore(session, undone)
    await session.execute(text(removal.UNLINK), {"base": assert_base})
    for statement in removal.REMOVE:
        await session.execute(text(statement))
    found, removed, unlinked, last = (await session.execute(text(removal.COUNT_TAKEN))).one()
    job.removed += removed
    job.unlinked += unlinked
    job.next_row = last or job.next_row
    job.options = {**job.options, "touched": sorted(touched | set(job.options.get("touched", [])))}
    job.moved_at = work.now
    job.version += 1
    if found < MOST:
        await _end(work, job)
    await tell_progress(work, job.id)
    return bool(found == MOST)


async def tell_uploads(work: Work, base_id: int) -> None:
    """Tell of all uploads of a base that is there no more (or again)."""
    theirs = update(Upload).where(Upload.base_id == base_id).values(version=Upload.version + 1)
    for job_id in (await work.session.execute(theirs.returning(Upload.id))).scalars().all():
        await tell_progress(work, job_id)


async def lock_base(work: Work, base_id: int) -> CustomerBase:
    """Hold a base against uploads, undoing and deleting at the same time. Raises NotFound."""
    wanted = select(CustomerBase).where(CustomerBase.id == base_id).with_for_update()
    base = (await work.session.execute(wanted.execution_options(populate_existing=True))).scalar_one_or_none()
    if base is None:
        raise NotFound
    return base


async def _restore(session: AsyncSession, job_id: str) -> int:
    """Put back what the upload changed in customers who stay; how many."""
    restored: set[int] = set()
    while True:
        rows = (await session.execute(text(removal.RESTORE), {"job": job_id})).all()
        if not rows:
            return len(restored)
        restored.update(row[0] for row in rows)
        if renamed := [row for row in rows if row[1]]:
            await session.execute(text(removal.RENAME), _names(renamed))
        for statement in (
            removal.RESTORE_ACCOUNTS,
            removal.DROP_POINTS,
            removal.DROP_ACCOUNTS,
            removal.TOUCH_CASES,
            removal.FORGET_CHANGE,
        ):
            await session.execute(text(statement), {"job": job_id})


def _names(rows: list[Any]) -> dict[str, list[Any]]:
    parts = [(row[0], row[2:6], row[6]) for row in rows]
    whole = [full_name(*names) for _, names, _ in parts]
    return {
        "ids": [number for number, *_ in parts],
        "full": whole,
        "search": [search_key(name, document) for name, (_, _, document) in zip(whole, parts, strict=True)],
        "sort": [sort_key(*names) for _, names, _ in parts],
    }


async def _end(work: Work, job: Upload) -> None:
    counts = {name: getattr(job, name) for name in ("removed", "unlinked", "restored")}
    if job.kind is JobKind.UPLOAD:
        job.state, reason = UploadState.UNDONE, "import.undone"
    else:
        job.state, job.done, reason = UploadState.DONE, job.to_take, "base.taken_away"
    job.ended_at = work.now
    await work.audit(reason, f"import:{job.id}", **counts)
    audience = await all_of_lists(work, job.options["touched"])
    count = job.removed + job.unlinked + job.restored
    work.tell(ListChanged(at=work.now, scope="cases", reason="import", count=count, audience=audience))


async def _start(work: Work, job: Upload, found: Consequences) -> Upload:
    if job.to_take == 0 or job.kind is JobKind.DELETE:
        job.removed = job.unlinked = job.restored = 0
        job.to_take = found.removes + found.unlinks + found.restores
    job.next_row, job.moved_at, job.error = 0, work.now, ""
    job.started_at = job.started_at or work.now
    job.version = (job.version or 0) + 1
    await work.session.flush()
    work.later(JOB, job_id=job.id)
    await tell_progress(work, job.id)
    return job


def _agreed(found: Consequences, said: Said) -> Consequences:
    """The counts, when they are what the person was told. Raises Conflict."""
    if said.removes not in (None, found.removes) or said.unlinks not in (None, found.unlinks):
        sentence = N_("Cambió mientras usted decidía: ahora se quitan %(removes)s clientes y quedan %(unlinks)s.")
        raise Conflict(sentence=sentence, extra=found.model_dump(), removes=found.removes, unlinks=found.unlinks)
    return found


async def _undoable(session: AsyncSession, job: Upload, now: datetime) -> None:
    """Raises Conflict when the upload cannot be undone."""
    until, base = undo_until(job), await session.get(CustomerBase, job.base_id) if job.base_id else None
    if until is None or base is None or base.deleted_at is not None:
        raise Conflict(sentence=N_("Esta carga no se puede deshacer."))
    if until < now:
        raise Conflict(sentence=N_("Ya pasaron los %(days)s días en que se podía deshacer."), days=UNDO_DAYS)
    newer = select(Upload.file_name).where(
        Upload.base_id == job.base_id,
        Upload.kind == JobKind.UPLOAD,
        Upload.id != job.id,
        Upload.state != UploadState.UNDONE,
        (Upload.started_at > job.started_at) | Upload.state.in_(GOING),
    )
    later = (await session.execute(newer.order_by(Upload.started_at.desc()).limit(1))).scalar()
    if later is not None:
        raise Conflict(sentence=N_("Primero deshaga la carga posterior «%(name)s» de esta base."), name=later)


async def _count(session: AsyncSession, base_id: int | None, job_id: str | None) -> Consequences:
    assert base_id is not None
    whom = {"base": base_id, "job": job_id}
    jobs = {"jobs": await _jobs_of(session, base_id, job_id)}
    members = (await session.execute(text(removal.COUNT_MEMBERS), whom)).scalar_one()
    removable = (await session.execute(text(removal.COUNT_REMOVABLE), {**whom, **jobs})).scalar_one()
    changed = 0
    if job_id is not None and (await session.execute(text(removal.COUNT_CHANGED), {"job": job_id})).scalar_one():
        changed = (await session.execute(text(removal.COUNT_CHANGED), {"job": job_id})).scalar_one()
        changed -= (await session.execute(text(removal.COUNT_CHANGED_REMOVABLE), {**whom, **jobs})).scalar_one()
    return Consequences(removes=removable, unlinks=members - removable, restores=changed)


async def _jobs_of(session: AsyncSession, base_id: int, job_id: str | None) -> list[str]:
    """The uploads whose cases go: the one that is undone, or all of the base."""
    if job_id is not None:
        return [job_id]
    return list((await session.execute(select(Upload.id).where(Upload.base_id == base_id))).scalars())
