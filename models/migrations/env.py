"""Run by Alembic. The connection comes from `server/commands/migrate.py` in `attributes`; there is no ini file.

The lock is the first statement of the transaction: two processes that start together migrate one after the other,
and the second finds nothing left to do.
"""

from alembic import context
from sqlalchemy import Connection, text

from atiende.models import Base

# Any number will do, as long as nobody else in this database uses it.
LOCK = 0x61746965


def migrate(connection: Connection) -> None:
    """Bring this database to the revision that Alembic was asked for."""
    context.configure(connection=connection, target_metadata=Base.metadata, compare_type=True)
    with context.begin_transaction():
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        context.run_migrations()


migrate(context.config.attributes["connection"])
