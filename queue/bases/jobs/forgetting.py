"""What an upload changed is remembered as long as it can be undone, and no longer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from ....models.bases.upload import ImportChange, ImportJob, JobKind
from ....models.rows.upload import OVER, UNDO_DAYS
from ...work import Work

AT_ONCE = 5000  # some tens of milliseconds


async def forget_changes(work: Work) -> int:
    """Take away some of what the oldest upload that cannot be undone any more remembers; how many. For the clock."""
    late = select(ImportJob).where(
        ImportJob.kind == JobKind.UPLOAD,
        ImportJob.forgotten_at.is_(None),
        ImportJob.state.in_(OVER),
        ImportJob.ended_at < work.now - timedelta(days=UNDO_DAYS),
    )
    oldest = late.order_by(ImportJob.ended_at).limit(1).with_for_update(skip_locked=True)
    job = (await work.session.execute(oldest)).scalar_one_or_none()
    if job is None:
        return 0
    its = select(ImportChange.id).where(ImportChange.job_id == job.id)
    some = its.order_by(ImportChange.customer_id).limit(AT_ONCE)
    gone: Any = await work.session.execute(delete(ImportChange).where(ImportChange.id.in_(some)))
    if gone.rowcount < AT_ONCE:
        job.forgotten_at = work.now
    return int(gone.rowcount)
