"""Rows of a file on their way into the tables: COPY into temporary tables, then marks of what each row would do.

The same marks count a dry run and decide what a real one writes, so that both say the same. Every statement is about
all rows at once. Rows of one call are different customers: `Batch.waves` sees to it.
"""

# ruff: noqa: S608 - the statements are put together from names in this room only, values are always bound

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from ....models.customers.fields import CUSTOM
from ..rows.batch import NULL, Batch, copy_source


class Mode(StrEnum):
    """What a load does with customers who are new and with those who are known."""

    BOTH = "both"
    CREATE = "create"  # only new ones; rows of known customers are refused
    UPDATE = "update"  # only known ones; rows of new customers are refused


_TABLES = (
    """CREATE TEMPORARY TABLE IF NOT EXISTS import_rows (
        row_number bigint, key text, again boolean, document_type text, document text,
        first_name text, second_name text, first_surname text, second_surname text,
        full_name text, search_key text, sort_key text,
        birth_date date, sex text, city text, custom text,
        has_account boolean, account text, plan text, service_address text, service_state text,
        cut_off_date date, extension_until date, balance numeric(14, 2),
        customer_id bigint DEFAULT nextval('customers_id_seq'), account_id bigint,
        is_new boolean DEFAULT true, differs boolean DEFAULT false, account_differs boolean DEFAULT false,
        new_points boolean DEFAULT false) ON COMMIT DELETE ROWS""",
    """CREATE TEMPORARY TABLE IF NOT EXISTS import_points (
        row_number bigint, kind text, value text, place integer, field text) ON COMMIT DELETE ROWS""",
)
# Who is already known: by document; by a document written without its type when only one has it; by the base's key.
# Until then each row is a new customer, under an id of his own. LATERAL, since some thousand looks into an index cost
# the same in tables of any size, and a join may read the whole of them; + 0, lest the other index be read in its order.
_MATCH = (
    """UPDATE import_rows r SET customer_id = c.id, is_new = false
       FROM import_rows o CROSS JOIN LATERAL (
           SELECT id FROM customers
           WHERE document <> '' AND document_type = o.document_type AND document = o.document LIMIT 1) c
       WHERE o.document <> '' AND r.row_number = o.row_number""",
    """UPDATE import_rows r SET customer_id = c.id, is_new = false
       FROM (SELECT document, min(id) AS id FROM customers
             WHERE document IN (SELECT document FROM import_rows
                              WHERE document <> '' AND is_new AND document_type = '')
             GROUP BY document HAVING count(*) = 1) c
       WHERE r.is_new AND r.document_type = '' AND c.document = r.document""",
    """UPDATE import_rows r SET customer_id = m.customer_id, is_new = false
       FROM import_rows o CROSS JOIN LATERAL (
           SELECT customer_id FROM base_members
           WHERE base_id = :base AND key = o.key ORDER BY customer_id + 0 LIMIT 1) m
       WHERE o.is_new AND r.row_number = o.row_number""",
)
_SAME_CUSTOMER = """
    DELETE FROM import_rows r USING import_rows o
    WHERE NOT r.is_new AND NOT o.is_new AND r.customer_id = o.customer_id AND r.row_number > o.row_number
    RETURNING r.row_number"""
# Rows that the chosen way of loading leaves out. Those whom this upload made itself are not known from before.
_LEFT_OUT = {
    Mode.CREATE: """
        DELETE FROM import_rows r WHERE NOT r.is_new AND NOT EXISTS (
            SELECT FROM base_members m WHERE m.customer_id = r.customer_id AND m.joined_by = :job)
        RETURNING r.row_number""",
    Mode.UPDATE: "DELETE FROM import_rows r WHERE r.is_new RETURNING r.row_number",
}
# A row that names no account is about the only one there is.
_SOLE_ACCOUNT = """
    UPDATE import_rows r SET account = (
        SELECT min(a.number) FROM accounts a WHERE a.customer_id = r.customer_id HAVING count(*) = 1)
    WHERE r.has_account AND r.account IS NULL AND NOT r.is_new"""

# Where the data of a field stand in the staged row, by who has them.
_OF_CUSTOMER = {
    "nombre": ("first_name", "second_name", "first_surname", "second_surname"),
    "primer_nombre": ("first_name",),
    "segundo_nombre": ("second_name",),
    "primer_apellido": ("first_surname",),
    "segundo_apellido": ("second_surname",),
    "fecha_nacimiento": ("birth_date",),
    "sexo": ("sex",),
    "ciudad": ("city",),
}
_OF_ACCOUNT = {
    "plan": "plan",
    "direccion_servicio": "service_address",
    "estado": "service_state",
    "fecha_corte": "cut_off_date",
    "prorroga": "extension_until",
    "saldo": "balance",
}
# What is to stay as it is in known customers is taken out of their rows, a field at a time (S4-13).
_KEEP_OF_CUSTOMER = {
    field: tuple(f"UPDATE import_rows SET {name} = NULL WHERE NOT is_new" for name in names)
    for field, names in _OF_CUSTOMER.items()
}
_KEEP_OF_ACCOUNT = {
    field: f"UPDATE import_rows SET {name} = NULL WHERE account_id IS NOT NULL" for field, name in _OF_ACCOUNT.items()
}
_KEEP_CUSTOM = """UPDATE import_rows SET custom = (custom::jsonb - CAST(:names AS text[]))::text
                  WHERE NOT is_new AND cardinality(CAST(:names AS text[])) > 0"""
_KEEP_POINTS = """DELETE FROM import_points p USING import_rows r WHERE r.row_number = p.row_number
                  AND NOT r.is_new AND p.field = ANY(CAST(:fields AS text[]))"""
NAMES = ("first_name", "second_name", "first_surname", "second_surname")
# What a customer would be after the row; `c` is the customer, `r` the row. An empty cell erases nothing.
MERGED = {
    "document_type": "CASE WHEN r.document <> '' AND r.document_type <> '' THEN r.document_type"
    " ELSE c.document_type END",
    "document": "CASE WHEN r.document <> '' THEN r.document ELSE c.document END",
    **{name: f"coalesce(r.{name}, c.{name})" for name in NAMES},
    "birth_date": "coalesce(r.birth_date, c.birth_date)",
    "sex": "coalesce(r.sex, c.sex)",
    "city": "coalesce(r.city, c.city)",
    "custom": "c.custom || r.custom::jsonb",
}
ACCOUNT = {
    name: f"coalesce(r.{name}, a.{name})"
    for name in ("plan", "service_address", "service_state", "cut_off_date", "extension_until", "balance")
}


def _differs(merged: dict[str, str], table: str) -> str:
    now = ", ".join(f"{table}.{name}" for name in merged)
    return f"({', '.join(merged.values())}) IS DISTINCT FROM ({now})"


_MARK_ACCOUNTS = f"""
    UPDATE import_rows r SET account_differs = true FROM accounts a
    WHERE a.id = r.account_id AND {_differs(ACCOUNT, "a")}"""
_MARK = (
    f"""UPDATE import_rows r SET differs = true FROM customers c
        WHERE c.id = r.customer_id AND {_differs(MERGED, "c")}""",
    """UPDATE import_rows r SET new_points = true
       WHERE NOT r.is_new AND EXISTS (
           SELECT FROM import_points p WHERE p.row_number = r.row_number AND NOT EXISTS (
               SELECT FROM contact_points k
               WHERE k.customer_id = r.customer_id AND k.kind = p.kind AND k.value = p.value))""",
    """UPDATE import_rows r SET account_id = a.id FROM accounts a
       WHERE r.has_account AND a.customer_id = r.customer_id AND a.number = coalesce(r.account, '')""",
    _MARK_ACCOUNTS,
    """UPDATE import_rows SET account_differs = true WHERE has_account AND account_id IS NULL AND NOT is_new""",
)
_COUNT = """
    SELECT count(*) FILTER (WHERE is_new AND NOT again),
           count(*) FILTER (WHERE differs OR new_points OR account_differs OR (is_new AND again)),
           count(*) FILTER (WHERE (differs OR new_points OR account_differs) AND (NOT again OR EXISTS (
               SELECT FROM customers c WHERE c.id = customer_id AND c.created_at < :began))),
           count(*) FROM import_rows"""


@dataclass(frozen=True, slots=True)
class Staging:
    """How rows of an upload meet the customers there are: the base, the upload itself, and what is left as it is."""

    base_id: int | None
    job_id: str
    mode: Mode = Mode.BOTH
    kept: tuple[str, ...] = ()  # fields that change nothing in known customers (S4-13)
    began: datetime | None = None  # whom the upload made is younger


async def stage(session: AsyncSession, rows: Batch, how: Staging) -> tuple[set[int], set[int]]:
    """Bring `rows` into the temporary tables and find whom we know.

    Answers the numbers of rows left out because an earlier one of them is the same customer (their turn comes after),
    and of those that the chosen way of loading refuses.
    """
    await session.execute(text("SET LOCAL enable_seqscan = off"))  # a chunk looks some rows up in tables of any size
    for table in _TABLES:
        await session.execute(text(table))
    await session.execute(text("DELETE FROM import_rows"))
    await session.execute(text("DELETE FROM import_points"))
    await _copy(session, rows)
    for statement in _MATCH:
        await session.execute(text(statement), {"base": how.base_id} if ":base" in statement else {})
    refused: set[int] = set()
    if left_out := _LEFT_OUT.get(how.mode):
        job = {"job": how.job_id} if ":job" in left_out else {}
        refused = set((await session.execute(text(left_out), job)).scalars())
    again = set((await session.execute(text(_SAME_CUSTOMER))).scalars())
    await session.execute(text(_SOLE_ACCOUNT))
    await _keep_customers(session, how.kept)
    return again, refused


async def _copy(session: AsyncSession, batch: Batch) -> None:
    raw = await (await session.connection()).get_raw_connection()
    driver: Any = raw.driver_connection
    for table, frame in (("import_rows", batch.rows), ("import_points", batch.points)):
        if frame.height:
            columns, source = copy_source(frame)
            await driver.copy_to_table(table, source=source, columns=columns, format="csv", null=NULL)
    # Without it the planner takes them for a few rows; it needs no more than what they are joined by.
    await session.execute(
        text("ANALYZE import_rows (row_number, key, document, customer_id), import_points (row_number)")
    )


async def _keep_customers(session: AsyncSession, kept: Sequence[str]) -> None:
    """Take out of the rows of known customers what is to stay as it is."""
    for field in kept:
        for statement in _KEEP_OF_CUSTOMER.get(field, ()):
            await session.execute(text(statement))
    if kept:
        await session.execute(text(_KEEP_POINTS), {"fields": list(kept)})
        names = [field.removeprefix(CUSTOM) for field in kept if field.startswith(CUSTOM)]
        await session.execute(text(_KEEP_CUSTOM), {"names": names})


_STAGED = """
    SELECT count(*), count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE is_new AND again) FROM import_rows"""


async def mark(session: AsyncSession, how: Staging) -> tuple[int, int, int, int]:
    """Say of each staged row what it does; how many are new customers, change one, and change nothing.

    The last number is how many of those that change one change somebody who was there before the upload.
    """
    total, new, again = (await session.execute(text(_STAGED))).one()
    if new == total:
        return new - again, again, 0, 0
    for statement in _MARK:
        if statement is _MARK_ACCOUNTS:
            for field in how.kept:
                if field in _KEEP_OF_ACCOUNT:
                    await session.execute(text(_KEEP_OF_ACCOUNT[field]))
        await session.execute(text(statement))
    created, updated, changes, total = (await session.execute(text(_COUNT), {"began": how.began})).one()
    return created, updated, total - created - updated, changes
