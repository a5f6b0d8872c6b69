"""Some customers taken back: a chunk of an undo or of the deletion of a base (S4-16, S4-17).

A chunk commits with the upload's new place: killed anywhere, it goes on exactly there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncSession

from ....models.bases.upload import Upload, UploadKind, UploadState
from ....models.customers.fields import NAME_PARTS
from ....models.customers.names import full_name, search_key, sort_key
from ....realtime.events import ListChanged
from ...campaigns.telling import all_of_lists
from ...work import Work
from ..store import removal_sql
from .progress import tell_progress
from .removal import uploads_whose_cases_go

MOST = 4000  # customers of one chunk


async def take_chunk(work: Work, upload: Upload) -> bool:
    """Take back the next customers of a upload that is locked; whether there are more."""
    session, base_id = work.session, upload.base_id
    assert base_id is not None, "a base is not deleted under its upload"
    undone = upload.id if upload.kind is UploadKind.UPLOAD else None
    place = {"base": base_id, "job": undone, "after": upload.next_row, "most": MOST}
    jobs = {"base": base_id, "jobs": await uploads_whose_cases_go(session, base_id, undone)}
    for statement in removal_sql.STAGE:
        await session.execute(text(statement))
    await session.execute(text(removal_sql.PICK), place)
    for statement in removal_sql.LOCK:
        await session.execute(text(statement))
    touched = set((await session.execute(text(removal_sql.CAMPAIGNS))).scalars())
    await session.execute(text(removal_sql.MARK_REMOVED), jobs)
    await session.execute(text(removal_sql.DROP_CASES), {"jobs": jobs["jobs"]})
    if undone is not None:
        upload.restored += await _restore(session, undone)
    await session.execute(text(removal_sql.UNLINK), {"base": base_id})
    for statement in removal_sql.REMOVE:
        await session.execute(text(statement))
    found = (await session.execute(text(removal_sql.COUNT_TAKEN))).one()
    upload.removed += found.removed
    upload.unlinked += found.unlinked
    upload.next_row = found.last or upload.next_row
    upload.options = {**upload.options, "touched": sorted(touched | set(upload.options.get("touched", [])))}
    upload.moved_at = work.now
    upload.version += 1
    if found.taken < MOST:
        await _end(work, upload)
    await tell_progress(work, upload.id)
    return bool(found.taken == MOST)


async def _restore(session: AsyncSession, upload_id: str) -> int:
    """Put back what the upload changed in customers who stay; how many."""
    restored: set[int] = set()
    while True:
        rows = (await session.execute(text(removal_sql.RESTORE), {"job": upload_id})).mappings().all()
        if not rows:
            return len(restored)
        restored.update(row["id"] for row in rows)
        if renamed := [row for row in rows if row["renamed"]]:
            await session.execute(text(removal_sql.RENAME), _names(renamed))
        for statement in (
            removal_sql.RESTORE_ACCOUNTS,
            removal_sql.DROP_POINTS,
            removal_sql.DROP_ACCOUNTS,
            removal_sql.TOUCH_CASES,
            removal_sql.FORGET_CHANGE,
        ):
            await session.execute(text(statement), {"job": upload_id})


def _names(rows: Sequence[RowMapping]) -> dict[str, list[Any]]:
    parts = [tuple(row[name] for name in NAME_PARTS) for row in rows]
    whole = [full_name(*names) for names in parts]
    return {
        "ids": [row["id"] for row in rows],
        "full": whole,
        "search": [search_key(name, row["document"]) for name, row in zip(whole, rows, strict=True)],
        "sort": [sort_key(*names) for names in parts],
    }


async def _end(work: Work, upload: Upload) -> None:
    counts = {name: getattr(upload, name) for name in ("removed", "unlinked", "restored")}
    if upload.kind is UploadKind.UPLOAD:
        upload.state, reason = UploadState.UNDONE, "import.undone"
    else:
        upload.state, upload.done, reason = UploadState.DONE, upload.to_take, "base.taken_away"
    upload.ended_at = work.now
    await work.audit(reason, f"import:{upload.id}", **counts)
    audience = await all_of_lists(work, upload.options["touched"])
    count = upload.removed + upload.unlinked + upload.restored
    work.tell(ListChanged(at=work.now, scope="cases", reason="import", count=count, audience=audience))
