"""`/api/v1/jobs`: an upload is looked at, tried, carried out, stopped, and says why rows were refused (S4-02)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from pydantic import Field
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from ...models.bases.upload import Upload, UploadState
from ...models.customers.customer import CustomerBase
from ...models.permissions import Permission
from ...models.refused import BadInput, Conflict, NotFound
from ...models.rows.upload import UploadRow, upload_row
from ...models.rows.values import Row
from ...queue.bases.uploads.lifecycle import start_check, start_run, stop
from ...queue.bases.uploads.options import UploadOptions, change_options
from ...queue.bases.uploads.preview import FilePreview, preview
from ...queue.bases.uploads.progress import today_of
from ...queue.bases.uploads.refused_rows import (
    PAGE,
    ReasonCount,
    RefusedRow,
    Wanted,
    reason_counts,
    refused_rows,
    report_lines,
)
from ...queue.bases.uploads.removal import AgreedCounts, Consequences, start_undo, undo_consequences
from ..doors.input import Input
from ..doors.route import Door, Route
from ..listening.budgets import Spend
from ..web_process import tongue_of

API = "/api/v1"
Short = Annotated[str, Field(max_length=20)]


class JobChange(Input):
    """How the file is to be read; what is absent stays. `campaign` 0 means none; `columns` a field for each column;
    `kept` the fields that change nothing in customers who exist; `other_key` lets a base's key become this one."""

    name: Annotated[str, Field(min_length=1, max_length=120)] | None = None
    campaign: int | None = None
    key: Annotated[list[str], Field(min_length=1, max_length=5)] | None = None
    encoding: Short | None = None
    separator: Short | None = None  # ; , | or tab
    sheet: Annotated[str, Field(max_length=80)] | None = (
        None  # of a workbook, which is opened again; "" = the likeliest
    )
    header: bool | None = None
    header_row: Annotated[int, Field(ge=1, le=1_000_000)] | None = None  # with header false, the first row of data
    dates: Short | None = None  # dmy, mdy, ymd or column
    columns: Annotated[list[Annotated[str, Field(max_length=80)]], Field(max_length=200)] | None = None
    area_code: Annotated[str, Field(max_length=5)] | None = None  # digits, or "city" for that of each one's city
    mode: Short | None = None  # both, create or update
    kept: Annotated[list[Annotated[str, Field(max_length=80)]], Field(max_length=200)] | None = None
    refuse: Annotated[list[Short], Field(max_length=20)] | None = None  # reasons that refuse the row
    other_key: bool | None = None


class JobPreview(Row):
    """The upload and how its file reads now; no preview while a workbook is being opened."""

    job: UploadRow
    preview: FilePreview | None
    base_key: list[str] | None  # of the base of this name, when there is one


class Run(Input):
    """`changes`: the `to_agree` of the upload, said back; without it the run changes no customer who exists."""

    changes: Annotated[int, Field(ge=0)] = 0


class Agreed(Input):
    """The counts that were shown and agreed to."""

    removes: int | None = None
    unlinks: int | None = None


class Refusals(Row):
    """Refused rows in the order of the file, all reasons with their counts, and where the next page begins."""

    reasons: list[ReasonCount]
    items: list[RefusedRow]
    next: int | None


class RefusalQuery(Input):
    """`reason` is a code; `warning` asks for rows that were stored without a cell; `after` the `next` of the page
    before."""

    reason: Annotated[str, Field(max_length=40)] | None = None
    warning: bool = False
    after: int = 0
    limit: Annotated[int, Field(ge=1, le=200)] = PAGE


class ReportQuery(Input):
    """`warnings` asks for rows that were stored without one of their data, instead of the refused ones."""

    warnings: bool = False


async def see_job(door: Door) -> UploadRow:
    """How far an upload is and what became of its rows."""
    return await upload_row(door.session, door.path["job"])


async def see_preview(door: Door) -> JobPreview:
    """How the file reads with its options."""
    return await previewed(door, await _upload(door))


async def change_job(door: Door) -> JobPreview:
    """Change how the file is read, before it is carried out."""
    given = door.body.model_dump(exclude_unset=True)
    asked = UploadOptions(**{("campaign_id" if name == "campaign" else name): v for name, v in given.items()})
    try:
        upload = await change_options(door.work, door.path["job"], asked)
    except FileNotFoundError:
        raise NotFound from None
    return await previewed(door, upload)


async def check_job(door: Door) -> UploadRow:
    """Read the whole file and count what would happen; nothing is stored."""
    upload = await start_check(door.work, door.path["job"])
    return await upload_row(door.session, upload.id)


async def run_job(door: Door) -> UploadRow:
    """Store the rows; after a stop it goes on where it was. What it changes in customers who exist is said in the body,
    else 409 tells it (S4-14)."""
    upload = await start_run(door.work, door.path["job"], door.body.changes)
    return await upload_row(door.session, upload.id)


async def stop_job(door: Door) -> UploadRow:
    """Stop; what was stored stays."""
    upload = await stop(door.work, door.path["job"])
    return await upload_row(door.session, upload.id)


async def see_undo(door: Door) -> Consequences:
    """What undoing an upload would do: who goes, who stays without the base, who gets former data back."""
    return await undo_consequences(door.session, door.path["job"])


async def undo_job(door: Door) -> UploadRow:
    """Undo an upload within its time; the counts of the body, when given, must still be true."""
    upload = await start_undo(door.work, door.path["job"], AgreedCounts(door.body.removes, door.body.unlinks))
    return await upload_row(door.session, upload.id)


async def see_refusals(door: Door) -> Refusals:
    """The refused rows with their reasons."""
    upload, say, asked = await _upload(door), tongue_of(door.request, door.me.locale).say, door.query
    wanted = Wanted(asked.reason, asked.warning, asked.after, asked.limit)
    rows = await refused_rows(door.session, upload, say, wanted)
    more = rows[-1].id if len(rows) == asked.limit else None
    return Refusals(reasons=await reason_counts(door.session, upload.id, say), items=rows, next=more)


async def report(door: Door) -> Response:
    """The refused rows as a CSV file: row, reason, column, value, and the row as it stood."""
    upload, say, warnings = await _upload(door), tongue_of(door.request, door.me.locale).say, door.query.warnings
    await door.note("import.rows_exported", f"import:{upload.id}", warnings=warnings)

    async def lines() -> AsyncIterator[bytes]:
        # The door's own session ends with the handler, before the file is sent.
        async with door.house.look() as session:
            async for part in report_lines(session, upload, say, warnings):
                yield part

    name = f"{'avisos' if warnings else 'rechazadas'}-{upload.id[:8]}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return StreamingResponse(lines(), media_type="text/csv; charset=utf-8", headers=headers)


async def previewed(door: Door, upload: Upload) -> JobPreview:
    """The upload with its preview. Raises NotFound when its file is not kept any more."""
    row = await upload_row(door.session, upload.id)
    if upload.state is UploadState.READING or not upload.options["names"]:
        return JobPreview(job=row, preview=None, base_key=None)
    try:
        shown = await run_in_threadpool(preview, upload, door.house, today_of(door.house))
    except FileNotFoundError:
        raise NotFound from None
    named = select(CustomerBase.key).where(CustomerBase.name == upload.base_name, CustomerBase.deleted_at.is_(None))
    key = (await door.session.execute(named)).scalar()
    return JobPreview(job=row, preview=shown, base_key=key)


async def _upload(door: Door) -> Upload:
    upload = await door.session.get(Upload, door.path["job"])
    if upload is None:
        raise NotFound
    return upload


_MAY = Permission.UPLOAD_BASES
_JOB = f"{API}/jobs/{{job}}"
_GONE = (NotFound, Conflict, BadInput)
ROUTES = [
    Route("GET", _JOB, see_job, _MAY, answer=UploadRow, refusals=(NotFound,)),
    Route("PATCH", _JOB, change_job, _MAY, body=JobChange, answer=JobPreview, refusals=_GONE),
    Route("GET", f"{_JOB}/preview", see_preview, _MAY, answer=JobPreview, refusals=(NotFound,)),
    Route("POST", f"{_JOB}/check", check_job, _MAY, answer=UploadRow, status=202, refusals=_GONE),
    Route("POST", f"{_JOB}/run", run_job, _MAY, body=Run, answer=UploadRow, status=202, refusals=_GONE),
    Route("POST", f"{_JOB}/stop", stop_job, _MAY, answer=UploadRow, refusals=(NotFound, Conflict)),
    Route("GET", f"{_JOB}/undo", see_undo, _MAY, answer=Consequences, refusals=(NotFound, Conflict)),
    Route("POST", f"{_JOB}/undo", undo_job, _MAY, body=Agreed, answer=UploadRow, status=202, refusals=_GONE),
    Route("GET", f"{_JOB}/refusals", see_refusals, _MAY, query=RefusalQuery, answer=Refusals, refusals=(NotFound,)),
    Route(
        "GET",
        f"{_JOB}/report",
        report,
        _MAY,
        query=ReportQuery,
        refusals=(NotFound,),
        media=("text/csv",),
        spends=Spend.EXPORT,
    ),
]
