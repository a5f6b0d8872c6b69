"""A base as a file: the columns of an upload, so that it can be brought in again (S4-07).

A row for each account of each customer; the customer's contacts are repeated in each. Cells that a spreadsheet would
take for a formula are made harmless (`refused_rows.safe_cell`); in a workbook every cell is text.
"""

# ruff: noqa: S608 - the statement is put together from the table of fields only, values are always bound

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from io import StringIO
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from ....models.customers.customer import CustomerBase
from ....models.customers.fields import CUSTOM, FIELDS, PHONES, Field, Kind
from ....models.customers.service_states import SERVICE_STATES
from ....models.refused import NotFound
from ..store.columns import listed, quoted, sql_type
from ..uploads.refused_rows import safe_cell
from .xlsx_writer import Workbook

MEMBERS = 4000  # customers asked for at a time
EXPORTED = [field for field in FIELDS if field.kind is not Kind.WHOLE_NAME]  # its parts go out
COLUMNS = [field.name for field in EXPORTED]
_STATE = [field.kind for field in EXPORTED].index(Kind.SERVICE_STATE)
_STATE_WORDS = {state.value: terms.name for state, terms in SERVICE_STATES.items()}


def _cell_of(field: Field) -> str:
    """The SQL of a field's cell: as text that comes in again unchanged."""
    if field.kind is Kind.PHONE:
        return f"points.phones[{PHONES.index(field.name) + 1}]"
    if field.kind is Kind.EMAIL:
        return "points.email"
    if field.kind is Kind.ADDRESS:
        return "points.address"
    column = f"{field.column.table.name}.{quoted(field.column.name)}"
    if field.kind is Kind.DATE:
        return f"to_char({column}, 'YYYY-MM-DD')"
    return column if sql_type(field.column) == "text" else f"{column}::text"


_CUSTOM = text("""
    SELECT DISTINCT jsonb_object_keys(customers.custom) AS name
    FROM base_members JOIN customers ON customers.id = base_members.customer_id
    WHERE base_members.base_id = :base AND customers.custom <> '{}' ORDER BY 1 LIMIT 200""")
# First the cells in the order of `COLUMNS`; what follows them is for `custom:` and for the next page.
_PAGE = f"""
    SELECT {listed(_cell_of(field) for field in EXPORTED)}, customers.custom, customers.id
    FROM (SELECT customer_id FROM base_members WHERE base_id = :base AND customer_id > :after
          ORDER BY customer_id LIMIT :members) members
    JOIN customers ON customers.id = members.customer_id
    LEFT JOIN LATERAL (
        SELECT array_agg(value ORDER BY position, id) FILTER (WHERE kind IN ('mobile', 'landline')) AS phones,
               (array_agg(value ORDER BY position, id) FILTER (WHERE kind = 'email'))[1] AS email,
               (array_agg(value ORDER BY position, id) FILTER (WHERE kind = 'address'))[1] AS address
        FROM contact_points WHERE contact_points.customer_id = customers.id) points ON true
    LEFT JOIN accounts ON accounts.customer_id = customers.id
    ORDER BY customers.id, accounts.id"""


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
    after = 0
    while True:
        found = (await session.execute(text(_PAGE), {"base": base_id, "after": after, "members": MEMBERS})).all()
        if not found:
            return
        yield [_cells(row, custom) for row in found]
        after = found[-1].id


def _cells(row: Any, custom: list[str]) -> list[str]:
    cells = ["" if value is None else value for value in row[: len(COLUMNS)]]
    cells[_STATE] = _STATE_WORDS.get(cells[_STATE], cells[_STATE])  # the word that people read, and that comes in again
    return cells + [str(row.custom.get(name, "")) for name in custom] if custom else cells
