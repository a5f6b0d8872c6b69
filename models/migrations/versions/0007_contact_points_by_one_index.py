"""Contact points of a customer are found by the index of their uniqueness; a second one only cost every upload

Revision ID: 0007
Revises: 0006
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_contact_points_customer_id", table_name="contact_points")


def downgrade() -> None:
    op.create_index("ix_contact_points_customer_id", "contact_points", ["customer_id"])
