"""What an upload changed is remembered as long as it can be undone, and no longer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, select

from ....models.bases.upload import Upload, UploadChange, UploadKind
from ....models.rows.upload import OVER, UNDO_DAYS
from ...work import Work

AT_ONCE = 5000  # some tens of milliseconds


def is_late(now: Any) -> ColumnElement[bool]:
    """Whether at `now` this upload cannot be undone any more, and still remembers."""
    over = and_(Upload.kind == UploadKind.UPLOAD, Upload.forgotten_at.is_(None), Upload.state.in_(OVER))
    return and_(over, Upload.ended_at < now - timedelta(days=UNDO_DAYS))


async def forget_changes(work: Work) -> int:
    """Take away some of what the oldest upload that cannot be undone any more remembers; how many. For the clock."""
    late = select(Upload).where(is_late(work.now))
    oldest = late.order_by(Upload.ended_at).limit(1).with_for_update(skip_locked=True)
    upload = (await work.session.execute(oldest)).scalar_one_or_none()
    if upload is None:
        return 0
    its = select(UploadChange.id).where(UploadChange.job_id == upload.id)
    some = its.order_by(UploadChange.customer_id).limit(AT_ONCE)
    gone: Any = await work.session.execute(delete(UploadChange).where(UploadChange.id.in_(some)))
    if gone.rowcount < AT_ONCE:
        upload.forgotten_at = work.now
    return int(gone.rowcount)
