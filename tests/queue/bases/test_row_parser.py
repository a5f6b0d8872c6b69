"""Single rows: what is read of them, and the reason for each that is not."""

from __future__ import annotations

import csv
import io
from datetime import date

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
from atiende.queue.bases.rows.parse_rules import ParseRules
from atiende.queue.bases.rows.row_parser import Outcome, parse_row
from atiende.queue.bases.uploads.refused_rows import safe_cell

TODAY = date(2026, 11, 30)
COLUMNS = tuple(field.name for field in FIELDS if field.name != "nombre")
GOOD = {"tipo_documento": "CC", "documento": "52318904", "primer_nombre": "Luz", "telefono": "3105550142"}


def row(cells: dict[str, str], key: tuple[str, ...] = ("document_type", "document"), area_code: str = "") -> Outcome:
    rules = ParseRules(COLUMNS, key, "dmy", "CO", TODAY, area_code)
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
        ({"telefono": "no tiene"}, []),
        ({"telefono2": "5553381"}, [Reason.NO_AREA_CODE]),
        ({"telefono": "", "telefono2": "555338"}, [Reason.PHONE]),
        ({"telefono": "99", "correo": "a@b", "saldo": "mucho"}, [Reason.PHONE, Reason.EMAIL, Reason.AMOUNT]),
        ({"correo": "a@b"}, [Reason.EMAIL]),
        ({"fecha_corte": "31/02/2026"}, [Reason.DATE]),
        ({"fecha_nacimiento": "hoy"}, [Reason.DATE]),
        ({"saldo": "mucho"}, [Reason.AMOUNT]),
        ({"estado": "raro"}, [Reason.SERVICE_STATE]),
        ({"documento": ""}, [Reason.NO_DOCUMENT]),
        ({"documento": "5,23189E+07"}, [Reason.SPOILT]),
        ({"cuenta": "5,49E+12"}, [Reason.SPOILT]),
        ({"telefono": "5,49E+12"}, [Reason.SPOILT]),
        ({"documento": "--"}, [Reason.NO_DOCUMENT]),
        ({"documento": "¿¡"}, [Reason.DOCUMENT]),
        ({"cuenta": "¿¡"}, [Reason.ACCOUNT]),
        ({"documento": "NULL", "correo": "a@b"}, [Reason.EMAIL, Reason.NO_DOCUMENT]),
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


def test_a_row_with_more_cells_than_the_header_is_refused() -> None:
    """But empty cells at its end are nothing, and those missing there are empty."""
    rules = ParseRules(("documento", "telefono"), ("document",), "dmy", "CO", TODAY)
    assert parse_row(Record(2, ["1"], Place()), rules).row is not None
    assert parse_row(Record(2, ["1", "", "x"], Place()), rules).defects[0].reason is Reason.COLUMN_COUNT
    assert parse_row(Record(2, ["1", "3105550142", "", ""], Place()), rules).row is not None


@given(st.lists(st.text(max_size=30), min_size=len(COLUMNS), max_size=len(COLUMNS)))
@settings(max_examples=150, deadline=None)
def test_whatever_stands_in_cells_is_stored_or_has_a_reason(cells: list[str]) -> None:
    """Reading a row never fails."""
    rules = ParseRules(COLUMNS, ("document_type", "document"), "dmy", "CO", TODAY)
    outcome = parse_row(Record(2, cells, Place()), rules)
    assert (outcome.row is None) == any(defect.refuses for defect in outcome.defects)


def test_states_are_read() -> None:
    """The ways they come in."""
    assert cell_parsers.read_state("EN MORA") is ServiceState.IN_ARREARS


@pytest.mark.proves("S4-15")
def test_the_file_of_example_is_good() -> None:
    """What we show as an example goes in without a word."""
    lines = list(csv.reader(io.StringIO(sample_file().decode("utf-8-sig")), delimiter=";"))
    assert tuple(lines[0]) == COLUMNS
    for cells in lines[1:]:
        outcome = parse_row(
            Record(2, cells, Place()), ParseRules(COLUMNS, ("document_type", "document"), "dmy", "CO", TODAY)
        )
        assert outcome.defects == []


def test_every_reason_has_its_words_and_cells_are_no_formulas() -> None:
    """The report is safe to open."""
    assert set(SENTENCES) == set(TITLES) == set(Reason)
    assert safe_cell("=1+1") == "'=1+1"
    assert safe_cell("@x") == "'@x"
    assert safe_cell("-5,3") == "-5,3"
