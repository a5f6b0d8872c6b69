"""The role by which Atiende works in its private PostgreSQL: it owns its own database, and is no superuser.

The role `atiende`, which made the cluster, may do everything; nothing of ours signs in as it once the database is made.
What an earlier version made as that role is handed over once.
"""

from __future__ import annotations

ROLE = "atiende_app"
OWNER_OF_ALL = "atiende"
MARK = "atiende_app.made"  # in the folder of the cluster: nothing is to be handed over any more

# One statement a line, for PostgreSQL in single-user mode. A serial or identity column's sequence goes with its table.
STATEMENTS = (
    f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN"
    f" CREATE ROLE {ROLE} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE; END IF; END $$",
    f"ALTER DATABASE atiende OWNER TO {ROLE}",
    "DO $$ DECLARE thing record; BEGIN FOR thing IN"
    " SELECT CASE relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'"
    " ELSE 'TABLE' END AS kind, oid::regclass::text AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    " AND relkind IN ('r', 'p', 'v', 'm', 'S') AND NOT (relkind = 'S' AND EXISTS (SELECT FROM pg_depend"
    " WHERE objid = pg_class.oid AND deptype IN ('a', 'i') AND refclassid = 'pg_class'::regclass))"
    " UNION ALL SELECT 'FUNCTION', oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
    " UNION ALL SELECT 'TYPE', oid::regtype::text FROM pg_type WHERE typnamespace = 'public'::regnamespace"
    " AND typtype IN ('e', 'd')"
    " LOOP EXECUTE format('ALTER %s %s OWNER TO atiende_app', thing.kind, thing.name); END LOOP; END $$",
)
