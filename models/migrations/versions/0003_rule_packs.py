"""Packs of contact rules, the two that every installation begins with, and which one a campaign has

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from atiende.models.contact.ready_made import READY_MADE_PACKS

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    packs = op.create_table(
        "rule_packs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("text", sa.String(), server_default="", nullable=False),
        sa.Column("rules", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_packs")),
        sa.UniqueConstraint("name", name=op.f("uq_rule_packs_name")),
    )
    rows = [
        {"name": name, "text": text, "rules": rules.model_dump(mode="json")} for name, text, rules in READY_MADE_PACKS
    ]
    op.bulk_insert(packs, rows)
    op.add_column("campaigns", sa.Column("rule_pack_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_campaigns_rule_pack_id_rule_packs"), "campaigns", "rule_packs", ["rule_pack_id"], ["id"]
    )


def downgrade() -> None:
    op.drop_constraint(op.f("fk_campaigns_rule_pack_id_rule_packs"), "campaigns", type_="foreignkey")
    op.drop_column("campaigns", "rule_pack_id")
    op.drop_table("rule_packs")
