"""Builds the row of an upload: how far it is, what became of its rows. Page, JSON and `import.progressed` show it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ..models.campaign import Campaign
from ..models.import_job import ImportJob
from ..models.refused import NotFound
from ..models.user import User
from .rows import Named, Row


class ImportJobRow(Row):
    """An upload. `done` rows of `total` were gone through; when it is over,
    total = done = created + updated + unchanged + refused, and `stored` is that sum without the refused.

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
    error: str
    by: str | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    report_url: str


_JOBS = (
    select(ImportJob, Campaign.name, User.name)
    .outerjoin(Campaign, Campaign.id == ImportJob.campaign_id)
    .outerjoin(User, User.id == ImportJob.created_by)
    .execution_options(populate_existing=True)
)


async def import_job_row(session: AsyncSession, job_id: str) -> ImportJobRow:
    """One upload as it is in this transaction. Raises NotFound."""
    await session.flush()
    found = (await session.execute(_JOBS.where(ImportJob.id == job_id))).one_or_none()
    if found is None:
        raise NotFound
    return _row(*found)


async def import_job_rows(session: AsyncSession, limit: int = 50) -> list[ImportJobRow]:
    """The latest uploads that were carried out, newest first; files only tried are not among them."""
    begun = _JOBS.where(ImportJob.base_id.is_not(None))
    found: Iterable[tuple[ImportJob, str | None, str | None]] = await session.execute(
        begun.order_by(ImportJob.created_at.desc()).limit(limit)
    )
    return [_row(*row) for row in found]


def _row(job: ImportJob, campaign: str | None, by: str | None) -> ImportJobRow:
    return ImportJobRow(
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
        stored=job.created + job.updated + job.unchanged,
        created=job.created,
        updated=job.updated,
        unchanged=job.unchanged,
        refused=job.refused,
        cases=job.cases,
        error=job.error,
        by=by,
        created_at=job.created_at,
        started_at=job.started_at,
        ended_at=job.ended_at,
        report_url=f"/api/v1/jobs/{job.id}/report",
    )
