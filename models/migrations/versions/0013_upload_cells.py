"""Refused rows have all their reasons, cells that are left out are warnings, and phones have extensions.

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the database up."""
    op.add_column("import_refusals", sa.Column("place", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("import_refusals", sa.Column("warning", sa.Boolean(), server_default="false", nullable=False))
    op.execute("UPDATE import_refusals SET warning = true, reason = 'phone' WHERE reason = 'extra-phone'")
    op.add_column("contact_points", sa.Column("extension", sa.String(), server_default="", nullable=False))
    op.create_index(
        "uq_import_jobs_reading", "import_jobs", ["created_by"], unique=True, postgresql_where="state = 'reading'"
    )


def downgrade() -> None:
    """Take it down."""
    op.drop_index("uq_import_jobs_reading", "import_jobs")
    op.execute("UPDATE import_jobs SET state = 'failed' WHERE state = 'reading'")
    op.drop_column("contact_points", "extension")
    op.execute("DELETE FROM import_refusals WHERE place > 0")
    op.execute("UPDATE import_refusals SET reason = 'extra-phone' WHERE warning")
    op.drop_column("import_refusals", "warning")
    op.drop_column("import_refusals", "place")
