"""Calls that agents ask for by a click

Revision ID: 0005
Revises: 0004
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_COLUMNS: dict[str, sa.types.TypeEngine[Any]] = {
    "contact_point_id": sa.BigInteger(),
    "begin_before": sa.DateTime(timezone=True),
    "begun_at": sa.DateTime(timezone=True),
    "rang_at": sa.DateTime(timezone=True),
    "outcome": sa.String(),
}


def upgrade() -> None:
    for name, kind in _COLUMNS.items():
        op.add_column("calls", sa.Column(name, kind))


def downgrade() -> None:
    for name in _COLUMNS:
        op.drop_column("calls", name)
