"""Signs of live screens in tables of their own, which no agent's action locks

The last signs are carried along: an agent who is at work stays so.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables and move the signs."""
    op.create_table(
        "screen_tellers",
        sa.Column("process", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("process", name=op.f("pk_screen_tellers")),
    )
    op.create_table(
        "screens_seen",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_screens_seen_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_screens_seen")),
    )
    op.execute("INSERT INTO screens_seen SELECT user_id, seen_at FROM agents WHERE seen_at IS NOT NULL")
    op.drop_column("agents", "seen_at")


def downgrade() -> None:
    """Put the signs back into the agents' rows."""
    op.add_column("agents", sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE agents SET seen_at = s.at FROM screens_seen s WHERE s.user_id = agents.user_id")
    op.drop_table("screens_seen")
    op.drop_table("screen_tellers")
