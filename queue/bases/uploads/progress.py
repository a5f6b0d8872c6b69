"""What all jobs about bases share: their name in the worker, when they go on, their row, how progress is told."""

from __future__ import annotations

from datetime import UTC, date, datetime

from ....models.bases.upload import Upload, UploadState
from ....models.locking import lock
from ....models.rows.upload import upload_row
from ....realtime.events import ImportProgressed
from ...work import House, Work

JOB = "import.chunk"
GOING = (UploadState.READING, UploadState.CHECKING, UploadState.RUNNING, UploadState.UNDOING)


async def locked(work: Work, upload_id: str) -> Upload:
    """The upload as it is now, held until the end of this work. Raises NotFound."""
    return await lock(work.session, Upload, upload_id)


async def tell_progress(work: Work, upload_id: str) -> None:
    """Tell how far the upload is now."""
    row = await upload_row(work.session, upload_id)
    work.tell(ImportProgressed(at=work.now, job=row.model_dump(mode="json")))


def today_of(house: House, now: datetime | None = None) -> date:
    """The house's day: which dates of a file can be depends on it."""
    return (now or datetime.now(UTC)).astimezone(house.time_zone).date()
