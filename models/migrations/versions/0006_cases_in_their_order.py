"""Every list of cases, and the next case of an agent, has an index of its own order

Revision ID: 0006
Revises: 0005
"""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ROTATION = "coalesce(last_contact_at, '1000-01-01 00:00:00+00'::timestamptz)"
_ORDER = ["campaign_priority", "priority", _ROTATION, "number"]
_NOBODYS = "status = 'open' AND agent_id IS NULL AND holder_id IS NULL"
_ASSIGNED = "status <> 'closed' AND agent_id IS NOT NULL"
_ASIDE = "status <> 'closed' AND (status = 'suspended' OR service_state = 'suspended')"
_NULLS_FIRST = ["priority", "last_contact_at NULLS FIRST", "number"]

Indexes = dict[str, tuple[Iterable[str], str]]  # columns, and which rows

NEW: Indexes = {
    "ix_cases_due": (["campaign_id", "due_at", "number"], f"due_at IS NOT NULL AND {_NOBODYS}"),
    "ix_cases_next": (["campaign_id", *_ORDER], f"due_at IS NULL AND {_NOBODYS}"),
    "ix_cases_of_agent": (["agent_id", *_ORDER], _ASSIGNED),
    "ix_cases_of_agent_due": (["agent_id", "due_at", "number"], f"due_at IS NOT NULL AND {_ASSIGNED}"),
    "ix_cases_list": (["campaign_id", "service_state", *_ORDER], "due_at IS NULL AND status = 'open'"),
    "ix_cases_list_due": (
        ["campaign_id", "service_state", "due_at", "number"],
        "due_at IS NOT NULL AND status = 'open'",
    ),
    "ix_cases_aside": (["campaign_id", *_ORDER], f"due_at IS NULL AND {_ASIDE}"),
    "ix_cases_aside_due": (["campaign_id", "due_at", "number"], f"due_at IS NOT NULL AND {_ASIDE}"),
    "ix_cases_closed": (["campaign_id", "closed_at", "number"], "status = 'closed'"),
}
OLD: Indexes = {
    "ix_cases_due": (["campaign_id", "due_at"], "status = 'open' AND due_at IS NOT NULL"),
    "ix_cases_next": (["campaign_id", *_NULLS_FIRST], f"due_at IS NULL AND {_NOBODYS}"),
    "ix_cases_of_agent": (["agent_id", "campaign_priority", *_NULLS_FIRST], _ASSIGNED),
    "ix_cases_closed": (["closed_at", "number"], "status = 'closed'"),
}


def upgrade() -> None:
    _replace(OLD, NEW)


def downgrade() -> None:
    _replace(NEW, OLD)


def _replace(old: Indexes, new: Indexes) -> None:
    for name in old:
        op.drop_index(name, "cases")
    for name, (columns, rows) in new.items():
        op.create_index(name, "cases", [sa.text(column) for column in columns], postgresql_where=sa.text(rows))
