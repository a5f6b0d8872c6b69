"""Rows of a file on their way into the tables: COPY into temporary tables, then marks of what each row would do.

The same marks count a dry run and decide what a real one writes, so that both say the same. Every statement is about
all rows at once. Rows of one call are different customers: `ParsedRows.waves` sees to it.
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
from ....models.customers.lines import line_in_sql
from ..rows.parsed_rows import NULL, ParsedRows, copy_source
from .columns import ACCOUNT_KEPT, ACCOUNT_MERGED, CUSTOMER_KEPT, CUSTOMER_MERGED, STAGED_FIELDS, listed


class Mode(StrEnum):
    """What a load does with customers who are new and with those who are known."""

    BOTH = "both"
    CREATE = "create"  # only new ones; rows of known customers are refused
    UPDATE = "update"  # only known ones; rows of new customers are refused


_TABLES = (
    f"""CREATE TEMPORARY TABLE IF NOT EXISTS import_rows (
        row_number bigint, key text, again boolean, has_account boolean,
        full_name text, search_key text, sort_key text, custom text,
        {listed(f"{name} {kind}" for name, kind in STAGED_FIELDS.items())},
        customer_id bigint DEFAULT nextval('customers_id_seq'), account_id bigint,
        is_new boolean DEFAULT true, differs boolean DEFAULT false, account_differs boolean DEFAULT false,
        new_points boolean DEFAULT false) ON COMMIT DELETE ROWS""",
    f"""CREATE TEMPORARY TABLE IF NOT EXISTS import_points (
        row_number bigint, kind text, value text, place integer, field text, label text, extension text,
        same text GENERATED ALWAYS AS (coalesce({line_in_sql()}, value)) STORED) ON COMMIT DELETE ROWS""",
)
# Who is already known: by document, with its type or kept without one; by a document written without its type when only
# one has it; by the base's key.
# Until then each row is a new customer, under an id of its own. LATERAL, because some thousand looks into an index cost
# the same in tables of any size, while a join may read the whole of them; + 0, so that the other index is not read in
# its order.
_MATCH = (
    """UPDATE import_rows staged SET customer_id = known.id, is_new = false
       FROM import_rows asked CROSS JOIN LATERAL (
           SELECT id FROM customers
           WHERE document <> '' AND document_type IN (asked.document_type, '') AND document = asked.document
           ORDER BY document_type DESC LIMIT 1) known
       WHERE asked.document <> '' AND staged.row_number = asked.row_number""",
    """UPDATE import_rows staged SET customer_id = known.id, is_new = false
       FROM (SELECT document, min(id) AS id FROM customers
             WHERE document IN (SELECT document FROM import_rows
                              WHERE document <> '' AND is_new AND document_type = '')
             GROUP BY document HAVING count(*) = 1) known
       WHERE staged.is_new AND staged.document_type = '' AND known.document = staged.document""",
    """UPDATE import_rows staged SET customer_id = member.customer_id, is_new = false
       FROM import_rows asked CROSS JOIN LATERAL (
           SELECT customer_id FROM base_members
           WHERE base_id = :base AND key = asked.key ORDER BY customer_id + 0 LIMIT 1) member
       WHERE asked.is_new AND staged.row_number = asked.row_number""",
)
_SAME_CUSTOMER = """
    DELETE FROM import_rows staged USING import_rows earlier
    WHERE NOT staged.is_new AND NOT earlier.is_new AND staged.customer_id = earlier.customer_id
      AND staged.row_number > earlier.row_number
    RETURNING staged.row_number"""
# Rows that the chosen way of loading leaves out. Customers whom this upload made itself are not known from before.
_LEFT_OUT = {
    Mode.CREATE: """
        DELETE FROM import_rows staged WHERE NOT staged.is_new AND NOT EXISTS (
            SELECT FROM base_members WHERE base_members.customer_id = staged.customer_id
              AND base_members.joined_by = :job)
        RETURNING staged.row_number""",
    Mode.UPDATE: "DELETE FROM import_rows staged WHERE staged.is_new RETURNING staged.row_number",
}
# A row that names no account is about the only one there is.
_SOLE_ACCOUNT = """
    UPDATE import_rows staged SET account = (
        SELECT min(accounts.number) FROM accounts WHERE accounts.customer_id = staged.customer_id HAVING count(*) = 1)
    WHERE staged.has_account AND staged.account IS NULL AND NOT staged.is_new"""

# What is to stay as it is in known customers is taken out of their rows, a field at a time (S4-13).
_KEEP_OF_CUSTOMER = {
    field: tuple(f"UPDATE import_rows SET {name} = NULL WHERE NOT is_new" for name in names)
    for field, names in CUSTOMER_KEPT.items()
}
_KEEP_OF_ACCOUNT = {
    field: f"UPDATE import_rows SET {name} = NULL WHERE account_id IS NOT NULL" for field, name in ACCOUNT_KEPT.items()
}
_KEEP_CUSTOM = """UPDATE import_rows SET custom = (custom::jsonb - CAST(:names AS text[]))::text
                  WHERE NOT is_new AND cardinality(CAST(:names AS text[])) > 0"""
_KEEP_POINTS = """DELETE FROM import_points point USING import_rows staged WHERE staged.row_number = point.row_number
                  AND NOT staged.is_new AND point.field = ANY(CAST(:fields AS text[]))"""


def _differs(merged: dict[str, str], table: str) -> str:
    now = listed(f"{table}.{name}" for name in merged)
    return f"({listed(merged.values())}) IS DISTINCT FROM ({now})"


_MARK_ACCOUNTS = f"""
    UPDATE import_rows staged SET account_differs = true FROM accounts
    WHERE accounts.id = staged.account_id AND {_differs(ACCOUNT_MERGED, "accounts")}"""
_MARK = (
    f"""UPDATE import_rows staged SET differs = true FROM customers
        WHERE customers.id = staged.customer_id AND {_differs(CUSTOMER_MERGED, "customers")}""",
    """UPDATE import_rows staged SET new_points = true
       WHERE NOT staged.is_new AND EXISTS (
           SELECT FROM import_points point WHERE point.row_number = staged.row_number AND NOT EXISTS (
               SELECT FROM contact_points known
               WHERE known.customer_id = staged.customer_id AND coalesce(known.line, known.value) = point.same
                 AND (known.kind = point.kind
                    OR (known.line IS NOT NULL AND point.kind IN ('mobile', 'landline')))))""",
    """UPDATE import_rows staged SET account_id = accounts.id FROM accounts
       WHERE staged.has_account AND accounts.customer_id = staged.customer_id
         AND accounts.number = coalesce(staged.account, '')""",
    _MARK_ACCOUNTS,
    """UPDATE import_rows SET account_differs = true WHERE has_account AND account_id IS NULL AND NOT is_new""",
)
_COUNT = """
    SELECT count(*) FILTER (WHERE is_new AND NOT again) AS created,
           count(*) FILTER (WHERE differs OR new_points OR account_differs OR (is_new AND again)) AS updated,
           count(*) FILTER (WHERE (differs OR new_points OR account_differs) AND (NOT again OR EXISTS (
               SELECT FROM customers WHERE customers.id = customer_id AND customers.created_at < :began))) AS changes,
           count(*) AS total FROM import_rows"""


@dataclass(frozen=True, slots=True)
class LoadRules:
    """How rows of an upload meet the customers there are: the base, the upload itself, and what is left as it is."""

    base_id: int | None
    job_id: str
    mode: Mode = Mode.BOTH
    kept: tuple[str, ...] = ()  # fields that change nothing in known customers (S4-13)
    began: datetime | None = None  # customers younger than this were made by the upload


@dataclass(frozen=True, slots=True)
class Marked:
    """What staged rows do: make customers, change one, change nothing; `changes` are those of the updated that are
    about customers who were there before the upload."""

    created: int
    updated: int
    unchanged: int = 0
    changes: int = 0


async def stage(session: AsyncSession, rows: ParsedRows, rules: LoadRules) -> tuple[set[int], set[int]]:
    """Bring `rows` into the temporary tables and find the customers who are known.

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
        await session.execute(text(statement), {"base": rules.base_id} if ":base" in statement else {})
    refused: set[int] = set()
    if left_out := _LEFT_OUT.get(rules.mode):
        job = {"job": rules.job_id} if ":job" in left_out else {}
        refused = set((await session.execute(text(left_out), job)).scalars())
    again = set((await session.execute(text(_SAME_CUSTOMER))).scalars())
    await session.execute(text(_SOLE_ACCOUNT))
    await _keep_customers(session, rules.kept)
    return again, refused


async def _copy(session: AsyncSession, rows: ParsedRows) -> None:
    raw = await (await session.connection()).get_raw_connection()
    driver: Any = raw.driver_connection
    for table, frame in (("import_rows", rows.rows), ("import_points", rows.points)):
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
    SELECT count(*) AS total, count(*) FILTER (WHERE is_new) AS made,
           count(*) FILTER (WHERE is_new AND again) AS again FROM import_rows"""


async def mark(session: AsyncSession, rules: LoadRules) -> Marked:
    """Say of each staged row what it does; how many make customers, change one, and change nothing."""
    staged = (await session.execute(text(_STAGED))).one()
    if staged.made == staged.total:
        return Marked(staged.made - staged.again, staged.again)
    for statement in _MARK:
        if statement is _MARK_ACCOUNTS:
            for field in rules.kept:
                if field in _KEEP_OF_ACCOUNT:
                    await session.execute(text(_KEEP_OF_ACCOUNT[field]))
        await session.execute(text(statement))
    found = (await session.execute(text(_COUNT), {"began": rules.began})).one()
    return Marked(found.created, found.updated, found.total - found.created - found.updated, found.changes)
