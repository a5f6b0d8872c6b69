"""Where a caller waited, rang and talked, leg by leg

What was known of earlier calls becomes legs: one wait of a call that reached a queue, and each phone it rang.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_KINDS = ("queue", "agent", "outside")
_OUTCOMES = (
    "answered",
    "abandoned",
    "left",
    "no_answer",
    "elsewhere",
    "rejected",
    "failed",
    "handed_on",
    "ended",
)
_WAITS = """
INSERT INTO call_legs (call_id, kind, queue_name, campaign_id, began_at, ended_at, outcome)
SELECT id, 'queue', queue_name, campaign_id, started_at, coalesce(answered_at, ended_at),
    CASE WHEN answered_at IS NOT NULL THEN 'answered' WHEN ended_at IS NULL THEN NULL
         WHEN abandoned THEN 'abandoned' ELSE 'left' END
FROM calls WHERE direction = 'inbound' AND queue_name IS NOT NULL
"""
_RINGS = """
INSERT INTO call_legs (call_id, kind, queue_name, campaign_id, agent_id, began_at, answered_at, ended_at, outcome)
SELECT offer.call_id, 'agent', call.queue_name, call.campaign_id, offer.agent_id, offer.rang_at, offer.answered_at,
    coalesce(offer.gone_at, call.ended_at),
    CASE WHEN offer.gone_at IS NULL AND call.ended_at IS NULL THEN NULL
         WHEN offer.answered_at IS NOT NULL THEN 'ended'
         WHEN offer.outcome IN ('no_answer', 'elsewhere', 'abandoned', 'rejected', 'failed') THEN offer.outcome
         ELSE 'abandoned' END
FROM call_offers offer JOIN calls call ON call.id = offer.call_id
"""
_OFFERS = """
INSERT INTO call_offers (call_id, agent_id, rang_at, answered_at, gone_at, outcome)
SELECT DISTINCT ON (call_id, agent_id) call_id, agent_id, began_at, answered_at, ended_at, outcome
FROM call_legs WHERE kind = 'agent' ORDER BY call_id, agent_id, began_at DESC
"""
_ABANDONED = """
UPDATE calls SET abandoned = true
WHERE id IN (SELECT call_id FROM call_legs WHERE kind = 'queue' AND outcome = 'abandoned')
"""


def upgrade() -> None:
    op.create_table(
        "call_legs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("kind", sa.Enum(*_KINDS, name="legkind", native_enum=False, length=32), nullable=False),
        sa.Column("queue_name", sa.String(), nullable=True),
        sa.Column("campaign_id", sa.BigInteger(), nullable=True),
        sa.Column("agent_id", sa.BigInteger(), nullable=True),
        sa.Column("number", sa.String(), server_default="", nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_seconds", sa.Float(), server_default="0", nullable=False),
        sa.Column("outcome", sa.Enum(*_OUTCOMES, name="legoutcome", native_enum=False, length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["users.id"], name=op.f("fk_call_legs_agent_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_call_legs_call_id_calls"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_call_legs_campaign_id_campaigns")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_legs")),
    )
    op.execute(_WAITS)
    op.execute(_RINGS)
    _indexes()
    op.drop_table("call_offers")
    op.drop_column("calls", "abandoned")
    op.add_column("pbxs", sa.Column("doubled", JSONB(), server_default="[]", nullable=False))


def _indexes() -> None:
    open_agent, open_queue = "kind = 'agent' AND ended_at IS NULL", "kind = 'queue' AND ended_at IS NULL"
    op.create_index("ix_call_legs_call", "call_legs", ["call_id", "began_at"])
    op.create_index(
        "uq_call_legs_agent", "call_legs", ["call_id", "agent_id"], unique=True, postgresql_where=open_agent
    )
    op.create_index("uq_call_legs_queue", "call_legs", ["call_id"], unique=True, postgresql_where=open_queue)
    op.create_index("ix_call_legs_open", "call_legs", ["agent_id"], postgresql_where="ended_at IS NULL")
    op.create_index("ix_call_legs_day", "call_legs", ["kind", "began_at"])


def downgrade() -> None:
    op.drop_column("pbxs", "doubled")
    op.add_column("calls", sa.Column("abandoned", sa.Boolean(), server_default="false", nullable=False))
    op.execute(_ABANDONED)
    op.create_table(
        "call_offers",
        sa.Column("call_id", sa.String(), nullable=False),
        sa.Column("agent_id", sa.BigInteger(), nullable=False),
        sa.Column("rang_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["users.id"], name=op.f("fk_call_offers_agent_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["call_id"], ["calls.id"], name=op.f("fk_call_offers_call_id_calls"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("call_id", "agent_id", name=op.f("pk_call_offers")),
    )
    op.create_index("ix_call_offers_open", "call_offers", ["agent_id"], postgresql_where="gone_at IS NULL")
    op.execute(_OFFERS)
    op.drop_table("call_legs")
