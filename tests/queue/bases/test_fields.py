"""Every field of the table of fields goes in by a file, is stored, found, taken out and brought in again."""

from __future__ import annotations

import csv
import io
from collections import Counter

import pytest
from sqlalchemy import select

from atiende.models.customers.customer import Customer
from atiende.models.customers.fields import ACCOUNT_FIELDS, BIRTH, BY_NAME, CUSTOMER_FIELDS, FIELDS, Field, Kind
from atiende.models.customers.names import fold
from atiende.queue.bases.export.base_file import COLUMNS, EXPORTED, csv_lines
from atiende.queue.bases.file.columns import guess_columns, tickable
from atiende.queue.bases.uploads.removal import AgreedCounts, start_undo
from atiende.queue.customers.filter import Filter, Op, Place, condition
from atiende.tests.support.floors.bases import BasesHouse, adds_up

# For each kind two cells as an export writes them.
CELLS = {
    Kind.TEXT: ("Uno", "Otro"),
    Kind.NAME: ("Luz", "Ana"),
    Kind.DOCUMENT_TYPE: ("CC", "CE"),
    Kind.ACCOUNT: ("K10", "K11"),
    Kind.DATE: ("2026-11-18", "2026-12-03"),
    Kind.AMOUNT: ("184900.50", "-5.00"),
    Kind.SERVICE_STATE: ("Suspendido", "Retirado"),
    Kind.EMAIL: ("luz@ejemplo.com", "ana@ejemplo.com"),
    Kind.ADDRESS: ("Calle 45 # 13-20", "Carrera 7 # 1-2"),
}
PHONES = {"telefono": "+573105550142", "telefono2": "+576015557730", "telefono3": "+573155550198"}
ACCOUNT_COLUMNS = {field.name for field in ACCOUNT_FIELDS}
STATE = next(field.name for field in FIELDS if field.kind is Kind.SERVICE_STATE)


def cell(field: Field, which: int = 0) -> str:
    if field.kind is Kind.DOCUMENT:
        return "52318904"
    if field.name == BIRTH:
        return ("1978-03-14", "1980-01-02")[which]
    return PHONES[field.name] if field.kind is Kind.PHONE else CELLS[field.kind][which]


def file_of(*rows: dict[str, str]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


async def exported(house: BasesHouse, name: str) -> list[dict[str, str]]:
    """What an export of the base holds: the filled cells of each row."""
    ((base_id,),) = await house.rows(f"SELECT id FROM bases WHERE name = '{name}'")
    async with house.house.look() as session:
        content = b"".join([part async for part in csv_lines(session, base_id)])
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
    return [{name: text for name, text in row.items() if text} for row in rows]


def one_of_each() -> list[dict[str, str]]:
    """A customer for each field, who has a document and this field."""
    fields = enumerate(EXPORTED, 1000)
    return [{field.name: cell(field)} | {"documento": str(number)} for number, field in fields]


@pytest.mark.proves("S4-07")
async def test_each_field_alone_comes_out_as_it_went_in_and_goes_in_again(house: BasesHouse) -> None:
    """And a second time changes nothing."""
    rows = one_of_each()
    job = await house.store(file_of(*rows))
    assert adds_up(job) and job.created == len(EXPORTED), [r.reason for r in await house.refusals(job.id)]
    out = await exported(house, "Mora")
    for sent, row in zip(rows, sorted(out, key=lambda row: row["documento"]), strict=True):
        (phone,) = [text for name, text in sent.items() if name in PHONES] or [""]
        expected = {name: text for name, text in sent.items() if name not in PHONES}
        expected |= {"telefono": phone} if phone else {}
        expected |= {STATE: row[STATE]} if set(sent) & ACCOUNT_COLUMNS else {}
        assert row == expected
    again = await house.store(file_of(*out), name="Otra")
    assert (again.unchanged, again.created, again.updated) == (len(EXPORTED), 0, 0)
    assert await exported(house, "Otra") == out


async def test_all_fields_are_stored_found_changed_and_put_back(house: BasesHouse) -> None:
    """Whatever may be filtered is found by its cell, and an undo gives back each value."""
    first = {field.name: cell(field) for field in EXPORTED}
    assert adds_up(await house.store(file_of(first, {"documento": "1"})))
    before = await exported(house, "Mora")
    assert before[0] == first
    for field in FIELDS:
        if field.filter:
            assert await found_by(house, field, first.get(field.name, "")) == ["52318904"], field.name
    second = first | {field.name: cell(field, 1) for field in (*CUSTOMER_FIELDS, *ACCOUNT_FIELDS) if not field.identity}
    job = await house.store(file_of(second))
    assert (job.updated, (await exported(house, "Mora"))[0]) == (1, second)
    async with house.house.work(house.supervisor) as work:
        await start_undo(work, job.id, AgreedCounts())
    await house.finish(job.id)
    assert await exported(house, "Mora") == before


async def found_by(house: BasesHouse, field: Field, text: str) -> list[str]:
    """Documents of the customers that its filter finds."""
    assert field.filter
    if field.kind is Kind.WHOLE_NAME:
        text = " ".join(cell(part) for part in FIELDS if part.kind is Kind.NAME)
    asked = Filter(field=field.filter.name, op=Op.EQUALS, value=text)
    wanted = select(Customer.document).where(condition(asked, Place(house.campaign, "CO")))
    async with house.house.look() as session:
        return list(await session.scalars(wanted))


@pytest.mark.proves("S4-13")
async def test_what_is_ticked_off_stays_in_known_customers(house: BasesHouse) -> None:
    """Each field that may be left as it is."""
    first = {field.name: cell(field) for field in EXPORTED}
    await house.store(file_of(first))
    before = await exported(house, "Mora")
    second = first | {field.name: cell(field, 1) for field in (*CUSTOMER_FIELDS, *ACCOUNT_FIELDS) if not field.identity}
    kept = tickable(COLUMNS, ["document_type", "document"])
    job = await house.store(file_of(second), kept=kept)
    assert (job.updated, job.unchanged) == (0, 1)
    assert await exported(house, "Mora") == before


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_a_field_is_known_by_its_name_and_its_synonyms(field: Field) -> None:
    for header in (field.name, *field.synonyms):
        assert guess_columns([header]) == [field.name], header


def test_no_name_stands_for_two_things() -> None:
    """Headers, staged columns, filters and words of a key each name one field; synonyms are folded as headers are."""
    headers = Counter(name for field in FIELDS for name in {fold(field.name), *field.synonyms})
    staged = Counter(field.staged for field in (*CUSTOMER_FIELDS, *ACCOUNT_FIELDS))
    filters = Counter(field.filter.name for field in FIELDS if field.filter)
    keys = Counter(field.key for field in FIELDS if field.key)
    for names in (headers, staged, filters, keys):
        assert max(names.values()) == 1, names.most_common(1)
    assert all(fold(name) == name for field in FIELDS for name in field.synonyms)
    assert len(BY_NAME) == len(FIELDS)
