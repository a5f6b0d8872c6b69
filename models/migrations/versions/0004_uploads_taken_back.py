"""Uploads can be undone and bases deleted

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_TAKEN = ("to_take", "removed", "unlinked", "restored")
# Deleting a customer or a case looks for what points at it.
_POINTERS = (
    ("ix_cases_account", "cases", "account_id"),
    ("ix_contact_attempts_case", "contact_attempts", "case_number"),
    ("ix_calls_customer", "calls", "customer_id"),
    ("ix_calls_case", "calls", "case_number"),
)


def upgrade() -> None:
    op.add_column("customers", sa.Column("imported", sa.Boolean(), server_default="false", nullable=False))
    op.add_column("base_members", sa.Column("joined_by", sa.String()))
    op.add_column("cases", sa.Column("job_id", sa.String()))
    op.add_column("import_jobs", sa.Column("kind", sa.String(32), server_default="upload", nullable=False))
    for name in _TAKEN:
        op.add_column("import_jobs", sa.Column(name, sa.BigInteger(), server_default="0", nullable=False))
    for name, table, column in _POINTERS:
        op.create_index(name, table, [column], postgresql_where=sa.text(f"{column} IS NOT NULL"))
    _create_changes()
    # What uploads brought before this is known by its members.
    op.execute("UPDATE base_members SET joined_by = job_id")
    op.execute(
        "UPDATE cases o SET job_id = m.job_id FROM base_members m WHERE m.customer_id = o.customer_id"
        " AND o.origin = 'import'"
    )
    op.execute("UPDATE customers c SET imported = true FROM base_members m WHERE m.customer_id = c.id")


def _create_changes() -> None:
    empty = {"{}": ("fields", "accounts"), "[]": ("points", "new_accounts")}
    op.create_table(
        "import_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("job_id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        *(
            sa.Column(name, postgresql.JSONB(), server_default=default, nullable=False)
            for default, names in empty.items()
            for name in names
        ),
        sa.ForeignKeyConstraint(
            ["job_id"], ["import_jobs.id"], name="fk_import_changes_job_id_import_jobs", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name="fk_import_changes_customer_id_customers", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_import_changes"),
    )
    op.create_index("ix_import_changes_job_id_customer_id_id", "import_changes", ["job_id", "customer_id", "id"])
    op.create_index("ix_import_changes_customer_id", "import_changes", ["customer_id"])


def downgrade() -> None:
    op.drop_table("import_changes")
    for name, table, _ in _POINTERS:
        op.drop_index(name, table)
    for name in _TAKEN:
        op.drop_column("import_jobs", name)
    for table, column in (
        ("import_jobs", "kind"),
        ("cases", "job_id"),
        ("base_members", "joined_by"),
        ("customers", "imported"),
    ):
        op.drop_column(table, column)
