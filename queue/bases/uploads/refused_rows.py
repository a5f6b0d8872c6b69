"""The rows that were not stored, with their reasons: for the page by the handful, for a file all of them."""

from __future__ import annotations

import csv
import re
from collections.abc import AsyncIterator, Callable
from io import StringIO
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ....models.bases.upload import Upload, UploadRefusal
from ....models.customers.fields import CITY, DOCUMENT, NAMES
from ....models.refused import N_
from ....models.rows.values import Row
from ..file.reasons import SENTENCES, TITLES, WARNINGS, Reason
from ..rows.area_codes import area_code_of

PAGE = 50
_NUMBER = re.compile(r"[+-]?[\d.,\s]+")
_WARNED = [reason.value for reason in WARNINGS]
Say = Callable[..., str]


class ReasonCount(Row):
    """How many rows have this reason; a `warning` did not refuse its row."""

    reason: str
    title: str
    count: int
    warning: bool


class RefusedRow(Row):
    """A row of the file that was refused (or warned about): who it is, where and why."""

    id: int
    row: int
    document: str
    name: str
    column: str
    value: str
    reason: str
    title: str
    sentence: str
    city: str
    area_code: str | None  # the one that the city would give


async def reason_counts(session: AsyncSession, upload_id: str, say: Say) -> list[ReasonCount]:
    """The reasons of an upload, the most frequent first, warnings last."""
    counted = (
        select(UploadRefusal.reason, func.count())
        .where(UploadRefusal.job_id == upload_id)
        .group_by(UploadRefusal.reason)
    )
    found = [(Reason(reason), n) for reason, n in (await session.execute(counted))]
    found.sort(key=lambda pair: (pair[0] in WARNINGS, -pair[1], pair[0]))
    return [
        ReasonCount(reason=reason, title=say(TITLES[reason]), count=n, warning=reason in WARNINGS)
        for reason, n in found
    ]


async def refused_rows(
    session: AsyncSession, upload: Upload, say: Say, *, reason: str | None = None, after: int = 0, limit: int = PAGE
) -> list[RefusedRow]:
    """Some refused rows in the order of the file, from the one after `after`; without a reason all but warnings."""
    wanted = select(UploadRefusal).where(UploadRefusal.job_id == upload.id, UploadRefusal.id > after)
    wanted = wanted.where(UploadRefusal.reason == reason if reason else UploadRefusal.reason.not_in(_WARNED))
    columns: list[str] = upload.options["columns"]
    return [
        RefusedRow(
            id=found.id,
            row=found.row_number,
            document=" ".join(filter(None, (_cell(found, columns, f) for f in DOCUMENT))),
            name=_name(found, columns),
            column=found.column,
            value=found.value,
            reason=found.reason,
            title=say(TITLES[Reason(found.reason)]),
            sentence=sentence_of(found, say),
            city=_cell(found, columns, CITY),
            area_code=area_code_of(_cell(found, columns, CITY), session.info.get("region", "")),
        )
        for found in (await session.execute(wanted.order_by(UploadRefusal.id).limit(limit))).scalars()
    ]


def sentence_of(refusal: UploadRefusal, say: Say) -> str:
    """The reason as a sentence in the person's language."""
    return say(SENTENCES[Reason(refusal.reason)], value=refusal.value)


async def report_lines(session: AsyncSession, upload: Upload, say: Say, warnings: bool = False) -> AsyncIterator[bytes]:
    """A CSV file that spreadsheets open as it is: row, reason, column, value, and the row as it stood in the file."""
    head = (N_("Fila"), N_("Motivo"), N_("Columna"), N_("Valor"))
    yield "\ufeff".encode() + _line([*map(say, head), *upload.options["names"]])
    wanted = select(UploadRefusal).where(UploadRefusal.job_id == upload.id).order_by(UploadRefusal.id)
    kind = UploadRefusal.reason.in_(_WARNED) if warnings else UploadRefusal.reason.not_in(_WARNED)
    found = await session.stream_scalars(wanted.where(kind), execution_options={"yield_per": 500})
    async for part in found.partitions():
        lines = (_line([str(r.row_number), sentence_of(r, say), r.column, r.value, *map(str, r.line)]) for r in part)
        yield b"".join(lines)


def safe_cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def _line(cells: list[str]) -> bytes:
    out = StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow([safe_cell(cell) for cell in cells])
    return out.getvalue().encode()


def _cell(refusal: UploadRefusal, columns: list[str], field: str) -> str:
    line: list[Any] = refusal.line
    place = columns.index(field) if field in columns else len(line)
    return str(line[place]).strip() if place < len(line) else ""


def _name(refusal: UploadRefusal, columns: list[str]) -> str:
    return " ".join(filter(None, (_cell(refusal, columns, field) for field in NAMES)))[:80]
