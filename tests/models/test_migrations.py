"""What the migrations make of an empty database, and that they make what the models say."""

from __future__ import annotations

from pathlib import Path

import asyncpg

from atiende.server.commands.migrate import check_tables, migrate_database
from atiende.server.up.database_role import ROLE
from atiende.tests.support.servers import Servers

FIRST_RELEASE = Path(__file__).with_name("first_release.txt")
CATALOGUE = {
    "columns": """SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default,
        is_identity, generation_expression FROM information_schema.columns
        WHERE table_schema = 'public' AND table_name <> 'alembic_version' ORDER BY table_name, column_name""",
    "indexes": """SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'
        ORDER BY indexname""",
    "constraints": """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
        AND conrelid::regclass::text <> 'alembic_version' ORDER BY 1, 2""",
    "triggers": "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname",
    "functions": """SELECT pg_get_functiondef(oid) FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace ORDER BY proname""",
    "storage": """SELECT relname, reloptions FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND reloptions IS NOT NULL ORDER BY 1""",
    "campaign types": "SELECT code, name FROM campaign_types ORDER BY id",
    "pause reasons": "SELECT code, name, productive, limit_seconds, position FROM pause_reasons ORDER BY id",
    "rule packs": "SELECT name, text, rules, version FROM rule_packs ORDER BY id",
}


async def empty_database(servers: Servers, name: str) -> str:
    await servers.run_sql(f"CREATE DATABASE {name} OWNER {ROLE}")
    return servers.postgres.url(name)


async def described(servers: Servers, name: str) -> str:
    """A database's tables, indexes, triggers and first rows, one line each."""
    connection = await asyncpg.connect(host=str(servers.postgres.socket_dir), user="atiende", database=name)
    try:
        lines: list[str] = []
        for kind, question in CATALOGUE.items():
            rows = await connection.fetch(question)
            lines += [f"# {kind}", *(" | ".join("" if value is None else str(value) for value in row) for row in rows)]
        return "\n".join(lines) + "\n"
    finally:
        await connection.close()


async def test_the_first_migration_makes_what_the_chain_before_it_made(servers: Servers) -> None:
    """`first_release.txt` was written from a database that the migrations 0001 to 0008 had made."""
    url = await empty_database(servers, "first_release")
    await migrate_database(url, revision="0008")
    assert await described(servers, "first_release") == FIRST_RELEASE.read_text()
    await servers.drop_database("first_release")


async def test_a_database_that_stood_at_the_end_of_that_chain_goes_on_from_there(servers: Servers) -> None:
    url = await empty_database(servers, "goes_on")
    await migrate_database(url, revision="0008")
    await servers.run_sql("INSERT INTO pbxs (id) VALUES ('kept')", "goes_on")
    await migrate_database(url)
    await check_tables(url)
    assert await servers.run_sql("DELETE FROM pbxs WHERE id = 'kept'", "goes_on") == "DELETE 1"
    await servers.drop_database("goes_on")


async def test_the_migrations_make_what_the_models_say(database_url: str) -> None:
    await check_tables(database_url)


async def test_a_key_that_had_no_end_goes_on_for_a_year_after_the_upgrade(servers: Servers) -> None:
    """No program stops at the upgrade, and no key is left without an end."""
    url = await empty_database(servers, "keys")
    await migrate_database(url, revision="0008")
    user = "INSERT INTO users (id, username, name, role) OVERRIDING SYSTEM VALUE VALUES (1, 'ana', 'Ana', 'agent')"
    await servers.run_sql(user, "keys")
    for number, until in ((1, "NULL"), (2, "now() + interval '5 days'")):
        key = f"INSERT INTO tokens (token_hash, user_id, name, expires_at) VALUES ('\\x0{number}', 1, 'k', {until})"
        await servers.run_sql(key, "keys")
    await migrate_database(url)
    of_a_year = "DELETE FROM tokens WHERE expires_at > now() + interval '364 days'"
    assert await servers.run_sql(of_a_year, "keys") == "DELETE 1"
    as_before = "DELETE FROM tokens WHERE expires_at < now() + interval '6 days'"
    assert await servers.run_sql(as_before, "keys") == "DELETE 1"
    await servers.drop_database("keys")


async def test_what_identifies_the_customers_there_are_takes_its_one_form_and_nothing_is_lost(servers: Servers) -> None:
    """Documents, types, accounts, keys of bases and phones; a twin of another customer stays as it is."""
    url = await empty_database(servers, "identities")
    await migrate_database(url, revision="0008")
    for statement in (
        """INSERT INTO customers (id, document_type, document, full_name, search_key) VALUES
           (1, 'NIT', '900555210-4', 'Ana Paz', 'ana paz 900555210 4'),
           (2, 'C.C.', '71.644.902', 'Eva', 'eva 71 644 902'), (3, 'CC', '71644902', 'Eva', 'eva 71644902'),
           (4, 'CC', '', 'Luz', 'luz'), (5, 'CC', '5,49E+12', 'Olga', 'olga')""",
        "INSERT INTO accounts (customer_id, number) VALUES (1, 'k-10'), (1, 'K 11'), (1, 'K11')",
        """INSERT INTO contact_points (customer_id, kind, value) VALUES
           (1, 'mobile', '+5491123456701'), (1, 'landline', '+541123456701'), (1, 'email', 'a@b.co')""",
        """INSERT INTO bases (id, name, key) VALUES (1, 'Mora', '["document_type", "document", "phone"]')""",
        "INSERT INTO base_members (base_id, customer_id, key) VALUES (1, 1, 'NIT|900555210-4|+5491123456701')",
    ):
        await servers.run_sql(statement, "identities")
    await migrate_database(url)
    connection = await asyncpg.connect(host=str(servers.postgres.socket_dir), user="atiende", database="identities")

    async def rows(question: str) -> list[tuple[object, ...]]:
        return [tuple(row) for row in await connection.fetch(question)]

    assert await rows("SELECT document_type, document, search_key FROM customers ORDER BY id") == [
        ("NIT", "9005552104", "ana paz 9005552104"),
        ("C.C.", "71.644.902", "eva 71 644 902"),
        ("CC", "71644902", "eva 71644902"),
        ("CC", "", "luz"),
        ("CC", "5,49E+12", "olga"),
    ]
    assert await rows("SELECT number FROM accounts ORDER BY id") == [("K10",), ("K 11",), ("K11",)]
    assert await rows("SELECT line FROM contact_points ORDER BY id") == [
        ("+541123456701",),
        ("+541123456701",),
        (None,),
    ]
    assert await rows("SELECT key FROM base_members") == [("NIT|9005552104|+541123456701",)]
    await connection.close()
    await servers.drop_database("identities")
