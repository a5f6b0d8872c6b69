"""Section counters kept by triggers, and the rows every installation begins with

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

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


def upgrade() -> None:
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
    types = sa.table("campaign_types", sa.column("code"), sa.column("name"))
    op.bulk_insert(types, [{"code": code, "name": name} for code, name in CAMPAIGN_TYPES.items()])
    columns = ["code", "name", "productive", "limit_seconds", "position"]
    reasons = sa.table("pause_reasons", *map(sa.column, columns))
    op.bulk_insert(reasons, [dict(zip(columns, (*row, place), strict=True)) for place, row in enumerate(PAUSE_REASONS)])


def downgrade() -> None:
    op.execute("DELETE FROM pause_reasons")
    op.execute("DELETE FROM campaign_types")
    for event in _TRIGGERS:
        name = f"count_cases_on_{event.lower()}"
        op.execute(f"DROP TRIGGER {name} ON cases")
        op.execute(f"DROP FUNCTION {name}()")
