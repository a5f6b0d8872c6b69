"""Everything that the first release begins with

One migration stands for the chain 0001 to 0008 that came before it, and keeps the name of its last one: a database that
stood at 0008 goes on from here. `tests/models/test_migrations.py` holds its schema to what that chain made.

Revision ID: 0008
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from atiende.models.contact.ready_made import READY_MADE_PACKS

revision = "0008"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "users",
    "sessions",
    "tokens",
    "sign_in_links",
    "sign_in_tries",
    "pause_reasons",
    "agents",
    "agent_state_spans",
    "audit",
    "leases",
    "outbox",
    "answers_given",
    "rule_packs",
    "campaign_types",
    "campaigns",
    "campaign_agents",
    "result_nodes",
    "customers",
    "contact_points",
    "accounts",
    "do_not_contact",
    "bases",
    "base_members",
    "import_jobs",
    "import_refusals",
    "import_changes",
    "cases",
    "case_count_deltas",
    "appointments",
    "dispositions",
    "contact_attempts",
    "pbxs",
    "calls",
    "call_offers",
)

_ASIDE = "status <> 'closed' AND (status = 'suspended' OR service_state = 'suspended')"


def upgrade() -> None:
    _people()
    _records()
    _campaigns()
    _customers()
    _bases()
    _cases()
    _calls()
    _count_cases()
    _first_rows()


def downgrade() -> None:
    for event in _TRIGGERS:
        op.execute(f"DROP TRIGGER count_cases_on_{event.lower()} ON cases")
        op.execute(f"DROP FUNCTION count_cases_on_{event.lower()}()")
    for table in reversed(TABLES):
        op.drop_table(table)


def _people() -> None:
    _users_table()
    _sessions_table()
    _tokens_table()
    _sign_in_links_table()
    _sign_in_tries_table()
    _pause_reasons_table()
    _agents_table()
    _agent_state_spans_table()


def _users_table() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "role", sa.Enum("admin", "supervisor", "agent", name="role", native_enum=False, length=32), nullable=False
        ),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("extension", sa.String(), nullable=True),
        sa.Column("pbx_id", sa.String(), server_default="main", nullable=False),
        sa.Column("locale", sa.String(), nullable=True),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("extension", name=op.f("uq_users_extension")),
        sa.UniqueConstraint("username", name=op.f("uq_users_username")),
    )


def _sessions_table() -> None:
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("browser", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sessions_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_user_id"), "sessions", ["user_id"], unique=False)


def _tokens_table() -> None:
    op.create_table(
        "tokens",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_tokens_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_tokens_token_hash")),
    )
    op.create_index(op.f("ix_tokens_user_id"), "tokens", ["user_id"], unique=False)


def _sign_in_links_table() -> None:
    op.create_table(
        "sign_in_links",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_sign_in_links_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in_links")),
    )


def _sign_in_tries_table() -> None:
    op.create_table(
        "sign_in_tries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_tries")),
    )
    op.create_index(op.f("ix_sign_in_tries_address_at"), "sign_in_tries", ["address", "at"], unique=False)
    op.create_index(op.f("ix_sign_in_tries_username_at"), "sign_in_tries", ["username", "at"], unique=False)


def _agents_table() -> None:
    op.create_table(
        "agents",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("offline", "waiting", "handling", "wrap_up", "paused", name="state", native_enum=False, length=32),
            server_default="offline",
            nullable=False,
        ),
        sa.Column("reason_id", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "call",
            sa.Enum("none", "ringing", "talking", "held", name="callstate", native_enum=False, length=32),
            server_default="none",
            nullable=False,
        ),
        sa.Column("call_id", sa.String(), nullable=True),
        sa.Column("call_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("case_number", sa.BigInteger(), nullable=True),
        sa.Column("pending_reason_id", sa.BigInteger(), nullable=True),
        sa.Column("wrap_up_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("phone", sa.String(), server_default="unknown", nullable=False),
        sa.Column("missed_calls", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(
            ["pending_reason_id"], ["pause_reasons.id"], name=op.f("fk_agents_pending_reason_id_pause_reasons")
        ),
        sa.ForeignKeyConstraint(["reason_id"], ["pause_reasons.id"], name=op.f("fk_agents_reason_id_pause_reasons")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_agents_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_agents")),
    )
    op.create_index("ix_agents_not_offline", "agents", ["state"], unique=False, postgresql_where="state <> 'offline'")


def _agent_state_spans_table() -> None:
    op.create_table(
        "agent_state_spans",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("offline", "waiting", "handling", "wrap_up", "paused", name="state", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("reason_id", sa.BigInteger(), nullable=True),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_agent_state_spans_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_state_spans")),
    )
    op.create_index(
        op.f("ix_agent_state_spans_user_id_from_at"), "agent_state_spans", ["user_id", "from_at"], unique=False
    )
    op.create_index(
        "uq_agent_state_spans_open", "agent_state_spans", ["user_id"], unique=True, postgresql_where="until_at IS NULL"
    )


def _pause_reasons_table() -> None:
    op.create_table(
        "pause_reasons",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("productive", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("limit_seconds", sa.BigInteger(), nullable=True),
        sa.Column("position", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pause_reasons")),
        sa.UniqueConstraint("code", name=op.f("uq_pause_reasons_code")),
    )


def _records() -> None:
    _audit_table()
    _leases_table()
    _outbox_table()
    _answers_given_table()


def _audit_table() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("detail", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_at"), "audit", ["at"], unique=False)
    op.create_index(op.f("ix_audit_subject_at"), "audit", ["subject", "at"], unique=False)


def _leases_table() -> None:
    op.create_table(
        "leases",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fence", sa.BigInteger(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )


def _outbox_table() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index(
        "ix_outbox_released", "outbox", ["released_at"], unique=False, postgresql_where="released_at IS NOT NULL"
    )
    op.create_index("ix_outbox_waiting", "outbox", ["created_at"], unique=False, postgresql_where="released_at IS NULL")


def _answers_given_table() -> None:
    op.create_table(
        "answers_given",
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.BigInteger(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_answers_given_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "key", name=op.f("pk_answers_given")),
    )
    op.create_index(op.f("ix_answers_given_at"), "answers_given", ["at"], unique=False)


def _campaigns() -> None:
    _rule_packs_table()
    _campaign_types_table()
    _campaigns_table()
    _campaign_agents_table()
    _result_nodes_table()


def _rule_packs_table() -> None:
    op.create_table(
        "rule_packs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("text", sa.String(), server_default="", nullable=False),
        sa.Column("rules", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_packs")),
        sa.UniqueConstraint("name", name=op.f("uq_rule_packs_name")),
    )


def _campaign_types_table() -> None:
    op.create_table(
        "campaign_types",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_types")),
        sa.UniqueConstraint("code", name=op.f("uq_campaign_types_code")),
    )


def _campaigns_table() -> None:
    op.create_table(
        "campaigns",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("type_id", sa.BigInteger(), nullable=False),
        sa.Column("priority", sa.BigInteger(), server_default="5", nullable=False),
        sa.Column(
            "mode",
            sa.Enum(
                "manual", "preview", "progressive", "predictive", "inbound", name="mode", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "assignment_mode",
            sa.Enum("self", "directed", "mixed", name="assignmentmode", native_enum=False, length=32),
            server_default="mixed",
            nullable=False,
        ),
        sa.Column("queue_name", sa.String(), nullable=True),
        sa.Column("pbx_id", sa.String(), server_default="main", nullable=False),
        sa.Column("time_zone", sa.String(), nullable=True),
        sa.Column("wrap_up_seconds", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("pressure", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("rule_pack_id", sa.BigInteger(), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("results_version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("priority BETWEEN 1 AND 9", name=op.f("ck_campaigns_priority")),
        sa.ForeignKeyConstraint(["rule_pack_id"], ["rule_packs.id"], name=op.f("fk_campaigns_rule_pack_id_rule_packs")),
        sa.ForeignKeyConstraint(["type_id"], ["campaign_types.id"], name=op.f("fk_campaigns_type_id_campaign_types")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
        sa.UniqueConstraint("name", name=op.f("uq_campaigns_name")),
        sa.UniqueConstraint("queue_name", name=op.f("uq_campaigns_queue_name")),
    )


def _campaign_agents_table() -> None:
    op.create_table(
        "campaign_agents",
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_campaign_agents_campaign_id_campaigns"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_campaign_agents_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("campaign_id", "user_id", name=op.f("pk_campaign_agents")),
    )
    op.create_index(op.f("ix_campaign_agents_user_id"), "campaign_agents", ["user_id"], unique=False)


def _result_nodes_table() -> None:
    op.create_table(
        "result_nodes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("position", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "redial", "redial_alternative", "none", "never_again", name="resultaction", native_enum=False, length=32
            ),
            nullable=True,
        ),
        sa.Column("schedules", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("clears_appointments", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("successful", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("right_party", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("measure", sa.BigInteger(), nullable=True),
        sa.Column("colour", sa.String(), server_default="grey", nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("NOT (schedules AND action IS NOT NULL)", name=op.f("ck_result_nodes_agenda_or_action")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_result_nodes_campaign_id_campaigns"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["result_nodes.id"], name=op.f("fk_result_nodes_parent_id_result_nodes"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result_nodes")),
    )
    op.create_index(
        op.f("ix_result_nodes_campaign_id_parent_id_position"),
        "result_nodes",
        ["campaign_id", "parent_id", "position"],
        unique=False,
    )


def _customers() -> None:
    _customers_table()
    _contact_points_table()
    _accounts_table()
    _do_not_contact_table()


def _customers_table() -> None:
    op.create_table(
        "customers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("document_type", sa.String(), server_default="", nullable=False),
        sa.Column("document", sa.String(), server_default="", nullable=False),
        sa.Column("first_name", sa.String(), server_default="", nullable=False),
        sa.Column("second_name", sa.String(), server_default="", nullable=False),
        sa.Column("first_surname", sa.String(), server_default="", nullable=False),
        sa.Column("second_surname", sa.String(), server_default="", nullable=False),
        sa.Column("full_name", sa.String(), server_default="", nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("sex", sa.String(), server_default="", nullable=False),
        sa.Column("city", sa.String(), server_default="", nullable=False),
        sa.Column("time_zone", sa.String(), nullable=True),
        sa.Column("custom", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("search_key", sa.String(), server_default="", nullable=False),
        sa.Column("sort_key", sa.String(), server_default="", nullable=False),
        sa.Column(
            "search",
            postgresql.TSVECTOR(),
            sa.Computed("to_tsvector('simple', search_key)", persisted=True),
            nullable=False,
        ),
        sa.Column("last_contact_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_contact_channel", sa.String(), nullable=True),
        sa.Column("last_contact_outcome", sa.String(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("imported", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
    )
    op.create_index(
        "ix_customers_document",
        "customers",
        ["document"],
        unique=False,
        postgresql_ops={"document": "text_pattern_ops"},
    )
    op.create_index(
        "ix_customers_search",
        "customers",
        ["search"],
        unique=False,
        postgresql_using="gin",
        postgresql_with={"fastupdate": "off"},
    )
    op.create_index(op.f("ix_customers_sort_key_id"), "customers", ["sort_key", "id"], unique=False)
    op.create_index(
        "uq_customers_document",
        "customers",
        ["document_type", "document"],
        unique=True,
        postgresql_where="document <> ''",
    )


def _contact_points_table() -> None:
    op.create_table(
        "contact_points",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "mobile", "landline", "email", "address", "social", name="contactkind", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("label", sa.String(), server_default="", nullable=False),
        sa.Column("position", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_contact_points_customer_id_customers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_points")),
    )
    op.create_index(
        "ix_contact_points_phone",
        "contact_points",
        ["value"],
        unique=False,
        postgresql_where="kind IN ('mobile', 'landline')",
        postgresql_ops={"value": "text_pattern_ops"},
    )
    op.create_index("uq_contact_points_value", "contact_points", ["customer_id", "kind", "value"], unique=True)


def _accounts_table() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("plan", sa.String(), server_default="", nullable=False),
        sa.Column("service_address", sa.String(), server_default="", nullable=False),
        sa.Column(
            "service_state",
            sa.Enum(
                "active", "suspended", "in_arrears", "withdrawn", name="servicestate", native_enum=False, length=32
            ),
            server_default="active",
            nullable=False,
        ),
        sa.Column("cut_off_date", sa.Date(), nullable=True),
        sa.Column("extension_until", sa.Date(), nullable=True),
        sa.Column("balance", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_accounts_customer_id_customers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
    )
    op.create_index("uq_accounts_number", "accounts", ["customer_id", "number"], unique=True)


def _do_not_contact_table() -> None:
    op.create_table(
        "do_not_contact",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("call", "whatsapp", "sms", "email", name="channel", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_do_not_contact_customer_id_customers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_do_not_contact")),
    )
    op.create_index(op.f("ix_do_not_contact_customer_id"), "do_not_contact", ["customer_id"], unique=False)


def _bases() -> None:
    _bases_table()
    _base_members_table()
    _import_jobs_table()
    _import_refusals_table()
    _import_changes_table()


def _bases_table() -> None:
    op.create_table(
        "bases",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "key",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default='["document_type", "document"]',
            nullable=False,
        ),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bases")),
        sa.UniqueConstraint("name", name=op.f("uq_bases_name")),
    )


def _base_members_table() -> None:
    op.create_table(
        "base_members",
        sa.Column("base_id", sa.BigInteger(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(), server_default="", nullable=False),
        sa.Column("job_id", sa.String(), nullable=True),
        sa.Column("row_number", sa.BigInteger(), nullable=True),
        sa.Column("joined_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["base_id"], ["bases.id"], name=op.f("fk_base_members_base_id_bases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_base_members_customer_id_customers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("base_id", "customer_id", name=op.f("pk_base_members")),
    )
    op.create_index(op.f("ix_base_members_base_id_key"), "base_members", ["base_id", "key"], unique=False)
    op.create_index(op.f("ix_base_members_customer_id"), "base_members", ["customer_id"], unique=False)


def _import_jobs_table() -> None:
    op.create_table(
        "import_jobs",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("base_id", sa.BigInteger(), nullable=True),
        sa.Column("base_name", sa.String(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=True),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("upload", "delete", name="jobkind", native_enum=False, length=32),
            server_default="upload",
            nullable=False,
        ),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("options", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "uploaded",
                "checking",
                "checked",
                "running",
                "done",
                "stopped",
                "failed",
                "undoing",
                "undone",
                name="uploadstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("total", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("done", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("created", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("updated", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("unchanged", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("refused", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("cases", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("changes", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("agreed", sa.BigInteger(), nullable=True),
        sa.Column("to_take", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("removed", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("unlinked", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("restored", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("next_row", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("next_byte", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("error", sa.String(), server_default="", nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["base_id"], ["bases.id"], name=op.f("fk_import_jobs_base_id_bases"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_import_jobs_campaign_id_campaigns")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_jobs")),
    )
    op.create_index(op.f("ix_import_jobs_base_id"), "import_jobs", ["base_id"], unique=False)


def _import_refusals_table() -> None:
    op.create_table(
        "import_refusals",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("job_id", sa.String(), nullable=False),
        sa.Column("row_number", sa.BigInteger(), nullable=False),
        sa.Column("column", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("value", sa.String(), server_default="", nullable=False),
        sa.Column("line", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"], ["import_jobs.id"], name=op.f("fk_import_refusals_job_id_import_jobs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_refusals")),
    )
    op.create_index(op.f("ix_import_refusals_job_id"), "import_refusals", ["job_id"], unique=False)


def _import_changes_table() -> None:
    op.create_table(
        "import_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("job_id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("fields", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("accounts", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("points", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("new_accounts", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_import_changes_customer_id_customers"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["import_jobs.id"], name=op.f("fk_import_changes_job_id_import_jobs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_changes")),
    )
    op.create_index(op.f("ix_import_changes_customer_id"), "import_changes", ["customer_id"], unique=False)
    op.create_index(
        op.f("ix_import_changes_job_id_customer_id_id"), "import_changes", ["job_id", "customer_id", "id"], unique=False
    )


def _cases() -> None:
    _cases_table()
    _case_count_deltas_table()
    _appointments_table()
    _dispositions_table()
    _contact_attempts_table()


def _cases_table() -> None:
    op.create_table(
        "cases",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=False, start=10001), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "status",
            sa.Enum("open", "suspended", "closed", name="casestatus", native_enum=False, length=32),
            server_default="open",
            nullable=False,
        ),
        sa.Column("agent_id", sa.BigInteger(), nullable=True),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("assigned_by", sa.BigInteger(), nullable=True),
        sa.Column("holder_id", sa.BigInteger(), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("campaign_priority", sa.SmallInteger(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), server_default="3", nullable=False),
        sa.Column(
            "service_state",
            sa.Enum(
                "active", "suspended", "in_arrears", "withdrawn", name="servicestate", native_enum=False, length=32
            ),
            server_default="active",
            nullable=False,
        ),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_agent_id", sa.BigInteger(), nullable=True),
        sa.Column("last_contact_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_result_id", sa.BigInteger(), nullable=True),
        sa.Column("next_phone", sa.String(), nullable=True),
        sa.Column("description", sa.String(), server_default="", nullable=False),
        sa.Column("origin", sa.String(), server_default="import", nullable=False),
        sa.Column("job_id", sa.String(), nullable=True),
        sa.Column("final", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.BigInteger(), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_cases_account_id_accounts"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["users.id"], name=op.f("fk_cases_agent_id_users")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_cases_campaign_id_campaigns")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_cases_customer_id_customers")),
        sa.ForeignKeyConstraint(["holder_id"], ["users.id"], name=op.f("fk_cases_holder_id_users")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_cases")),
    )
    op.create_index(
        "ix_cases_account", "cases", ["account_id"], unique=False, postgresql_where="account_id IS NOT NULL"
    )
    op.create_index(
        "ix_cases_aside",
        "cases",
        [
            "campaign_id",
            "campaign_priority",
            "priority",
            sa.literal_column("coalesce(last_contact_at, '1000-01-01 00:00:00+00'::timestamptz)"),
            "number",
        ],
        unique=False,
        postgresql_where=f"due_at IS NULL AND {_ASIDE}",
    )
    op.create_index(
        "ix_cases_aside_due",
        "cases",
        ["campaign_id", "due_at", "number"],
        unique=False,
        postgresql_where=f"due_at IS NOT NULL AND {_ASIDE}",
    )
    op.create_index(
        "ix_cases_closed",
        "cases",
        ["campaign_id", "closed_at", "number"],
        unique=False,
        postgresql_where="status = 'closed'",
    )
    op.create_index(op.f("ix_cases_customer_id"), "cases", ["customer_id"], unique=False)
    op.create_index(
        "ix_cases_due",
        "cases",
        ["campaign_id", "due_at", "number"],
        unique=False,
        postgresql_where="due_at IS NOT NULL AND status = 'open' AND agent_id IS NULL AND holder_id IS NULL",
    )
    op.create_index("ix_cases_held", "cases", ["holder_id"], unique=True, postgresql_where="holder_id IS NOT NULL")
    op.create_index(
        "ix_cases_list",
        "cases",
        [
            "campaign_id",
            "service_state",
            "campaign_priority",
            "priority",
            sa.literal_column("coalesce(last_contact_at, '1000-01-01 00:00:00+00'::timestamptz)"),
            "number",
        ],
        unique=False,
        postgresql_where="due_at IS NULL AND status = 'open'",
    )
    op.create_index(
        "ix_cases_list_due",
        "cases",
        ["campaign_id", "service_state", "due_at", "number"],
        unique=False,
        postgresql_where="due_at IS NOT NULL AND status = 'open'",
    )
    op.create_index(
        "ix_cases_next",
        "cases",
        [
            "campaign_id",
            "campaign_priority",
            "priority",
            sa.literal_column("coalesce(last_contact_at, '1000-01-01 00:00:00+00'::timestamptz)"),
            "number",
        ],
        unique=False,
        postgresql_where="due_at IS NULL AND status = 'open' AND agent_id IS NULL AND holder_id IS NULL",
    )
    op.create_index(
        "ix_cases_of_agent",
        "cases",
        [
            "agent_id",
            "campaign_priority",
            "priority",
            sa.literal_column("coalesce(last_contact_at, '1000-01-01 00:00:00+00'::timestamptz)"),
            "number",
        ],
        unique=False,
        postgresql_where="status <> 'closed' AND agent_id IS NOT NULL",
    )
    op.create_index(
        "ix_cases_of_agent_due",
        "cases",
        ["agent_id", "due_at", "number"],
        unique=False,
        postgresql_where="due_at IS NOT NULL AND status <> 'closed' AND agent_id IS NOT NULL",
    )
    op.create_index(
        "uq_cases_open",
        "cases",
        ["campaign_id", "customer_id", sa.literal_column("coalesce(account_id, 0)")],
        unique=True,
        postgresql_where="status <> 'closed'",
    )


def _case_count_deltas_table() -> None:
    op.create_table(
        "case_count_deltas",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("agent_id", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("service_state", sa.String(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_count_deltas")),
    )
    op.create_index("ix_case_count_deltas_agent", "case_count_deltas", ["agent_id"], unique=False)
    op.create_index(
        "ix_case_count_deltas_kind",
        "case_count_deltas",
        ["campaign_id", "agent_id", "status", "service_state"],
        unique=False,
    )


def _appointments_table() -> None:
    op.create_table(
        "appointments",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_number", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agent_id", sa.BigInteger(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("note", sa.String(), server_default="", nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["users.id"], name=op.f("fk_appointments_agent_id_users")),
        sa.ForeignKeyConstraint(
            ["case_number"], ["cases.number"], name=op.f("fk_appointments_case_number_cases"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointments")),
    )
    op.create_index(op.f("ix_appointments_case_number"), "appointments", ["case_number"], unique=False)
    op.create_index(
        "ix_appointments_to_tell",
        "appointments",
        ["at"],
        unique=False,
        postgresql_where="told_at IS NULL AND done_at IS NULL AND cancelled_at IS NULL",
    )
    op.create_index(
        "uq_appointments_open",
        "appointments",
        ["case_number"],
        unique=True,
        postgresql_where="done_at IS NULL AND cancelled_at IS NULL",
    )


def _dispositions_table() -> None:
    op.create_table(
        "dispositions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("case_number", sa.BigInteger(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("campaign_id", sa.BigInteger(), nullable=False),
        sa.Column("agent_id", sa.BigInteger(), nullable=False),
        sa.Column("result_path", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("result_id", sa.BigInteger(), nullable=True),
        sa.Column("result_name", sa.String(), server_default="", nullable=False),
        sa.Column("effective", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("observations", sa.String(), server_default="", nullable=False),
        sa.Column("finished", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("next_contact_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mine", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("call_id", sa.String(), nullable=True),
        sa.Column("seconds", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["users.id"], name=op.f("fk_dispositions_agent_id_users")),
        sa.ForeignKeyConstraint(
            ["case_number"], ["cases.number"], name=op.f("fk_dispositions_case_number_cases"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_dispositions_customer_id_customers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispositions")),
    )
    op.create_index(
        op.f("ix_dispositions_agent_id_created_at"), "dispositions", ["agent_id", "created_at"], unique=False
    )
    op.create_index(
        op.f("ix_dispositions_campaign_id_created_at"), "dispositions", ["campaign_id", "created_at"], unique=False
    )
    op.create_index(op.f("ix_dispositions_case_number"), "dispositions", ["case_number"], unique=False)
    op.create_index(op.f("ix_dispositions_customer_id"), "dispositions", ["customer_id"], unique=False)


def _contact_attempts_table() -> None:
    op.create_table(
        "contact_attempts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("case_number", sa.BigInteger(), nullable=True),
        sa.Column("campaign_id", sa.BigInteger(), nullable=True),
        sa.Column("agent_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "channel",
            sa.Enum("call", "whatsapp", "sms", "email", name="channel", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("contact_point_id", sa.BigInteger(), nullable=True),
        sa.Column("value", sa.String(), server_default="", nullable=False),
        sa.Column("outcome", sa.String(), server_default="", nullable=False),
        sa.Column("call_id", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_number"], ["cases.number"], name=op.f("fk_contact_attempts_case_number_cases"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_contact_attempts_customer_id_customers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_attempts")),
    )
    op.create_index(
        "ix_contact_attempts_case",
        "contact_attempts",
        ["case_number"],
        unique=False,
        postgresql_where="case_number IS NOT NULL",
    )
    op.create_index(op.f("ix_contact_attempts_customer_id_at"), "contact_attempts", ["customer_id", "at"], unique=False)
    op.create_index(
        "uq_contact_attempts_call", "contact_attempts", ["call_id"], unique=True, postgresql_where="call_id IS NOT NULL"
    )


def _calls() -> None:
    _pbxs_table()
    _calls_table()
    _call_offers_table()


def _pbxs_table() -> None:
    op.create_table(
        "pbxs",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("connected", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("pbx_version", sa.String(), server_default="", nullable=False),
        sa.Column("reason", sa.String(), server_default="", nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pbxs")),
    )


def _calls_table() -> None:
    op.create_table(
        "calls",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("pbx_id", sa.String(), nullable=False),
        sa.Column("pbx_call", sa.String(), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column(
            "phase",
            sa.Enum(
                "dialing", "waiting", "ringing", "talking", "ended", name="callphase", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("caller_number", sa.String(), server_default="", nullable=False),
        sa.Column("caller_phone", sa.String(), nullable=True),
        sa.Column("caller_name", sa.String(), server_default="", nullable=False),
        sa.Column("queue_name", sa.String(), nullable=True),
        sa.Column("campaign_id", sa.BigInteger(), nullable=True),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
        sa.Column("case_number", sa.BigInteger(), nullable=True),
        sa.Column("agent_id", sa.BigInteger(), nullable=True),
        sa.Column("matches", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("abandoned", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("cause", sa.BigInteger(), nullable=True),
        sa.Column("contact_point_id", sa.BigInteger(), nullable=True),
        sa.Column("begin_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rang_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["users.id"], name=op.f("fk_calls_agent_id_users")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name=op.f("fk_calls_campaign_id_campaigns")),
        sa.ForeignKeyConstraint(
            ["case_number"], ["cases.number"], name=op.f("fk_calls_case_number_cases"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_calls_customer_id_customers"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls")),
    )
    op.create_index("ix_calls_case", "calls", ["case_number"], unique=False, postgresql_where="case_number IS NOT NULL")
    op.create_index(
        "ix_calls_customer", "calls", ["customer_id"], unique=False, postgresql_where="customer_id IS NOT NULL"
    )
    op.create_index("ix_calls_going_on", "calls", ["phase"], unique=False, postgresql_where="phase <> 'ended'")
    op.create_index(op.f("ix_calls_started_at"), "calls", ["started_at"], unique=False)
    op.create_index("uq_calls_pbx_call", "calls", ["pbx_id", "pbx_call"], unique=True)


def _call_offers_table() -> None:
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
    op.create_index(
        "ix_call_offers_open", "call_offers", ["agent_id"], unique=False, postgresql_where="gone_at IS NULL"
    )


# Statement triggers with transition tables: one aggregated insert per statement, exact for bulk changes too.
_COUNT = """
CREATE FUNCTION count_cases() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO case_count_deltas (campaign_id, agent_id, status, service_state, n)
    SELECT campaign_id, agent, status, service_state, sum(n) FROM (
        {parts}
    ) AS change (campaign_id, agent, status, service_state, n)
    GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0;
    RETURN NULL;
END $$
"""
_NEW = "SELECT campaign_id, coalesce(agent_id, 0), status, service_state, 1 FROM new_rows"
_OLD = "SELECT campaign_id, coalesce(agent_id, 0), status, service_state, -1 FROM old_rows"
_TRIGGERS = {
    "INSERT": ([_NEW], "NEW TABLE AS new_rows"),
    "DELETE": ([_OLD], "OLD TABLE AS old_rows"),
    "UPDATE": ([_NEW, _OLD], "NEW TABLE AS new_rows OLD TABLE AS old_rows"),
}

CAMPAIGN_TYPES = {
    "support": "Soporte técnico",
    "survey": "Encuesta",
    "collections": "Cobranza",
    "promotion": "Promoción",
}
# code, name, counts as work, seconds after which the board raises an alarm
PAUSE_REASONS = [
    ("break", "Descanso", False, 15 * 60),
    ("lunch", "Almuerzo", False, 60 * 60),
    ("training", "Capacitación", True, None),
    ("meeting", "Reunión", True, None),
    ("restroom", "Baño", False, 10 * 60),
    ("technical", "Falla técnica", True, None),
    ("no_answer", "No contesta", False, 5 * 60),
    ("supervisor", "Pedida por supervisor", True, None),
]


def _count_cases() -> None:
    for event, (parts, tables) in _TRIGGERS.items():
        name = f"count_cases_on_{event.lower()}"
        body = _COUNT.format(parts="\n        UNION ALL ".join(parts)).replace("count_cases()", f"{name}()")
        op.execute(body)
        op.execute(
            f"CREATE TRIGGER {name} AFTER {event} ON cases REFERENCING {tables} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )
    # The table that every gestión touches: room for updates in place, and vacuum before it swells.
    op.execute("ALTER TABLE cases SET (fillfactor = 80)")
    op.execute("ALTER TABLE cases SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500)")


def _first_rows() -> None:
    types = sa.table("campaign_types", sa.column("code"), sa.column("name"))
    op.bulk_insert(types, [{"code": code, "name": name} for code, name in CAMPAIGN_TYPES.items()])
    columns = ["code", "name", "productive", "limit_seconds", "position"]
    reasons = sa.table("pause_reasons", *map(sa.column, columns))
    op.bulk_insert(reasons, [dict(zip(columns, (*row, place), strict=True)) for place, row in enumerate(PAUSE_REASONS)])
    packs = sa.table("rule_packs", sa.column("name"), sa.column("text"), sa.column("rules", postgresql.JSONB()))
    rows = [
        {"name": name, "text": text, "rules": rules.model_dump(mode="json")} for name, text, rules in READY_MADE_PACKS
    ]
    op.bulk_insert(packs, rows)
