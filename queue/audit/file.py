"""The audit as a CSV file: one line for each row, in the order of the page."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator, Callable
from io import StringIO
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from ...models.audit.actions import terms_of
from ...models.audit.entries import AuditEntry, AuditFilter, audit_page
from ...models.audit.subjects import subject_names
from ...models.refused import N_
from ..bases.uploads.refused_rows import safe_cell

PAGE = 1000
COLUMNS = (
    N_("Fila"),
    N_("Fecha y hora"),
    N_("Quién"),
    N_("Qué"),
    N_("Acción"),
    N_("Sobre"),
    N_("Nombre"),
    N_("Antes"),
    N_("Después"),
    N_("Detalle"),
    N_("Dirección"),
)


async def audit_lines(
    session: AsyncSession, which: AuditFilter, zone: ZoneInfo, say: Callable[[str], str]
) -> AsyncIterator[bytes]:
    """The file piece by piece, as UTF-8 that spreadsheets recognise, with semicolons; words in the asker's language."""
    yield "\ufeff".encode() + _written([[say(column) for column in COLUMNS]])
    cursor: str | None = None
    while True:
        page = await audit_page(session, which, cursor, PAGE)
        names = await subject_names(session, {entry.subject for entry in page.items})
        yield _written([_cells(entry, names, zone, say) for entry in page.items])
        cursor = page.next
        if cursor is None:
            return


def _cells(entry: AuditEntry, names: dict[str, str], zone: ZoneInfo, say: Callable[[str], str]) -> list[str]:
    return [
        str(entry.id),
        entry.at.astimezone(zone).isoformat(timespec="seconds"),
        entry.actor.name if entry.actor else "Atiende",
        say(terms_of(entry.action).says),
        entry.action,
        entry.subject,
        names.get(entry.subject, ""),
        *(orjson.dumps(values).decode() if values else "" for values in (entry.before, entry.after, entry.detail)),
        entry.address or "",
    ]


def _written(rows: list[list[str]]) -> bytes:
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return out.getvalue().encode()
