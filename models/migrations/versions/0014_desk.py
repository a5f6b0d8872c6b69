"""What an agent is told later (a pause past its limit, a case that was released while no screen was open), and what a
contact that was registered by hand changed, so that it can be taken back.

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("agents", "overran_at", sa.DateTime(timezone=True)),
    ("agents", "released_case", sa.BigInteger()),
    ("agents", "released_at", sa.DateTime(timezone=True)),
    ("contact_attempts", "before", postgresql.JSONB()),
)


def upgrade() -> None:
    for table, name, kind in _COLUMNS:
        op.add_column(table, sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    for table, name, _ in reversed(_COLUMNS):
        op.drop_column(table, name)
