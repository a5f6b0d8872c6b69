"""Builds the row of an upload: how far it is, what became of its rows. Page, JSON and `import.progressed` show it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ..bases.upload import Upload, UploadKind, UploadState
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


_UPLOADS = (
    select(Upload, Campaign.name, User.name, CustomerBase.deleted_at)
    .outerjoin(Campaign, Campaign.id == Upload.campaign_id)
    .outerjoin(CustomerBase, CustomerBase.id == Upload.base_id)
    .outerjoin(User, User.id == Upload.created_by)
    .execution_options(populate_existing=True)
)


async def upload_row(session: AsyncSession, upload_id: str) -> UploadRow:
    """One upload as it is in this transaction. Raises NotFound."""
    await session.flush()
    found = (await session.execute(_UPLOADS.where(Upload.id == upload_id))).one_or_none()
    if found is None:
        raise NotFound
    return _row(*found)


async def upload_rows(session: AsyncSession, limit: int = 50) -> list[UploadRow]:
    """The latest uploads that were carried out, newest first; files only tried are not among them."""
    begun = _UPLOADS.where(Upload.base_id.is_not(None))
    found: Iterable[tuple[Upload, str | None, str | None, datetime | None]] = await session.execute(
        begun.order_by(Upload.created_at.desc()).limit(limit)
    )
    return [_row(*row) for row in found]


def undo_until(upload: Upload) -> datetime | None:
    """Until when an upload can be undone; none when nothing of it was stored or it is undone already."""
    if (
        upload.kind is not UploadKind.UPLOAD
        or upload.base_id is None
        or upload.state not in OVER
        or upload.ended_at is None
    ):
        return None
    return upload.ended_at + timedelta(days=UNDO_DAYS)


def _row(upload: Upload, campaign: str | None, by: str | None, deleted: datetime | None) -> UploadRow:
    return UploadRow(
        id=upload.id,
        version=upload.version,
        state=upload.state.value,
        name=upload.base_name,
        base=upload.base_id,
        campaign=Named(id=upload.campaign_id, name=campaign) if upload.campaign_id and campaign else None,
        file_name=upload.file_name,
        size=upload.size,
        total=upload.total,
        done=upload.done,
        stored=0 if upload.state is UploadState.UNDONE else upload.created + upload.updated + upload.unchanged,
        created=upload.created,
        updated=upload.updated,
        unchanged=upload.unchanged,
        refused=upload.refused,
        cases=upload.cases,
        to_agree=upload.to_agree,
        error=upload.error,
        by=by,
        created_at=upload.created_at,
        started_at=upload.started_at,
        ended_at=upload.ended_at,
        report_url=f"/api/v1/jobs/{upload.id}/report",
        kind=upload.kind.value,
        base_gone=deleted is not None,
        undo_until=None if deleted is not None else undo_until(upload),
        to_take=upload.to_take,
        removed=upload.removed,
        unlinked=upload.unlinked,
        restored=upload.restored,
    )
