"""Tokens end and say when they were used last, the audit says from where, settings are kept in the database

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NOW = sa.text("now()")


def upgrade() -> None:
    _tokens()
    op.add_column("audit", sa.Column("address", sa.String(), nullable=True))
    op.add_column("audit", sa.Column("via", sa.String(), nullable=True))
    op.create_index(op.f("ix_audit_actor_id_at"), "audit", ["actor_id", "at"])
    op.create_index(op.f("ix_audit_action_at"), "audit", ["action", "at"])
    op.create_table(
        "installation_settings",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", JSONB(), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("changed_by", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_installation_settings")),
    )


def _tokens() -> None:
    """A key that had no end lives for the longest time from today on: no program stops at the upgrade."""
    op.add_column("tokens", sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE tokens SET expires_at = now() + interval '365 days' WHERE expires_at IS NULL")
    op.alter_column("tokens", "expires_at", nullable=False, server_default=sa.text("(now() + '90 days'::interval)"))


def downgrade() -> None:
    op.drop_table("installation_settings")
    op.drop_index(op.f("ix_audit_action_at"), table_name="audit")
    op.drop_index(op.f("ix_audit_actor_id_at"), table_name="audit")
    op.drop_column("audit", "via")
    op.drop_column("audit", "address")
    op.alter_column("tokens", "expires_at", nullable=True, server_default=None)
    op.drop_column("tokens", "last_used_at")
