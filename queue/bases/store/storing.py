"""Staged rows into customers, contact points, accounts, the base and cases: some statements for any number of rows.

Customers are locked in the order of their ids before what changes is worked out. Whoever else makes the same customer
or case at the same moment is met by the unique indexes, and what they made is used.
"""

# ruff: noqa: S608 - the statements are put together from names in this room only, values are always bound

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from ....models.customers.fields import NAME_PARTS
from ....models.customers.names import full_name, search_key, sort_key
from ...work import Work
from ..rows.parsed_rows import ParsedRows
from .columns import ACCOUNT_MERGED, ACCOUNT_NEW, CUSTOMER_MERGED, CUSTOMER_NEW, assigned, listed
from .staging import LoadRules, Marked, mark, stage


def _changes(merged: dict[str, str], table: str) -> str:
    """{name: [before, after]} of what differs."""
    pairs = (
        f"'{name}', CASE WHEN {table}.{name} IS DISTINCT FROM {after}"
        f" THEN jsonb_build_array({table}.{name}, {after}) END"
        for name, after in merged.items()
    )
    return f"jsonb_strip_nulls(jsonb_build_object({listed(pairs)}))"


@dataclass(slots=True)
class StoreCounts:
    """What happened to rows: created + updated + unchanged + refused = how many they were."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    cases: int = 0
    changes: int = 0  # of the updated: about customers who were there before the upload
    refused: set[int] = field(default_factory=set)  # numbers of rows that the chosen way of loading leaves out

    def add(self, marked: Marked) -> None:
        """Count some more rows."""
        self.created += marked.created
        self.updated += marked.updated
        self.unchanged += marked.unchanged
        self.changes += marked.changes


@dataclass(frozen=True, slots=True)
class Target:
    """Where rows go, and by which rules."""

    rules: LoadRules
    campaign_id: int | None
    campaign_priority: int
    actor_id: int | None


_LOCK = """SELECT id FROM customers WHERE id IN (SELECT customer_id FROM import_rows WHERE NOT is_new)
           ORDER BY id FOR NO KEY UPDATE"""
_COUNT_KNOWN = "SELECT count(*) FROM import_rows WHERE NOT is_new"
# Customers who were taken back with another base while we waited for them.
_GONE = """UPDATE import_rows staged SET customer_id = nextval('customers_id_seq'), is_new = true
           WHERE NOT is_new AND NOT EXISTS (SELECT FROM customers WHERE customers.id = staged.customer_id)"""
_DERIVED = ("full_name", "search_key", "sort_key")  # from the names and the document
_NEW = f"""
    INSERT INTO customers (id, {listed(CUSTOMER_NEW)}, {listed(_DERIVED)}, custom, imported, created_by)
    SELECT staged.customer_id, {listed(CUSTOMER_NEW.values())},
           {listed(f"coalesce(staged.{name}, '')" for name in _DERIVED)}, staged.custom::jsonb, true, :actor
    FROM import_rows staged WHERE staged.is_new ORDER BY document_type, document, row_number
    ON CONFLICT (document_type, document) WHERE document <> '' DO NOTHING"""
# Somebody else made the same customer a moment ago.
_MET = """UPDATE import_rows staged SET customer_id = customers.id, is_new = false, new_points = true FROM customers
          WHERE staged.is_new AND staged.document <> '' AND customers.document <> ''
            AND customers.document_type = staged.document_type AND customers.document = staged.document
            AND customers.id <> staged.customer_id"""
_RENAMED = f"""
    SELECT staged.row_number, {listed(f"{CUSTOMER_MERGED[name]} AS {name}" for name in (*NAME_PARTS, "document"))}
    FROM import_rows staged JOIN customers ON customers.id = staged.customer_id WHERE staged.differs"""
_RENAME = """
    UPDATE import_rows staged SET full_name = named.full_name, search_key = named.search_key,
           sort_key = named.sort_key
    FROM unnest(CAST(:rows AS bigint[]), CAST(:full AS text[]), CAST(:search AS text[]), CAST(:sort AS text[]))
         AS named (row_number, full_name, search_key, sort_key) WHERE named.row_number = staged.row_number"""
_CHANGE = f"""
    UPDATE customers SET {assigned(CUSTOMER_MERGED)}, {assigned({name: f"staged.{name}" for name in _DERIVED})}
    FROM import_rows staged WHERE staged.customer_id = customers.id AND staged.differs"""
_TOUCH = """
    UPDATE customers SET version = customers.version + 1, updated_at = clock_timestamp()
    FROM import_rows staged WHERE staged.customer_id = customers.id
      AND (staged.differs OR staged.new_points OR staged.account_differs)"""
_POINTS = """
    INSERT INTO contact_points (customer_id, kind, value, label, extension, position, created_by)
    SELECT staged.customer_id, point.kind, point.value, coalesce(point.label, ''), coalesce(point.extension, ''),
           point.place + CASE WHEN staged.is_new THEN 0 ELSE coalesce(
               (SELECT max(known.position) + 1 FROM contact_points known
                WHERE known.customer_id = staged.customer_id), 0) END, :actor
    FROM import_points point JOIN import_rows staged ON staged.row_number = point.row_number
    WHERE staged.is_new OR (staged.new_points AND NOT EXISTS (
        SELECT FROM contact_points known WHERE known.customer_id = staged.customer_id AND known.line = point.same))
    ORDER BY staged.customer_id, point.place
    ON CONFLICT (customer_id, kind, value) DO NOTHING"""
_ACCOUNTS = f"""
    INSERT INTO accounts (customer_id, {listed(ACCOUNT_NEW)}, created_by)
    SELECT staged.customer_id, {listed(ACCOUNT_NEW.values())}, :actor
    FROM import_rows staged WHERE staged.has_account AND staged.account_id IS NULL ORDER BY staged.customer_id
    ON CONFLICT (customer_id, number) DO NOTHING"""
_CHANGE_ACCOUNTS = f"""
    UPDATE accounts SET {assigned(ACCOUNT_MERGED)}, version = accounts.version + 1
    FROM import_rows staged WHERE accounts.id = staged.account_id AND staged.account_differs"""
_FIND_ACCOUNTS = """
    UPDATE import_rows staged SET account_id = accounts.id FROM accounts
    WHERE staged.has_account AND staged.account_id IS NULL AND accounts.customer_id = staged.customer_id
      AND accounts.number = coalesce(staged.account, '')"""
# What was before, so that the upload can be undone; new customers are known by which upload joined them.
_REMEMBER = f"""
    INSERT INTO import_changes (job_id, customer_id, fields, accounts)
    SELECT :job, customers.id,
           CASE WHEN staged.differs THEN {_changes(CUSTOMER_MERGED, "customers")} ELSE '{{}}'::jsonb END,
           CASE WHEN accounts.id IS NULL THEN '{{}}'::jsonb
                ELSE jsonb_build_object(accounts.id::text, {_changes(ACCOUNT_MERGED, "accounts")}) END
    FROM import_rows staged JOIN customers ON customers.id = staged.customer_id
    LEFT JOIN accounts ON accounts.id = staged.account_id AND staged.account_differs
    WHERE staged.differs OR accounts.id IS NOT NULL"""
_REMEMBER_NEW = """
    WITH added AS ({insert} RETURNING {table}.id, {table}.customer_id)
    INSERT INTO import_changes (job_id, customer_id, {column})
    SELECT CAST(:job AS text), added.customer_id, jsonb_agg(added.id)
    FROM added JOIN import_rows staged ON staged.customer_id = added.customer_id WHERE NOT staged.is_new
    GROUP BY added.customer_id"""
_POINTS_REMEMBERED = _REMEMBER_NEW.format(insert=_POINTS, table="contact_points", column="points")
_ACCOUNTS_REMEMBERED = _REMEMBER_NEW.format(insert=_ACCOUNTS, table="accounts", column="new_accounts")
_MEMBERS = """
    INSERT INTO base_members (base_id, customer_id, key, job_id, row_number, joined_by)
    SELECT :base, customer_id, key, CAST(:job AS text), row_number, CAST(:job AS text)
    FROM import_rows ORDER BY customer_id
    ON CONFLICT (base_id, customer_id)
    DO UPDATE SET key = excluded.key, job_id = excluded.job_id, row_number = excluded.row_number"""
# A row without an account makes no second case for a customer who has one open in the campaign.
_CASES = """
    WITH made AS (
    INSERT INTO cases (campaign_id, customer_id, account_id, campaign_priority, service_state, last_contact_at,
                       job_id, created_by)
    SELECT CAST(:campaign AS bigint), staged.customer_id, staged.account_id, :priority,
           coalesce(accounts.service_state, 'active'), customers.last_contact_at, CAST(:job AS text), :actor
    FROM import_rows staged JOIN customers ON customers.id = staged.customer_id
    LEFT JOIN accounts ON accounts.id = staged.account_id
    WHERE NOT EXISTS (
        SELECT FROM cases known WHERE known.campaign_id = :campaign AND known.customer_id = staged.customer_id
          AND known.status <> 'closed' AND (staged.account_id IS NULL OR known.account_id = staged.account_id))
    ORDER BY staged.row_number
    ON CONFLICT (campaign_id, customer_id, coalesce(account_id, 0)) WHERE status <> 'closed' DO NOTHING
    RETURNING customer_id), noted AS (
        INSERT INTO import_changes (job_id, customer_id)
        SELECT CAST(:job AS text), made.customer_id
        FROM made JOIN import_rows staged ON staged.customer_id = made.customer_id WHERE NOT staged.is_new)
    SELECT count(*) FROM made"""
_CHANGED_CASES = """
    UPDATE cases SET version = cases.version + 1, service_state = coalesce(
        (SELECT accounts.service_state FROM accounts WHERE accounts.id = cases.account_id), cases.service_state)
    FROM import_rows staged WHERE cases.customer_id = staged.customer_id AND cases.status <> 'closed'
      AND (staged.differs OR staged.new_points OR staged.account_differs)"""


async def store(work: Work, rows: ParsedRows, target: Target) -> StoreCounts:
    """Store checked rows of one chunk, in this work's transaction."""
    stored = StoreCounts()
    for wave in rows.waves():
        waiting = wave
        while len(waiting):
            after, refused = await stage(work.session, waiting, target.rules)
            stored.refused |= refused
            await _store_staged(work, target, stored)
            waiting = waiting.only(after)
    return stored


async def count(session: AsyncSession, rows: ParsedRows, rules: LoadRules) -> StoreCounts:
    """What `store` would do with these rows; nothing is written."""
    counted = StoreCounts()
    for wave in rows.waves():
        waiting = wave
        while len(waiting):
            after, refused = await stage(session, waiting, rules)
            counted.refused |= refused
            counted.add(await mark(session, rules))
            waiting = waiting.only(after)
    return counted


async def _store_staged(work: Work, target: Target, stored: StoreCounts) -> None:
    """All of what is staged: different customers."""
    session, rules = work.session, target.rules
    actor, job = {"actor": target.actor_id}, {"job": rules.job_id}
    locked = (await session.execute(text(_LOCK))).all()
    if len(locked) < (await session.execute(text(_COUNT_KNOWN))).scalar_one():
        await session.execute(text(_GONE))
    marked = await mark(session, rules)
    made: Any = await session.execute(text(_NEW), actor)
    if made.rowcount < marked.created + marked.updated:
        await session.execute(text(_MET))
    if marked.updated:
        await session.execute(text(_REMEMBER), job)
        await _change_customers(work)
        await session.execute(text(_POINTS_REMEMBERED), {**actor, **job})
        await session.execute(text(_ACCOUNTS_REMEMBERED), {**actor, **job})
        await session.execute(text(_CHANGE_ACCOUNTS))
        await session.execute(text(_CHANGED_CASES))
    else:
        await session.execute(text(_POINTS), actor)
        await session.execute(text(_ACCOUNTS), actor)
    if target.campaign_id is not None:
        await session.execute(text(_FIND_ACCOUNTS))
    await session.execute(text(_MEMBERS), {"base": rules.base_id, **job})
    if target.campaign_id is not None:
        place = {"campaign": target.campaign_id, "priority": target.campaign_priority, **job, **actor}
        stored.cases += (await session.execute(text(_CASES), place)).scalar_one()
    stored.add(marked)


async def _change_customers(work: Work) -> None:
    """Write the changes of known customers, with their names put together again."""
    renamed = (await work.session.execute(text(_RENAMED))).mappings().all()
    if renamed:
        parts = [tuple(row[name] for name in NAME_PARTS) for row in renamed]
        whole = [full_name(*names) for names in parts]
        named = {
            "rows": [row["row_number"] for row in renamed],
            "full": whole,
            "search": [search_key(name, row["document"]) for name, row in zip(whole, renamed, strict=True)],
            "sort": [sort_key(*names) for names in parts],
        }
        await work.session.execute(text(_RENAME), named)
        await work.session.execute(text(_CHANGE))
    await work.session.execute(text(_TOUCH))
