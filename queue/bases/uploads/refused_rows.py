"""The rows that were not stored, with their reasons: for the page by the handful, for a file all of them."""

from __future__ import annotations

import csv
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from io import StringIO
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ....models.bases.upload import Upload, UploadRefusal
from ....models.customers.fields import CITY, DOCUMENT, NAMES
from ....models.refused import N_
from ....models.rows.values import Row
from ..file.reasons import OPTIONAL, SENTENCES, TITLES, Reason
from ..rows.area_codes import area_code_of

PAGE = 50
_NUMBER = re.compile(r"[+-]?[\d.,\s]+")
Say = Callable[..., str]


class ReasonCount(Row):
    """How many rows have this reason; a `warning` did not refuse its row. `optional`: which of the two it does can be
    chosen."""

    reason: str
    title: str
    count: int
    warning: bool
    optional: bool


class RefusedRow(Row):
    """A row of the file that was refused (or warned about): who it is, where and why. `more` are sentences of further
    reasons of the same row."""

    id: int
    row: int
    document: str
    name: str
    column: str
    value: str
    reason: str
    title: str
    sentence: str
    more: list[str]
    city: str
    area_code: str | None  # the one that the city would give


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows: those refused, or with `warning` those stored without a cell; with this reason, or any."""

    reason: str | None = None
    warning: bool = False
    after: int = 0
    limit: int = PAGE


async def reason_counts(session: AsyncSession, upload_id: str, say: Say) -> list[ReasonCount]:
    """The reasons of an upload, the most frequent first, warnings last. A row may have several."""
    counted = (
        select(UploadRefusal.reason, UploadRefusal.warning, func.count(func.distinct(UploadRefusal.row_number)))
        .where(UploadRefusal.job_id == upload_id)
        .group_by(UploadRefusal.reason, UploadRefusal.warning)
    )
    found = [(Reason(reason), warning, n) for reason, warning, n in await session.execute(counted)]
    found.sort(key=lambda one: (one[1], -one[2], one[0]))
    return [
        ReasonCount(reason=reason, title=say(TITLES[reason]), count=n, warning=warning, optional=reason in OPTIONAL)
        for reason, warning, n in found
    ]


async def refused_rows(session: AsyncSession, upload: Upload, say: Say, asked: Wanted) -> list[RefusedRow]:
    """Some rows in the order of the file, from the one after `after`; each row once."""
    wanted = select(UploadRefusal).where(
        UploadRefusal.job_id == upload.id, UploadRefusal.id > asked.after, UploadRefusal.warning == asked.warning
    )
    wanted = wanted.where(UploadRefusal.reason == asked.reason if asked.reason else UploadRefusal.place == 0)
    found = (await session.execute(wanted.order_by(UploadRefusal.id).limit(asked.limit))).scalars().all()
    others = select(UploadRefusal).where(
        UploadRefusal.job_id == upload.id, UploadRefusal.row_number.in_([one.row_number for one in found])
    )
    more: dict[int, list[UploadRefusal]] = {}
    for one in (await session.execute(others.order_by(UploadRefusal.place))).scalars():
        more.setdefault(one.row_number, []).append(one)
    region = session.info.get("region", "")
    return [_refused_row(one, more[one.row_number], upload.options["columns"], say, region) for one in found]


def _refused_row(
    found: UploadRefusal, all_of_row: list[UploadRefusal], columns: list[str], say: Say, region: str
) -> RefusedRow:
    return RefusedRow(
        id=found.id,
        row=found.row_number,
        document=" ".join(filter(None, (_cell(found, columns, f) for f in DOCUMENT))),
        name=_name(found, columns),
        column=found.column,
        value=found.value,
        reason=found.reason,
        title=say(TITLES[Reason(found.reason)]),
        sentence=sentence_of(found, say),
        more=[sentence_of(other, say) for other in all_of_row if other.id != found.id],
        city=_cell(found, columns, CITY),
        area_code=area_code_of(_cell(found, columns, CITY), region),
    )


def sentence_of(refusal: UploadRefusal, say: Say) -> str:
    """The reason as a sentence in the person's language."""
    return say(SENTENCES[Reason(refusal.reason)], value=refusal.value)


async def report_lines(session: AsyncSession, upload: Upload, say: Say, warnings: bool = False) -> AsyncIterator[bytes]:
    """A CSV file that spreadsheets open as it is: row, all its reasons, column and value of the first one, and the
    row as it stood in the file."""
    head = (N_("Fila"), N_("Motivo"), N_("Columna"), N_("Valor"))
    yield "\ufeff".encode() + _line([*map(say, head), *upload.options["names"]])
    wanted = select(UploadRefusal).where(UploadRefusal.job_id == upload.id, UploadRefusal.warning == warnings)
    found = await session.stream_scalars(wanted.order_by(UploadRefusal.id), execution_options={"yield_per": 500})
    row: list[UploadRefusal] = []
    async for one in found:
        if row and row[0].row_number != one.row_number:
            yield _report_line(row, say)
            row = []
        row.append(one)
    if row:
        yield _report_line(row, say)


def _report_line(row: list[UploadRefusal], say: Say) -> bytes:
    first, why = row[0], " ".join(sentence_of(one, say) for one in row)
    return _line([str(first.row_number), why, first.column, first.value, *map(str, first.line)])


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
