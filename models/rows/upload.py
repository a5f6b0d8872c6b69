"""Builds the row of an upload: how far it is, what became of its rows. Page, JSON and `import.progressed` show it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ..bases.upload import JobKind, Upload, UploadState
from ..campaigns.campaign import Campaign
from ..customers.customer import CustomerBase
from ..people.user import User
from ..refused import NotFound
from .values import Named, Row

UNDO_DAYS = 7
OVER = (UploadState.DONE, UploadState.STOPPED, UploadState.FAILED)


class UploadRow(Row):
    """An upload. `done` rows of `total` were gone through; when it is over,
    total = done = created + updated + unchanged + refused, and `stored` is that sum without the refused.

    `kind` is "upload", or "delete" for the deletion of a base. Undoing and deleting take back `to_take` customers:
    `removed` are gone, `unlinked` stay without the base, `restored` have what they had before.

    `to_agree` rows change customers who exist, and whoever starts the next run must say so with this number.

    `total` is a count of lines until the file has been read to its end. `base` is empty until rows are stored.
    """

    id: str
    version: int
    state: str
    name: str
    base: int | None
    campaign: Named | None
    file_name: str
    size: int
    total: int
    done: int
    stored: int
    created: int
    updated: int
    unchanged: int
    refused: int
    cases: int
    to_agree: int
    error: str
    by: str | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    report_url: str
    kind: str
    base_gone: bool
    undo_until: datetime | None
    to_take: int
    removed: int
    unlinked: int
    restored: int


_JOBS = (
    select(Upload, Campaign.name, User.name, CustomerBase.deleted_at)
    .outerjoin(Campaign, Campaign.id == Upload.campaign_id)
    .outerjoin(CustomerBase, CustomerBase.id == Upload.base_id)
    .outerjoin(User, User.id == Upload.created_by)
    .execution_options(populate_existing=True)
)


async def upload_row(session: AsyncSession, job_id: str) -> UploadRow:
    """One upload as it is in this transaction. Raises NotFound."""
    await session.flush()
    found = (await session.execute(_JOBS.where(Upload.id == job_id))).one_or_none()
    if found is None:
        raise NotFound
    return _row(*found)


async def upload_rows(session: AsyncSession, limit: int = 50) -> list[UploadRow]:
    """The latest uploads that were carried out, newest first; files only tried are not among them."""
    begun = _JOBS.where(Upload.base_id.is_not(None))
    found: Iterable[tuple[Upload, str | None, str | None, datetime | None]] = await session.execute(
        begun.order_by(Upload.created_at.desc()).limit(limit)
    )
    return [_row(*row) for row in found]


def undo_until(job: Upload) -> datetime | None:
    """Until when an upload can be undone; none when nothing of it was stored or it is undone already."""
    if job.kind is not JobKind.UPLOAD or job.base_id is None or job.state not in OVER or job.ended_at is None:
        return None
    return job.ended_at + timedelta(days=UNDO_DAYS)


def _row(job: Upload, campaign: str | None, by: str | None, deleted: datetime | None) -> UploadRow:
    return UploadRow(
        id=job.id,
        version=job.version,
        state=job.state.value,
        name=job.base_name,
        base=job.base_id,
        campaign=Named(id=job.campaign_id, name=campaign) if job.campaign_id and campaign else None,
        file_name=job.file_name,
        size=job.size,
        total=job.total,
        done=job.done,
        stored=0 if job.state is UploadState.UNDONE else job.created + job.updated + job.unchanged,
        created=job.created,
        updated=job.updated,
        unchanged=job.unchanged,
        refused=job.refused,
        cases=job.cases,
        to_agree=job.to_agree,
        error=job.error,
        by=by,
        created_at=job.created_at,
        started_at=job.started_at,
        ended_at=job.ended_at,
        report_url=f"/api/v1/jobs/{job.id}/report",
        kind=job.kind.value,
        base_gone=deleted is not None,
        undo_until=None if deleted is not None else undo_until(job),
        to_take=job.to_take,
        removed=job.removed,
        unlinked=job.unlinked,
        restored=job.restored,
    )
