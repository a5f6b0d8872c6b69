"""Many rows read at once are read exactly as one by one, whatever stands in them."""

from __future__ import annotations

import random
import tempfile
from datetime import date
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atiende.models.customers.fields import FIELDS, Kind
from atiende.models.customers.written_phones import read_phones
from atiende.queue.bases.examples.demo_base import HEADER, write_base
from atiende.queue.bases.file.columns import guess_columns
from atiende.queue.bases.file.delimited import Place, Reader
from atiende.queue.bases.file.reasons import OPTIONAL
from atiende.queue.bases.rows.area_codes import BY_CITY
from atiende.queue.bases.rows.block_reader import Limits, read_block
from atiende.queue.bases.rows.parse_rules import ParseRules
from atiende.queue.bases.rows.parsed_rows import ParsedRows, parsed_rows_of
from atiende.queue.bases.rows.row_parser import Outcome, parse_row
from atiende.tests.models.customers.test_national_numbers import REGIONS, slow, written

TODAY = date(2026, 11, 30)
PHONES = 800  # for each country
WIDE = Limits(1_000_000, 64 << 20, 60.0, 1_000_000)
DATA = [field.name for field in FIELDS]
AMOUNTS = [field.staged for field in FIELDS if field.kind is Kind.AMOUNT]
# What makes trouble somewhere, beside what is good.
CELLS = {
    "documento": ["123", "71.644.902", "900555210-4", "1e9", "12.0", "1.23E5", "0", "-", "1.2", "X12", "4'5"],
    "tipo_documento": ["CC", "C.C.", "cédula", "Pasaporte", "x" * 12],
    "telefono": ["3105550142", "(310) 555-0142", "+57 310 5550142", "573105550142", "6015557730", "5553381",
                 "018000123456", "99", "+1 212 555 0100", "3105550142 ext 3", "03 3105550142", "00573105550142",
                 "3105550142/3155550198",
                 "3105550142-3155550198", "3105550142 (esposo)", "NULL", "no tiene"],
    "fecha_nacimiento": ["1985-04-12", "15/03/45", "29/02/00", "2092-01-01", "01/01/1899", "14 mar 1978", "0000-00-00"],
    "telefono2": ["3105550142", "6045559981", "123", "5553381"],
    "correo": ["a@b.co", "A@B.CO", "a..b@c.co", "ñ@b.co", "a b@c.co", "a@b", ".a@b.co", "a.@b.co", "x" * 70 + "@b.co"],
    "saldo": ["1000", "1.000", "1,000", "1.000,50", "-5", "5,5", "0.123", "0,123", "$ 3.000", "(5)", "1.00.0", "uno",
              "9" * 13, "-0", "1'234.567", "50-", "COP 5", "45.1250", "$ -", "N/A", "-", "12.345.678.901", "007"],
    "fecha_corte": ["18/11/2026", "2026-11-18", "31/02/2026", "1/2/26", "11/18/2026", "18-nov-26", "46361",
                 "31/12/1990",
                    "18-11-2026 10:00"],
    "estado": ["activo", "Moroso", "EN MORA", "quién sabe"],
    "nombre": ["Luz Marina Rodríguez Peña", "Óscar de la Hoz", "Güiza S.A.S.", "Ana", "A  B", "Ñáñez~", "ç Ruiz",
               "Rincón Gómez, Paola Andrea", "NULL"],
    "ciudad": ["Bogotá", "Medellín", "Macondo", "  Cali "],
}  # fmt: skip
ODD = [
    "", "", "", " ", "x", "José  Ángel", 'dijo "hola"', '"', "a\nb", "\t", "\xa0", "ﬁ", "=1+1", "é" * 501, "\\N",
    "\x1f",
    "ß", "N/D", "#N/D", "--", "(vacío)", "Ninguno", "n.a.",
]  # fmt: skip


def cell(field: str) -> st.SearchStrategy[str]:
    good = st.sampled_from(CELLS.get(field, ["Plan 1", "70", "Calle 1 # 2-3"]))
    return st.one_of(good, good, good, st.sampled_from(ODD), st.text(max_size=12))


@st.composite
def files(draw: Any) -> tuple[bytes, dict[str, Any], ParseRules]:
    """A file with its options and rules: good, odd and broken lines, any line ends."""
    columns = draw(st.lists(st.sampled_from([*DATA, "", "custom:Nota"]), min_size=1, max_size=8, unique=True))
    separator = draw(st.sampled_from([";", ",", "\t"]))
    encoding = draw(st.sampled_from(["utf-8", "windows-1252"]))
    lines: list[bytes] = [b";".join([b"x"] * len(columns)) + b"\n"] if draw(st.booleans()) else []
    header = bool(lines)
    for _ in range(draw(st.integers(0, 12))):
        cells = [draw(cell(field)) for field in columns]
        if draw(st.booleans()):
            cells = [f'"{text}"' if draw(st.integers(0, 9)) == 0 else text for text in cells]
        line = separator.join(cells).encode(encoding, "replace")
        kind = draw(st.integers(0, 15))
        if kind == 0:
            line += separator.encode()
        elif kind == 1:
            line = draw(st.binary(max_size=20))
        elif kind == 2:
            line = separator.join(cells[: draw(st.integers(1, len(cells)))]).encode(
                draw(st.sampled_from(["utf-8", "windows-1252"])), "replace"
            )
        lines.append(line + draw(st.sampled_from([b"\n", b"\r\n", b"\r\n", b"\r", b"\n\n"])))
    key = draw(
        st.lists(st.sampled_from(["document_type", "document", "account", "phone", "email"]), min_size=1, unique=True)
    )
    rules = ParseRules(
        tuple(columns),
        tuple(key),
        draw(st.sampled_from(["dmy", "mdy", "ymd"])),
        "CO",
        TODAY,
        draw(st.sampled_from(["", "601", BY_CITY])),
        tuple(draw(st.lists(st.sampled_from(["dmy", "mdy", "ymd", ""]), max_size=len(columns)))),
        draw(st.booleans()),
        frozenset(draw(st.lists(st.sampled_from(OPTIONAL), max_size=2))),
    )
    return b"".join(lines), {"encoding": encoding, "separator": separator, "header": header}, rules


def one_by_one(path: Path, options: dict[str, Any], rules: ParseRules) -> list[Outcome]:
    with path.open("rb") as file:
        records = [r for r in Reader(file, options["encoding"], options["separator"]).records(Place()) if not r.blank]
    return [parse_row(record, rules) for record in records[int(options["header"]) :]]


def same(parsed: ParsedRows, outcomes: list[Outcome]) -> None:
    expected = parsed_rows_of([outcome.row for outcome in outcomes if outcome.row is not None])
    cents = pl.col(AMOUNTS).cast(pl.Decimal(20, 2))
    assert parsed.rows.with_columns(cents).rows() == expected.rows.with_columns(cents).rows()
    order = ["row_number", "place"]
    assert parsed.points.sort(order).rows() == expected.points.sort(order).rows()


def compare(path: Path, options: dict[str, Any], rules: ParseRules, limits: Limits = WIDE) -> None:
    """In chunks of these limits the file gives what reading it row by row gives."""
    outcomes, place, parts, odd = one_by_one(path, options, rules), Place(), [], {}
    for _ in range(3 * len(path.read_bytes().splitlines()) + 3):
        block = read_block(path, options, rules, place, limits)
        parts.append(block.parsed)
        odd |= {number: o for number, o in block.outcomes.items() if o.defects}
        for number in block.parsed.numbers:
            assert block.outcome(number).record.cells == next(
                o.record.cells for o in outcomes if o.record.number == number
            )
        place = block.next
        if block.ended:
            break
    assert block.ended and place.byte == path.stat().st_size
    whole = ParsedRows(pl.concat([b.rows for b in parts]), pl.concat([b.points for b in parts]))
    same(whole, outcomes)
    wrong = {o.record.number: o for o in outcomes if o.defects}
    assert {n: (o.defects, o.record.cells) for n, o in odd.items()} == {
        n: (o.defects, o.record.cells) for n, o in wrong.items()
    }


@settings(max_examples=150, deadline=None)
@given(files(), st.integers(1, 5), st.sampled_from([40, 200, 1 << 20]))
def test_whatever_stands_in_a_file_both_readings_say_the_same(
    made: tuple[bytes, dict[str, Any], ParseRules], rows: int, size: int
) -> None:
    """Values, reasons, cells of refused rows and places, for any cut into chunks."""
    content, options, rules = made
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(content)
        compare(path, options, rules)
        compare(path, options, rules, Limits(rows, size, 60.0, 1_000_000))


def test_a_messy_base_reads_the_same_both_ways(tmp_path: Path) -> None:
    """3,000 rows with every kind of defect, and with lines shuffled among them."""
    path = tmp_path / "messy.csv"
    write_base(path, 3000)
    rules = ParseRules(tuple(guess_columns(HEADER)), ("document_type", "document"), "dmy", "CO", TODAY)
    options = {"encoding": "windows-1252", "separator": ";", "header": True}
    outcomes = one_by_one(path, options, rules)
    block = read_block(path, options, rules, Place(), WIDE)
    same(block.parsed, outcomes)
    assert block.ended and block.next.number == max(o.record.number for o in outcomes) + 1
    dice = random.Random(3)
    lines = path.read_bytes().splitlines(keepends=True)
    for start, end in pairwise(sorted(dice.sample(range(1, len(lines)), 40))):
        lines[start:end] = dice.sample(lines[start:end], end - start)
    path.write_bytes(b"".join(lines[:900]))
    compare(path, options, rules, Limits(100, 1 << 20, 60.0, 1_000_000))


def test_only_rows_that_are_stored_make_a_chunk_short(tmp_path: Path) -> None:
    """A customer repeated in very many rows is refused there; one with very many accounts is stored in parts."""
    path = tmp_path / "again.csv"
    rules = ParseRules(("documento", "cuenta"), ("document",), "dmy", "CO", TODAY)
    options = {"encoding": "utf-8", "separator": ";", "header": False}
    limits = Limits(1_000_000, 64 << 20, 60.0, 20)
    path.write_text("\n".join(f"{number};7\n1;7" for number in range(2, 302)))
    block = read_block(path, options, rules, Place(), limits)
    assert block.ended and len(block.parsed) == 600
    path.write_text("\n".join(f"{number};7\n1;{number}" for number in range(2, 302)))
    block = read_block(path, options, rules, Place(), limits)
    assert not block.ended and len(block.parsed) == 40


@pytest.mark.parametrize("region", REGIONS)
def test_phones_read_together_are_those_of_the_full_parser(region: str, tmp_path: Path) -> None:
    """Several countries, landlines, mobiles, extensions, garbage."""
    dice = random.Random(f"together {region}")
    texts = [written(dice, region) for _ in range(PHONES)]
    path = tmp_path / "phones.csv"
    path.write_text("".join(f"{number};{text}\n" for number, text in enumerate(texts)))
    rules = ParseRules(("documento", "telefono"), ("document",), "dmy", region, TODAY)
    block = read_block(path, {"encoding": "utf-8", "separator": ";", "header": False}, rules, Place(), WIDE)
    found = set(block.parsed.points.select("row_number", "value").iter_rows())
    one_by_one = (read_phones(text, partial(slow, region=region)).phones for text in texts)
    assert found == {(place, one.phone.value) for place, phones in enumerate(one_by_one, 1) for one in phones}
