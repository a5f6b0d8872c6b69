"""Invented rows by the million, made by the database itself; the same every time."""

from __future__ import annotations

import asyncpg

from atiende.server.identity.secret import hash_of

from .harness import Run

CAMPAIGNS = 10
SUPERVISORS = 20

_STEPS = (
    "INSERT INTO users (username, name, role, extension) SELECT 'agente' || i, 'Agente ' || i || ' Peña', 'agent',"
    " (1000 + i)::text FROM generate_series(1, {agents}) i",
    "INSERT INTO users (username, name, role) SELECT 'jefe' || i, 'Jefa ' || i || ' Ruiz', 'supervisor'"
    " FROM generate_series(1, {supervisors}) i",
    "INSERT INTO agents (user_id, state) SELECT id, 'waiting' FROM users",
    "INSERT INTO campaigns (name, type_id, mode, priority, queue_name) SELECT 'Campaña ' || i,"
    " (SELECT min(id) FROM campaign_types), 'manual', 1 + i % 9, 'cola' || i FROM generate_series(1, {campaigns}) i",
    # everybody works in three campaigns
    "INSERT INTO campaign_agents (campaign_id, user_id) SELECT DISTINCT 1 + (u.id + k * 3) % {campaigns}, u.id"
    " FROM users u, generate_series(0, 2) k WHERE u.role = 'agent'",
    "INSERT INTO customers (document_type, document, first_name, first_surname, full_name, city, search_key, sort_key)"
    " SELECT 'CC', d, f, s, f || ' ' || s, 'Bogotá', lower(f || ' ' || s) || ' ' || d, lower(s || ' ' || f) FROM ("
    "  SELECT (10000000 + i)::text d, (array['Ana','Luis','Marta','Jorge','Diana','Pedro','Rosa','Hugo'])[1 + i % 8] f,"
    "  'Ape' || chr(97 + i % 26) || chr(97 + i / 26 % 26) || chr(97 + i / 676 % 26) s"
    "  FROM generate_series(1, {customers}) i) x",
    "INSERT INTO contact_points (customer_id, kind, value)"
    " SELECT id, 'mobile', '+573' || lpad(id::text, 9, '0') FROM customers",
    "INSERT INTO accounts (customer_id, number, service_state, balance) SELECT id, 'C' || id,"
    " (array['active','in_arrears','suspended','withdrawn'])[1 + id % 4], id % 100000 FROM customers",
    # every campaign has a case of a customer at most: round after round over the customers
    "INSERT INTO cases (campaign_id, customer_id, account_id, campaign_priority, priority, service_state, status,"
    " agent_id, assigned_at, due_at, last_contact_at, closed_at)"
    " SELECT c.id, a.customer_id, a.id, c.priority, 1 + i % 4, a.service_state,"
    " CASE WHEN i % 10 = 0 THEN 'closed' ELSE 'open' END,"
    " CASE WHEN i % 10 IN (1, 2) AND i % 7 < 5 THEN (SELECT min(id) FROM users) + i % {agents} END, now(),"
    " CASE WHEN i % 100 = 3 THEN now() + (i % 2000 - 1000) * interval '1 minute' END,"
    " CASE WHEN i % 3 > 0 THEN now() - (i % 500000) * interval '1 second' END,"
    " CASE WHEN i % 10 = 0 THEN now() - i % 100000 * interval '1 second' END"
    " FROM generate_series(0, {cases} - 1) i"
    " JOIN accounts a ON a.id = (SELECT min(id) FROM accounts) + i % {customers}"
    " JOIN campaigns c ON c.id = 1 + (i / {customers} + i) % {campaigns}"
    " ON CONFLICT DO NOTHING",
    "INSERT INTO sessions (token_hash, user_id, expires_at) SELECT sha256(convert_to('bench' || id, 'UTF8')), id,"
    " now() + interval '1 day' FROM users",
    "VACUUM ANALYZE",
)
_INDEXED = ("cases", "customers", "contact_points", "accounts")


async def database(run: Run, customers: int, cases: int, agents: int = 200) -> str:
    """URL of a database with these rows; made once in a run."""
    key = (customers, cases, agents)
    if key not in run._databases:
        name = await run.servers.new_database()
        connection = await connect(run, name)
        try:
            await _fill(connection, customers=customers, cases=cases, agents=agents)
        finally:
            await connection.close()
        run._databases[key] = name
    return run.servers.postgres.url(run._databases[key])


async def connect(run: Run, name: str) -> asyncpg.Connection:
    """A plain connection to a database of the run, by its name or URL."""
    name = name.partition("?")[0].rpartition("/")[2]
    return await asyncpg.connect(host=str(run.servers.postgres.socket_dir), user="atiende", database=name)


def secret_of(user_id: int) -> str:
    """The session cookie of a user of the data."""
    secret = f"bench{user_id}"
    assert len(hash_of(secret)) == 32
    return secret


async def _fill(connection: asyncpg.Connection, **sizes: int) -> None:
    """Rows first and indexes after them, which takes a third of the time."""
    sizes |= {"supervisors": SUPERVISORS, "campaigns": CAMPAIGNS}
    indexes = await connection.fetch(
        "SELECT c.relname AS name, pg_get_indexdef(i.indexrelid) AS made FROM pg_index i"
        " JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid"
        " WHERE t.relname = ANY($1) AND NOT i.indisprimary AND c.relname <> 'uq_cases_open'",
        list(_INDEXED),
    )
    await connection.execute("SET maintenance_work_mem = '256MB'")
    for index in indexes:
        await connection.execute(f"DROP INDEX {index['name']}")
    for step in _STEPS[:-1]:
        await connection.execute(step.format(**sizes))
    for index in indexes:
        await connection.execute(index["made"])
    await connection.execute(_STEPS[-1])
