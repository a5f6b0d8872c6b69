"""Imported = stored, whatever is in the file."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from atiende.queue.bases.file.reasons import Reason
from atiende.tests.support.floors.bases import BasesHouse, adds_up, messy

HEADER = "tipo_documento;documento;primer_nombre;primer_apellido;telefono;telefono2;cuenta;plan;estado;saldo\r\n"


def base(*lines: str) -> bytes:
    return (HEADER + "\r\n".join(lines)).encode("windows-1252")


@pytest.mark.proves("S4-12")
async def test_two_thousand_messy_rows_are_stored_as_reported(house: BasesHouse, tmp_path: Path) -> None:
    """Windows-1252, semicolons, quoted line breaks; what the job says is what the tables hold."""
    content, counts = messy(tmp_path, 2000)
    job = await house.store(content)
    assert adds_up(job), job.error
    assert (job.total, job.created, job.refused) == (2000, counts.good, counts.refused.total())
    assert Counter(refusal.reason for refusal in await house.refusals(job.id)) == (counts.refused + counts.warned)
    for table in ("customers", "accounts", "base_members", "cases"):
        assert await house.count(table) == counts.good, table
    assert job.cases == counts.good
    broken = await house.rows("SELECT value FROM contact_points WHERE kind = 'address' AND value LIKE 'Calle%Apto%'")
    assert len(broken) > 50
    found = await house.rows("SELECT full_name, search_key FROM customers WHERE full_name LIKE '%Ñáñez%' LIMIT 1")
    assert "nanez" in found[0][1]


async def test_a_trial_says_what_the_run_then_does_and_stores_nothing(house: BasesHouse, tmp_path: Path) -> None:
    """The counts of the dry run are the counts of the load."""
    content, _ = messy(tmp_path, 400)
    job_id = await house.upload(content, campaign_id=house.campaign)
    tried = await house.check(job_id)
    assert adds_up(tried)
    assert await house.count("customers") == await house.count("cases") == await house.count("bases") == 0
    done = await house.run(job_id)
    assert adds_up(done)
    for name in ("total", "created", "updated", "unchanged", "refused"):
        assert getattr(done, name) == getattr(tried, name), name


async def test_the_same_file_again_changes_nothing_and_doubles_nothing(house: BasesHouse, tmp_path: Path) -> None:
    """A second import of a file never doubles a customer, a phone, an account or a case."""
    content, counts = messy(tmp_path, 300)
    await house.store(content)
    tables = ("customers", "contact_points", "accounts", "base_members", "cases")
    before = {table: await house.count(table) for table in tables}
    again = await house.store(content)
    assert adds_up(again)
    assert (again.created, again.updated, again.unchanged, again.cases) == (0, 0, counts.good, 0)
    assert {table: await house.count(table) for table in tables} == before


async def test_a_changed_row_updates_the_customer_and_his_open_case(house: BasesHouse) -> None:
    """What the file says replaces what was stored; an empty cell erases nothing."""
    await house.store(base("CC;52318904;Luz;Rodríguez;3105550142;;A1;Hogar 100;Activo;1.000", "CC;9;Ana;Gil;;;A2;;;"))
    job = await house.store(base("CC;52.318.904;;Peña;3155550198;;A1;;Moroso;2.500,50", "CC;9;Ana;Gil;;;A2;;;"))
    assert (job.created, job.updated, job.unchanged, job.cases) == (0, 1, 1, 0)
    assert await house.rows("SELECT full_name, search_key, version FROM customers WHERE document = '52318904'") == [
        ("Luz Peña", "luz pena 52318904", 2)
    ]
    found = await house.rows("SELECT plan, service_state, balance::text FROM accounts WHERE number = 'A1'")
    assert found == [("Hogar 100", "in_arrears", "2500.50")]
    assert await house.rows("SELECT service_state, version FROM cases ORDER BY number") == [
        ("in_arrears", 2),
        ("active", 1),
    ]
    phones = await house.rows("SELECT value, position FROM contact_points ORDER BY position")
    assert phones == [("+573105550142", 0), ("+573155550198", 1)]


async def test_a_customer_with_two_accounts_has_a_case_for_each(house: BasesHouse) -> None:
    """Two rows of one customer with different accounts are both stored; the same account twice is refused."""
    lines = ["CC;1;Ana;Gil;3105550142;;A1;;;", "CC;1;Ana;Gil;3105550142;;A2;;;", "CC;1;Ana;Gil;;;A1;;;"]
    job_id = await house.upload(base(*lines), campaign_id=house.campaign)
    tried = await house.check(job_id)
    job = await house.run(job_id)
    assert (job.created, job.updated, job.refused, job.cases) == (1, 1, 1, 2)
    assert (tried.created, tried.updated, tried.refused) == (1, 1, 1)
    (refusal,) = await house.refusals(job_id)
    assert (refusal.reason, refusal.value, refusal.row_number) == (Reason.REPEATED, "2", 4)


async def test_one_customer_in_thousands_of_rows_still_ends(house: BasesHouse) -> None:
    """Rows of one customer are stored one after the other, in bounded chunks."""
    job = await house.store(base(*(f"CC;1;Ana;Gil;;;A{number};;;" for number in range(70))))
    assert adds_up(job)
    assert (job.created, job.updated, job.cases) == (1, 69, 70)


async def test_hostile_rows_cost_only_themselves(house: BasesHouse) -> None:
    """NUL bytes, an unclosed quote, a row of five megabytes, wrong letters: refused, the others stored."""
    lines = [
        b"documento;nombre;telefono",
        b"1;Ana;3105550142",
        b"2;A\0na;3105550143",
        b'3;"Ana;3105550144',
        b"4;" + b"x" * 5_000_000 + b";3105550145",
        b"5;An\x81a;3105550146",
        b"6;Ana;3105550149;x",
        b"7;=cmd|' /C calc'!A0;3105550147",
        b";;;;;",
        b"8;Eva;3105550148",
    ]
    job = await house.store(b"\r\n".join(lines), encoding="windows-1252")
    assert adds_up(job), job.error
    assert (job.created, job.refused) == (3, 5)
    found = {refusal.row_number: refusal.reason for refusal in await house.refusals(job.id)}
    expected = [Reason.NUL, Reason.QUOTES, Reason.TOO_LONG, Reason.ENCODING, Reason.COLUMN_COUNT]
    assert found == dict(zip(range(3, 8), expected, strict=True))


async def test_utf16_and_repeated_headers_are_stored(house: BasesHouse) -> None:
    """What Excel calls Unicode text; two columns of one name are two phones."""
    content = "documento\tnombre\ttelefono\ttelefono\r\n1\tÑáñez Güiza\t3105550142\t6015557730\r\n".encode("utf-16")
    job = await house.store(content)
    assert adds_up(job)
    assert await house.rows("SELECT full_name FROM customers") == [("Ñáñez Güiza",)]
    assert await house.count("contact_points") == 2
