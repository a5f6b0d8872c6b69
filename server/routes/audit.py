"""`/api/v1/audit`: who did what, for administrators; and how long it is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from pydantic import Field
from starlette.responses import Response, StreamingResponse

from ...models.audit.entries import AuditEntry, audit_page, count_all
from ...models.audit.settings_row import SettingsRow, settings_row
from ...models.audit.subjects import subject_names
from ...models.permissions import Permission
from ...models.refused import BadInput, Stale
from ...models.rows.values import Row
from ...queue.audit.file import audit_lines
from ...queue.audit.retention import change_retention
from ..doors.audit_query import AuditQuery
from ..doors.input import Input
from ..doors.route import Door, Route
from ..web_process import tongue_of

API = "/api/v1"


class NamedEntry(AuditEntry):
    """A row with the name of what it is about (none: it has none, or is gone)."""

    subject_name: str | None


class AuditList(Row):
    """Rows, the newest first."""

    items: list[NamedEntry]
    next: str | None


class SettingsChange(Input):
    """`audit_days`: how long the audit is kept. `version` is the one that was seen."""

    version: int | None = None
    audit_days: Annotated[int, Field(ge=1, le=100_000)]


async def see_audit(door: Door) -> AuditList:
    """Who changed, took out, was refused or came in: what, when, the old value and the new one."""
    asked: AuditQuery = door.query
    page = await audit_page(door.session, asked.filter(door.house.time_zone), asked.next, asked.limit)
    names = await subject_names(door.session, {entry.subject for entry in page.items})
    items = [NamedEntry(**dict(entry), subject_name=names.get(entry.subject)) for entry in page.items]
    return AuditList(items=items, next=page.next)


async def export_audit(door: Door) -> Response:
    """The rows as a CSV file, all that fit. That it was taken out is a row of its own."""
    asked: AuditQuery = door.query
    which, say = asked.filter(door.house.time_zone), tongue_of(door.request, door.me.locale).say
    rows = await count_all(door.session, which)
    asked_for = asked.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"next", "limit"})
    await door.note("audit.exported", "audit", rows=rows, filter=asked_for)

    async def lines() -> AsyncIterator[bytes]:
        # The door's own session ends with the handler, before the file is sent.
        async with door.house.look() as session:
            async for part in audit_lines(session, which, door.house.time_zone, say):
                yield part

    headers = {"Content-Disposition": 'attachment; filename="auditoria.csv"', "X-Content-Type-Options": "nosniff"}
    return StreamingResponse(lines(), media_type="text/csv; charset=utf-8", headers=headers)


async def see_settings(door: Door) -> SettingsRow:
    """What administrators set for the whole installation."""
    return await settings_row(door.session)


async def change_settings(door: Door) -> SettingsRow:
    """Change how long the audit is kept."""
    return await change_retention(door.work, door.body.audit_days, door.body.version)


_SEE, _SET = Permission.SEE_AUDIT, Permission.MANAGE_SETTINGS
_CHANGE = (BadInput, Stale)
ROUTES = [
    Route("GET", f"{API}/audit", see_audit, _SEE, query=AuditQuery, answer=AuditList, refusals=(BadInput,)),
    Route("GET", f"{API}/audit/export", export_audit, _SEE, query=AuditQuery, media=("text/csv",)),
    Route("GET", f"{API}/settings", see_settings, _SET, answer=SettingsRow),
    Route(
        "PATCH",
        f"{API}/settings",
        change_settings,
        _SET,
        SettingsChange,
        answer=SettingsRow,
        refusals=(BadInput, Stale),
    ),
]
