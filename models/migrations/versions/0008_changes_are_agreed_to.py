"""What an upload changes in customers who exist is counted and agreed to, and forgotten after its time

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("import_jobs", sa.Column("changes", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("import_jobs", sa.Column("agreed", sa.BigInteger()))
    op.add_column("import_jobs", sa.Column("forgotten_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    for name in ("forgotten_at", "agreed", "changes"):
        op.drop_column("import_jobs", name)
