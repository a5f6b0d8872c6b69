"""Phones have a line to be compared by; documents, their types and account numbers have one form

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from atiende.models.customers.documents import clean_account, clean_document, read_document
from atiende.models.customers.lines import line_of
from atiende.models.customers.names import search_key

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_LINE = (
    "CASE WHEN kind NOT IN ('mobile', 'landline') THEN NULL"
    " WHEN value LIKE '+549%' THEN '+54' || substr(value, 5) WHEN value LIKE '+521%' THEN '+52' || substr(value, 5)"
    " ELSE value END"
)
_BATCH = 5_000
# Whatever has another form than the one it is read to now. One that would become somebody else's stays as it is.
_CUSTOMERS = """SELECT id, document_type, document, full_name FROM customers
    WHERE id > :after AND (document ~ '[^0-9A-Z]' OR document_type ~ '[^A-Z]' OR length(document_type) > 3)
    ORDER BY id LIMIT :most"""
_CHANGE_CUSTOMER = """UPDATE customers SET document_type = :kind, document = :number, search_key = :found
    WHERE id = :id AND (CAST(:number AS text) = '' OR NOT EXISTS (
        SELECT FROM customers other WHERE other.id <> :id AND other.document = :number
          AND other.document_type = :kind))"""
_ACCOUNTS = """SELECT id, customer_id, number FROM accounts
    WHERE id > :after AND number ~ '[^0-9A-Z]' ORDER BY id LIMIT :most"""
_CHANGE_ACCOUNT = """UPDATE accounts SET number = :number WHERE id = :id AND NOT EXISTS (
    SELECT FROM accounts other WHERE other.customer_id = :customer AND other.number = :number AND other.id <> :id)"""
_KEYS = """SELECT base_members.customer_id AS id, base_members.base_id, base_members.key, bases.key AS words
    FROM base_members JOIN bases ON bases.id = base_members.base_id
    WHERE base_members.base_id = :base AND base_members.customer_id > :after AND base_members.key ~ '[^0-9A-Z|]'
    ORDER BY base_members.customer_id LIMIT :most"""
_CHANGE_KEY = "UPDATE base_members SET key = :key WHERE base_id = :base AND customer_id = :id"
_READERS: dict[str, Callable[[str], str]] = {"document": clean_document, "account": clean_account, "phone": line_of}


def upgrade() -> None:
    """Upgrade."""
    op.add_column("contact_points", sa.Column("line", sa.String(), sa.Computed(_LINE, persisted=True), nullable=True))
    op.drop_index("ix_contact_points_phone", table_name="contact_points")
    op.create_index(
        "ix_contact_points_line",
        "contact_points",
        ["line"],
        postgresql_where="line IS NOT NULL",
        postgresql_ops={"line": "text_pattern_ops"},
    )
    op.create_index(
        "ix_contact_points_line_end",
        "contact_points",
        [sa.literal_column("reverse(line)").label("line_end")],
        postgresql_where="line IS NOT NULL",
        postgresql_ops={"line_end": "text_pattern_ops"},
    )
    _read_customers()
    _read_accounts()
    _read_keys()


def downgrade() -> None:
    """Downgrade. Documents and accounts keep their new form, which the earlier version reads too."""
    op.drop_index("ix_contact_points_line_end", table_name="contact_points")
    op.drop_index("ix_contact_points_line", table_name="contact_points")
    op.create_index(
        "ix_contact_points_phone",
        "contact_points",
        ["value"],
        postgresql_where="kind IN ('mobile', 'landline')",
        postgresql_ops={"value": "text_pattern_ops"},
    )
    op.drop_column("contact_points", "line")


def _batches(question: str, **values: Any) -> Iterator[list[Any]]:
    """Rows in the order of their ids, some thousand at a time."""
    after = 0
    while rows := op.get_bind().execute(sa.text(question), {"after": after, "most": _BATCH, **values}).all():
        after = rows[-1].id
        yield list(rows)


def _change(statement: str, changes: list[dict[str, Any]]) -> None:
    """One by one: a change may stand in the way of the next one."""
    for change in changes:
        op.get_bind().execute(sa.text(statement), change)


def _read_customers() -> None:
    for rows in _batches(_CUSTOMERS):
        changes = []
        for row in rows:
            try:
                kind, number = read_document(row.document_type, row.document, "")
            except ValueError:
                continue
            if (kind, number) != (row.document_type, row.document):
                found = search_key(row.full_name, number)
                changes.append({"id": row.id, "kind": kind, "number": number, "found": found})
        _change(_CHANGE_CUSTOMER, changes)


def _read_accounts() -> None:
    for rows in _batches(_ACCOUNTS):
        clean = [(row, _clean(clean_account, row.number)) for row in rows]
        changes = [
            {"id": row.id, "customer": row.customer_id, "number": number}
            for row, number in clean
            if number and number != row.number
        ]
        _change(_CHANGE_ACCOUNT, changes)


def _read_keys() -> None:
    """The keys by which a base knows its customers again."""
    for (base,) in op.get_bind().execute(sa.text("SELECT id FROM bases ORDER BY id")).all():
        for rows in _batches(_KEYS, base=base):
            changes = [{"id": row.id, "base": base, "key": _key(row.key, row.words)} for row in rows]
            _change(_CHANGE_KEY, changes)


def _key(key: str, words: list[str]) -> str:
    parts = key.split("|")
    if len(parts) != len(words):
        return key
    return "|".join(
        _clean(_READERS[word], part) if word in _READERS else part for word, part in zip(words, parts, strict=True)
    )


def _clean(read: Callable[[str], str], text: str) -> str:
    try:
        return read(text)
    except ValueError:
        return text
