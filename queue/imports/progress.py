"""What all jobs about bases share: their name in the worker, when they go on, how their progress is told."""

from __future__ import annotations

from ...models.import_job import ImportState
from ...realtime.events import ImportProgressed
from ...realtime.import_rows import import_job_row
from ..work import Work

JOB = "import.chunk"
GOING = (ImportState.CHECKING, ImportState.RUNNING, ImportState.UNDOING)


async def tell_progress(work: Work, job_id: str) -> None:
    """Tell how far the job is now."""
    row = await import_job_row(work.session, job_id)
    work.tell(ImportProgressed(at=work.now, job=row.model_dump(mode="json")))
