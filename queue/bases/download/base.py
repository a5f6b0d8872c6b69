"""A base as a file: the columns of an upload, so that it can be brought in again (S4-07).

A row for each account of each customer; his contacts are repeated in each. Cells that a spreadsheet would take for a
formula are made harmless (`report.safe_cell`); in a workbook every cell is text.
"""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from io import StringIO
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from ....models.customers.customer import CustomerBase
from ....models.customers.fields import CUSTOM, FIELDS
from ....models.refused import NotFound
from ..jobs.refused_rows import safe_cell
from .workbook import Workbook

MEMBERS = 4000  # customers asked for at a time
COLUMNS = [field.name for field in FIELDS if field.name != "nombre"]

_CUSTOM = text("""
    SELECT DISTINCT jsonb_object_keys(c.custom) AS name FROM base_members m JOIN customers c ON c.id = m.customer_id
    WHERE m.base_id = :base AND c.custom <> '{}' ORDER BY 1 LIMIT 200""")
# The names of the columns are those of `COLUMNS`; what follows them is for the next page and for `custom:`.
_ROWS = text("""
    SELECT c.document_type, c.document, c.first_name, c.second_name, c.first_surname, c.second_surname,
           to_char(c.birth_date, 'YYYY-MM-DD'), c.sex, p.phones[1], p.phones[2], p.phones[3], p.email, p.address,
           c.city, a.number, a.plan, a.service_state, a.service_address, to_char(a.cut_off_date, 'YYYY-MM-DD'),
           to_char(a.extension_until, 'YYYY-MM-DD'), a.balance::text, c.custom, c.id
    FROM (SELECT customer_id FROM base_members WHERE base_id = :base AND customer_id > :after
          ORDER BY customer_id LIMIT :members) m
    JOIN customers c ON c.id = m.customer_id
    LEFT JOIN LATERAL (
        SELECT array_agg(k.value ORDER BY k.position, k.id) FILTER (WHERE k.kind IN ('mobile', 'landline')) AS phones,
               (array_agg(k.value ORDER BY k.position, k.id) FILTER (WHERE k.kind = 'email'))[1] AS email,
               (array_agg(k.value ORDER BY k.position, k.id) FILTER (WHERE k.kind = 'address'))[1] AS address
        FROM contact_points k WHERE k.customer_id = c.id) p ON true
    LEFT JOIN accounts a ON a.customer_id = c.id
    ORDER BY c.id, a.id""")


async def base_of(session: AsyncSession, base: int) -> CustomerBase:
    """A base by its number. Raises NotFound."""
    found = await session.get(CustomerBase, base)
    if found is None or found.deleted_at is not None:
        raise NotFound
    return found


async def csv_lines(session: AsyncSession, base_id: int) -> AsyncIterator[bytes]:
    """The file piece by piece, as UTF-8 that spreadsheets recognise, with semicolons."""
    yield "\ufeff".encode()
    async for rows in _pages(session, base_id):
        out = StringIO()
        csv.writer(out, delimiter=";", lineterminator="\r\n").writerows(
            [cell if cell.isalnum() else safe_cell(cell) for cell in row] for row in rows
        )
        yield out.getvalue().encode()


async def workbook_parts(session: AsyncSession, base_id: int) -> AsyncIterator[bytes]:
    """The same as an XLSX workbook, piece by piece."""
    book, header = Workbook(), True
    async for rows in _pages(session, base_id):
        if header:
            book.header, rows, header = rows[0], rows[1:], False
        book.write(rows)
        yield book.taken()
    yield book.finish()


async def _pages(session: AsyncSession, base_id: int) -> AsyncIterator[list[list[str]]]:
    """Rows of cells; the first one of the first page is the header."""
    custom = list((await session.execute(_CUSTOM, {"base": base_id})).scalars())
    yield [[*COLUMNS, *(f"{CUSTOM}{name}" for name in custom)]]
    after, width = 0, len(COLUMNS)
    while True:
        found = (await session.execute(_ROWS, {"base": base_id, "after": after, "members": MEMBERS})).all()
        if not found:
            return
        yield [_cells(row, width, custom) for row in found]
        after = found[-1][-1]


def _cells(row: Any, width: int, custom: list[str]) -> list[str]:
    cells = ["" if value is None else value for value in row[:width]]
    return cells + [str(row[width].get(name, "")) for name in custom] if custom else cells
