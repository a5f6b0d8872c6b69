"""Single rows: what is read of them, and the reason for each that is not."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atiende.models.contact.channels import ContactKind
from atiende.models.customers.fields import FIELDS
from atiende.models.customers.service_states import ServiceState
from atiende.queue.bases.examples.sample_file import sample_file
from atiende.queue.bases.file.delimited import Place, Record
from atiende.queue.bases.file.reasons import SENTENCES, TITLES, Reason
from atiende.queue.bases.rows import cell_parsers
from atiende.queue.bases.rows.row_parser import Outcome, ParseRules, parse_row
from atiende.queue.bases.uploads.refused_rows import safe_cell

COLUMNS = tuple(field.name for field in FIELDS if field.name != "nombre")
GOOD = {"tipo_documento": "CC", "documento": "52318904", "primer_nombre": "Luz", "telefono": "3105550142"}


def row(cells: dict[str, str], key: tuple[str, ...] = ("document_type", "document"), area_code: str = "") -> Outcome:
    rules = ParseRules(COLUMNS, key, "dmy", "CO", area_code)
    return parse_row(Record(2, [cells.get(name, "") for name in COLUMNS], Place()), rules)


def reasons(cells: dict[str, str], **values: str) -> list[Reason]:
    outcome = row({**GOOD, **cells}, **values)  # type: ignore[arg-type]
    return [defect.reason for defect in outcome.defects]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({}, []),
        ({"telefono": "5553381"}, [Reason.NO_AREA_CODE]),
        ({"telefono": "555338"}, [Reason.PHONE]),
        ({"telefono": "no tiene"}, [Reason.PHONE]),
        ({"telefono2": "5553381"}, [Reason.EXTRA_PHONE]),
        ({"telefono": "", "telefono2": "5553381"}, [Reason.NO_AREA_CODE]),
        ({"correo": "a@b"}, [Reason.EMAIL]),
        ({"fecha_corte": "31/02/2026"}, [Reason.DATE]),
        ({"fecha_nacimiento": "hoy"}, [Reason.DATE]),
        ({"saldo": "mucho"}, [Reason.AMOUNT]),
        ({"estado": "raro"}, [Reason.SERVICE_STATE]),
        ({"documento": ""}, [Reason.NO_DOCUMENT]),
        ({"documento": "5,23189E+07"}, [Reason.SPOILT]),
        ({"cuenta": "5,49E+12"}, [Reason.SPOILT]),
        ({"telefono": "5,49E+12"}, [Reason.SPOILT]),
        ({"documento": "--"}, [Reason.DOCUMENT]),
        ({"cuenta": "*"}, [Reason.ACCOUNT]),
        ({"plan": "x" * 501}, [Reason.TEXT_TOO_LONG]),
        (dict.fromkeys(GOOD, ""), [Reason.NOBODY]),
    ],
)
def test_each_defect_has_its_reason(cells: dict[str, str], expected: list[Reason]) -> None:
    """A reason for every refused row."""
    assert reasons(cells) == expected


def test_a_bad_second_phone_does_not_lose_the_customer() -> None:
    """It is left out with a warning."""
    outcome = row({**GOOD, "telefono2": "123"})
    assert outcome.row is not None
    assert outcome.row.points == [(ContactKind.MOBILE, "+573105550142")]


def test_a_chosen_area_code_mends_landlines() -> None:
    """One indicativo for all that come without."""
    outcome = row({**GOOD, "telefono": "5557730"}, area_code="601")
    assert outcome.row is not None
    assert outcome.row.points == [(ContactKind.LANDLINE, "+576015557730")]


def test_a_row_with_other_columns_than_the_header_is_refused() -> None:
    """But empty cells at its end are nothing."""
    rules = ParseRules(("documento", "telefono"), ("document",), "dmy", "CO")
    assert parse_row(Record(2, ["1"], Place()), rules).defects[0].reason is Reason.COLUMN_COUNT
    assert parse_row(Record(2, ["1", "", "x"], Place()), rules).defects[0].reason is Reason.COLUMN_COUNT
    assert parse_row(Record(2, ["1", "3105550142", "", ""], Place()), rules).row is not None


@given(st.lists(st.text(max_size=30), min_size=len(COLUMNS), max_size=len(COLUMNS)))
@settings(max_examples=150, deadline=None)
def test_whatever_stands_in_cells_is_stored_or_has_a_reason(cells: list[str]) -> None:
    """Reading a row never fails."""
    rules = ParseRules(COLUMNS, ("document_type", "document"), "dmy", "CO")
    outcome = parse_row(Record(2, cells, Place()), rules)
    assert (outcome.row is None) == any(defect.refuses for defect in outcome.defects)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("184.900", "184900.00"), ("$ 1.234,56", "1234.56"), ("1,234.56", "1234.56"), ("0,5", "0.50"), ("-5", "-5.00"),
     ("0.125", "0.13"), ("1234567,8", "1234567.80"), ("(300)", "-300.00"), ("1.234.567", "1234567.00")],
)  # fmt: skip
def test_amounts_are_read_as_people_write_them(text: str, expected: str) -> None:
    """Thousands and decimals by either mark."""
    assert abs(cell_parsers.read_amount(text) - Decimal(expected)) <= Decimal("0.01")


@pytest.mark.parametrize("text", ["1.2.3", "12.34.567", "1,2,3.4.5", "x", "--1", ".", "9" * 15])
def test_what_is_no_amount_is_refused(text: str) -> None:
    """Rather refused than guessed."""
    with pytest.raises(ValueError):
        cell_parsers.read_amount(text)


def test_dates_names_and_states_are_read() -> None:
    """The ways they come in."""
    assert (
        cell_parsers.read_date("18/11/2026", "dmy") == cell_parsers.read_date("11/18/2026", "mdy") == date(2026, 11, 18)
    )
    assert cell_parsers.read_date("2026-11-18 00:00:00", "dmy") == date(2026, 11, 18)
    assert cell_parsers.read_date("1-2-78", "dmy") == date(1978, 2, 1)
    assert cell_parsers.read_state("EN MORA") is ServiceState.IN_ARREARS
    assert cell_parsers.split_name("Óscar Iván Muñoz Ñáñez") == ("Óscar", "Iván", "Muñoz", "Ñáñez")
    assert cell_parsers.split_name("Yadira Núñez De la Hoz") == ("Yadira", "", "Núñez", "De la Hoz")
    assert cell_parsers.split_name("Panadería Güiza S.A.S.") == ("Panadería Güiza S.A.S.", "", "", "")


@pytest.mark.proves("S4-15")
def test_the_file_of_example_is_good() -> None:
    """What we show as an example goes in without a word."""
    lines = list(csv.reader(io.StringIO(sample_file().decode("utf-8-sig")), delimiter=";"))
    assert tuple(lines[0]) == COLUMNS
    for cells in lines[1:]:
        outcome = parse_row(Record(2, cells, Place()), ParseRules(COLUMNS, ("document_type", "document"), "dmy", "CO"))
        assert outcome.defects == []


def test_every_reason_has_its_words_and_cells_are_no_formulas() -> None:
    """The report is safe to open."""
    assert set(SENTENCES) == set(TITLES) == set(Reason)
    assert safe_cell("=1+1") == "'=1+1"
    assert safe_cell("@x") == "'@x"
    assert safe_cell("-5,3") == "-5,3"
