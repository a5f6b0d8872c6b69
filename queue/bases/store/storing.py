"""Staged rows into customers, contact points, accounts, the base and cases: some statements for any number of rows.

Customers are locked in the order of their ids before what changes is worked out. Whoever else makes the same customer
or case at the same moment is met by the unique indexes, and what he made is used.
"""

# ruff: noqa: S608 - the statements are put together from names in this room only, values are always bound

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from ....models.customers.names import full_name, search_key, sort_key
from ...work import Work
from ..rows.batch import Batch
from .staging import ACCOUNT, MERGED, NAMES, Staging, mark, stage


def _changes(merged: dict[str, str], table: str) -> str:
    """{name: [before, after]} of what differs."""
    pairs = (
        f"'{name}', CASE WHEN {table}.{name} IS DISTINCT FROM {after}"
        f" THEN jsonb_build_array({table}.{name}, {after}) END"
        for name, after in merged.items()
    )
    return f"jsonb_strip_nulls(jsonb_build_object({', '.join(pairs)}))"


@dataclass(slots=True)
class Stored:
    """What happened to rows: created + updated + unchanged + refused = how many they were."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    cases: int = 0
    changes: int = 0  # of the updated: about customers who were there before the upload
    refused: set[int] = field(default_factory=set)  # numbers of rows that the chosen way of loading leaves out

    def add(self, created: int, updated: int, unchanged: int, changes: int) -> None:
        """Count some more rows."""
        self.created += created
        self.updated += updated
        self.unchanged += unchanged
        self.changes += changes


@dataclass(frozen=True, slots=True)
class Target:
    """Where rows go."""

    how: Staging
    campaign_id: int | None
    campaign_priority: int
    actor_id: int | None


_LOCK = """SELECT c.id FROM customers c WHERE c.id IN (SELECT customer_id FROM import_rows WHERE NOT is_new)
           ORDER BY c.id FOR NO KEY UPDATE"""
# He was taken back with another base while we waited for him.
_GONE = """UPDATE import_rows r SET customer_id = nextval('customers_id_seq'), is_new = true
           WHERE NOT is_new AND NOT EXISTS (SELECT FROM customers c WHERE c.id = r.customer_id)"""
_FIELDS = (*NAMES, "full_name", "search_key", "sort_key")
_NEW = f"""
    INSERT INTO customers (id, document_type, document, {", ".join(_FIELDS)}, birth_date, sex, city, custom, imported,
                           created_by)
    SELECT customer_id, document_type, document, {", ".join(f"coalesce({name}, '')" for name in _FIELDS)},
           birth_date, coalesce(sex, ''), coalesce(city, ''), custom::jsonb, true, :actor
    FROM import_rows WHERE is_new ORDER BY document_type, document, row_number
    ON CONFLICT (document_type, document) WHERE document <> '' DO NOTHING"""
# Somebody else made him a moment ago.
_MET = """UPDATE import_rows r SET customer_id = c.id, is_new = false, new_points = true FROM customers c
          WHERE r.is_new AND r.document <> '' AND c.document <> '' AND c.document_type = r.document_type
            AND c.document = r.document AND c.id <> r.customer_id"""
_RENAMED = f"""
    SELECT r.row_number, {", ".join(MERGED[name] for name in (*NAMES, "document"))}
    FROM import_rows r JOIN customers c ON c.id = r.customer_id WHERE r.differs"""
_RENAME = """
    UPDATE import_rows r SET full_name = n.full_name, search_key = n.search_key, sort_key = n.sort_key
    FROM unnest(CAST(:rows AS bigint[]), CAST(:full AS text[]), CAST(:search AS text[]), CAST(:sort AS text[]))
         AS n (row_number, full_name, search_key, sort_key) WHERE n.row_number = r.row_number"""
_CHANGE = f"""
    UPDATE customers c SET {", ".join(f"{name} = {merged}" for name, merged in MERGED.items())},
           full_name = r.full_name, search_key = r.search_key, sort_key = r.sort_key
    FROM import_rows r WHERE r.customer_id = c.id AND r.differs"""
_TOUCH = """
    UPDATE customers c SET version = c.version + 1, updated_at = clock_timestamp()
    FROM import_rows r WHERE r.customer_id = c.id AND (r.differs OR r.new_points OR r.account_differs)"""
_POINTS = """
    INSERT INTO contact_points AS k (customer_id, kind, value, position, created_by)
    SELECT r.customer_id, p.kind, p.value, p.place + CASE WHEN r.is_new THEN 0 ELSE coalesce(
               (SELECT max(q.position) + 1 FROM contact_points q WHERE q.customer_id = r.customer_id), 0) END, :actor
    FROM import_points p JOIN import_rows r ON r.row_number = p.row_number
    WHERE r.is_new OR r.new_points ORDER BY r.customer_id, p.place
    ON CONFLICT (customer_id, kind, value) DO NOTHING"""
_ACCOUNTS = f"""
    INSERT INTO accounts AS a (customer_id, number, {", ".join(ACCOUNT)}, created_by)
    SELECT r.customer_id, coalesce(r.account, ''), coalesce(r.plan, ''), coalesce(r.service_address, ''),
           coalesce(r.service_state, 'active'), r.cut_off_date, r.extension_until, r.balance, :actor
    FROM import_rows r WHERE r.has_account AND r.account_id IS NULL ORDER BY r.customer_id
    ON CONFLICT (customer_id, number) DO NOTHING"""
_CHANGE_ACCOUNTS = f"""
    UPDATE accounts a SET {", ".join(f"{name} = {merged}" for name, merged in ACCOUNT.items())},
           version = a.version + 1
    FROM import_rows r WHERE a.id = r.account_id AND r.account_differs"""
_FIND_ACCOUNTS = """
    UPDATE import_rows r SET account_id = a.id FROM accounts a
    WHERE r.has_account AND r.account_id IS NULL AND a.customer_id = r.customer_id
      AND a.number = coalesce(r.account, '')"""
# What was before, so that the upload can be undone; new customers are known by who joined them.
_REMEMBER = f"""
    INSERT INTO import_changes (job_id, customer_id, fields, accounts)
    SELECT :job, c.id, CASE WHEN r.differs THEN {_changes(MERGED, "c")} ELSE '{{}}'::jsonb END,
           CASE WHEN a.id IS NULL THEN '{{}}'::jsonb ELSE jsonb_build_object(a.id::text, {_changes(ACCOUNT, "a")}) END
    FROM import_rows r JOIN customers c ON c.id = r.customer_id
    LEFT JOIN accounts a ON a.id = r.account_id AND r.account_differs
    WHERE r.differs OR a.id IS NOT NULL"""
_REMEMBER_NEW = """
    WITH added AS ({insert} RETURNING {what}.id, {what}.customer_id)
    INSERT INTO import_changes (job_id, customer_id, {column})
    SELECT CAST(:job AS text), added.customer_id, jsonb_agg(added.id)
    FROM added JOIN import_rows r ON r.customer_id = added.customer_id WHERE NOT r.is_new
    GROUP BY added.customer_id"""
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
    SELECT CAST(:campaign AS bigint), r.customer_id, r.account_id, :priority, coalesce(a.service_state, 'active'),
           c.last_contact_at, CAST(:job AS text), :actor
    FROM import_rows r JOIN customers c ON c.id = r.customer_id LEFT JOIN accounts a ON a.id = r.account_id
    WHERE NOT EXISTS (
        SELECT FROM cases o WHERE o.campaign_id = :campaign AND o.customer_id = r.customer_id AND o.status <> 'closed'
          AND (r.account_id IS NULL OR o.account_id = r.account_id))
    ORDER BY r.row_number
    ON CONFLICT (campaign_id, customer_id, coalesce(account_id, 0)) WHERE status <> 'closed' DO NOTHING
    RETURNING customer_id), noted AS (
        INSERT INTO import_changes (job_id, customer_id)
        SELECT CAST(:job AS text), made.customer_id FROM made JOIN import_rows r ON r.customer_id = made.customer_id
        WHERE NOT r.is_new)
    SELECT count(*) FROM made"""
_POINTS_REMEMBERED = _REMEMBER_NEW.format(insert=_POINTS, what="k", column="points")
_ACCOUNTS_REMEMBERED = _REMEMBER_NEW.format(insert=_ACCOUNTS, what="a", column="new_accounts")
_CHANGED_CASES = """
    UPDATE cases o SET version = o.version + 1, service_state = coalesce(
        (SELECT a.service_state FROM accounts a WHERE a.id = o.account_id), o.service_state)
    FROM import_rows r WHERE o.customer_id = r.customer_id AND o.status <> 'closed'
      AND (r.differs OR r.new_points OR r.account_differs)"""


async def store(work: Work, rows: Batch, target: Target) -> Stored:
    """Store checked rows of one chunk, in this work's transaction."""
    stored = Stored()
    for wave in rows.waves():
        waiting = wave
        while len(waiting):
            after, refused = await stage(work.session, waiting, target.how)
            stored.refused |= refused
            await _store_staged(work, target, stored)
            waiting = waiting.only(after)
    return stored


async def count(session: AsyncSession, rows: Batch, how: Staging) -> Stored:
    """What `store` would do with these rows; nothing is written."""
    counted = Stored()
    for wave in rows.waves():
        waiting = wave
        while len(waiting):
            after, refused = await stage(session, waiting, how)
            counted.refused |= refused
            counted.add(*await mark(session, how))
            waiting = waiting.only(after)
    return counted


async def _store_staged(work: Work, target: Target, stored: Stored) -> None:
    """All of what is staged: different customers."""
    session, actor, job = work.session, {"actor": target.actor_id}, target.how.job_id
    locked = (await session.execute(text(_LOCK))).all()
    if len(locked) < (await session.execute(text("SELECT count(*) FROM import_rows WHERE NOT is_new"))).scalar_one():
        await session.execute(text(_GONE))
    created, updated, unchanged, changes = await mark(session, target.how)
    made: Any = await session.execute(text(_NEW), actor)
    if made.rowcount < created + updated:
        await session.execute(text(_MET))
    if updated:
        await session.execute(text(_REMEMBER), {"job": job})
        await _change_customers(work)
        await session.execute(text(_POINTS_REMEMBERED), {**actor, "job": job})
        await session.execute(text(_ACCOUNTS_REMEMBERED), {**actor, "job": job})
        await session.execute(text(_CHANGE_ACCOUNTS))
        await session.execute(text(_CHANGED_CASES))
    else:
        await session.execute(text(_POINTS), actor)
        await session.execute(text(_ACCOUNTS), actor)
    if target.campaign_id is not None:
        await session.execute(text(_FIND_ACCOUNTS))
    await session.execute(text(_MEMBERS), {"base": target.how.base_id, "job": job})
    if target.campaign_id is not None:
        place = {"campaign": target.campaign_id, "priority": target.campaign_priority, "job": job, **actor}
        stored.cases += (await session.execute(text(_CASES), place)).scalar_one()
    stored.add(created, updated, unchanged, changes)


async def _change_customers(work: Work) -> None:
    """Write the changes of known customers, with their names put together anew."""
    renamed = (await work.session.execute(text(_RENAMED))).all()
    if renamed:
        names = [(number, full_name(*parts), parts, document) for number, *parts, document in renamed]
        await work.session.execute(
            text(_RENAME),
            {
                "rows": [number for number, *_ in names],
                "full": [whole for _, whole, *_ in names],
                "search": [search_key(whole, document) for _, whole, _, document in names],
                "sort": [sort_key(*parts) for _, _, parts, _ in names],
            },
        )
        await work.session.execute(text(_CHANGE))
    await work.session.execute(text(_TOUCH))
