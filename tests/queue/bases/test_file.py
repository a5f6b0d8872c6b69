"""Any file can be read: the same rows from any bytes and any place, and a clear word for what cannot be read."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atiende.models.refused import FileRefused
from atiende.queue.bases.file import delimited as reading
from atiende.queue.bases.file.columns import guess_columns, mapped
from atiende.queue.bases.file.delimited import Place, Reader, Record, in_ascii_bytes
from atiende.queue.bases.file.dialect import Dialect, accents, guess
from atiende.queue.bases.file.reasons import Reason
from atiende.queue.bases.file.scan import FileScan

# A lone CR is left out: the writer of `csv` does not quote it, so what it wrote is another row.
CELLS = st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"]), max_size=12)
ROWS = st.lists(st.lists(CELLS, min_size=2, max_size=5).filter(any), min_size=1, max_size=12)


def read(content: bytes, encoding: str = "utf-8", separator: str = ";", start: Place | None = None) -> list[Record]:
    return list(Reader(io.BytesIO(content), encoding, separator).records(start or Place()))


def scan(content: bytes, block: int = 1000) -> FileScan:
    seen = FileScan()
    for at in range(0, len(content), block):
        seen.feed(content[at : at + block])
    seen.finish()
    return seen


@given(rows=ROWS, ends=st.sampled_from(["\n", "\r\n"]), quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
@settings(max_examples=80, deadline=None)
def test_what_was_written_is_read_from_any_row_on(rows: list[list[str]], ends: str, quoting: int) -> None:
    """A reading that starts at a row's place gives the same rows as one that came there from the beginning."""
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator=ends, quoting=quoting).writerows(rows)
    content = out.getvalue().encode()
    whole = read(content)
    assert [record.cells for record in whole] == rows
    for record in whole:
        assert read(content, start=record.next) == whole[record.number :]


@given(
    content=st.binary(max_size=600), separator=st.sampled_from(";,\t|"), encoding=st.sampled_from(["utf-8", "cp1252"])
)
@settings(max_examples=200, deadline=None)
def test_nothing_in_a_file_makes_reading_fail(content: bytes, separator: str, encoding: str) -> None:
    """Whatever the bytes, every one of them belongs to a row and the reading comes to its end."""
    records = read(content, encoding, separator)
    assert (records[-1].next.byte if records else len(content)) in (len(content), 3)
    assert [record.number for record in records] == list(range(1, len(records) + 1))
    for record in records[:5]:
        assert read(content, encoding, separator, record.next) == records[record.number :]


@given(content=st.binary(max_size=400), block=st.integers(1, 50))
@settings(max_examples=100, deadline=None)
def test_lines_are_the_same_however_the_file_is_cut(content: bytes, block: int) -> None:
    """No block border changes a row."""
    before, reading._BLOCK = reading._BLOCK, block
    try:
        assert read(content) == list(Reader(io.BytesIO(content), "utf-8", ";").records(Place()))
        cut = list(reading.cut_lines(io.BytesIO(content)))
    finally:
        reading._BLOCK = before
    assert cut == content.splitlines(keepends=True)


@given(content=st.binary(max_size=400), block=st.integers(1, 60))
@settings(max_examples=100, deadline=None)
def test_guessing_never_fails_and_knows_utf8(content: bytes, block: int) -> None:
    """An answer for any file, the same however it arrives; UTF-8 is known when it is."""
    try:
        seen = scan(content, block)
    except FileRefused:
        return
    guess(seen)
    try:
        content.decode()
    except UnicodeDecodeError:
        assert not seen.utf8
    else:
        assert seen.utf8


@pytest.mark.parametrize(
    ("encoding", "expected"),
    [("windows-1252", "windows-1252"), ("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16-le"),
     ("utf-16-le", "utf-16-le"), ("utf-16-be", "utf-16-be")],
)  # fmt: skip
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_encoding_separator_header_and_dates_are_found(encoding: str, expected: str, separator: str) -> None:
    """So that nobody has to know how the file was saved."""
    rows = [["DOC_NUM", "NOMBRE", "CORTE"], ["1", "José Ñáñez", "18/11/2026"], ["2", "Güiza", "03/12/2026"]]
    content = "\r\n".join(separator.join(row) for row in rows * 3).encode(encoding)
    seen = scan(content)
    assert guess(seen) == Dialect(expected, separator, True, 1, "dmy")
    text = content.decode(expected)
    assert accents([text]) == ["José", "Ñáñez", "Güiza"]


def test_the_order_of_dates_is_found() -> None:
    """A month above twelve tells which part is the day."""
    base = "documento;fecha_corte\n1;%s\n2;%s\n"
    assert guess(scan((base % ("11/18/2026", "03/04/2026")).encode())).dates == "mdy"
    assert guess(scan((base % ("2026-11-18", "2026-03-04")).encode())).dates == "ymd"
    assert guess(scan((base % ("01/02/2026", "03/04/2026")).encode())).dates == "dmy"


def test_utf16_is_rewritten_once_and_reads_the_same(tmp_path: Path) -> None:
    """UTF-16 with its mark."""
    path = tmp_path / "base"
    path.write_bytes("documento;nombre\r\n1;Ñáñez\r\n".encode("utf-16"))
    copy, encoding = in_ascii_bytes(path, "utf-16-le")
    with copy.open("rb") as file:
        rows = [record.cells for record in Reader(file, encoding, ";").records(Place())]
    assert rows == [["documento", "nombre"], ["1", "Ñáñez"]]


def test_what_is_no_utf16_refuses_its_row(tmp_path: Path) -> None:
    """Nothing is stored with letters replaced."""
    path = tmp_path / "base"
    path.write_bytes("1;Ana\r\n2;".encode("utf-16-le") + b"\x00\xd8" + "x\r\n3;Eva\r\n".encode("utf-16-le"))
    copy, encoding = in_ascii_bytes(path, "utf-16-le")
    with copy.open("rb") as file:
        flaws = [record.flaw for record in Reader(file, encoding, ";").records(Place())]
    assert flaws == [None, Reason.ENCODING, None]


def test_a_quote_that_is_never_closed_costs_one_row() -> None:
    """The rows after it are read as rows."""
    records = read(b'1;a\n2;"b\n3;c\n4;d\n')
    assert [(record.cells, record.flaw) for record in records if not record.flaw] == [
        (["1", "a"], None),
        (["3", "c"], None),
        (["4", "d"], None),
    ]
    assert [record.flaw for record in records if record.flaw] == [Reason.QUOTES]


def test_a_row_of_five_megabytes_is_refused_and_the_next_is_read() -> None:
    """Bounded memory; the row is named as too long."""
    records = read(b"1;a\n" + b"x" * 5_000_000 + b"\n3;c\n")
    assert [record.flaw for record in records] == [None, Reason.TOO_LONG, None]
    assert records[2].cells == ["3", "c"]
    assert len(str(records[1].cells)) < 3000
    again = read(b"1;a\n" + b"x" * 5_000_000 + b"\n3;c\n", start=records[1].next)
    assert [record.cells for record in again] == [["3", "c"]]


def test_null_characters_and_wrong_letters_refuse_their_rows_only() -> None:
    """And say which it was."""
    records = read(b"1;a\n2;\x00b\n3;\xff\n4;d\n")
    assert [record.flaw for record in records] == [None, Reason.NUL, Reason.ENCODING, None]
    assert all("\0" not in cell for record in records for cell in record.cells)


@pytest.mark.parametrize(
    "content", [b"", b"\xef\xbb\xbf", b" \r\n\r\n", b"PK\x03\x04rest", b"%PDF-1.7 x", bytes(range(1, 32)) * 40]
)
def test_what_is_no_base_is_refused_with_a_sentence(content: bytes) -> None:
    """Empty files, workbooks, documents and programs."""
    with pytest.raises(FileRefused) as refused:
        scan(content)
    assert refused.value.field == "file"
    assert refused.value.message.endswith(".")


def test_headers_are_known_by_the_names_people_give_them() -> None:
    """Synonyms, second phones, repeated headers, unknown ones left out."""
    header = ["DOC_TIPO", "Cédula", "Nombre completo", "CELULAR", "TEL_FIJO", "Móvil", "Plan", "Plan", "OBS_INT"]
    expected = ["tipo_documento", "documento", "nombre", "telefono", "telefono2", "telefono3", "plan", "", ""]
    assert guess_columns(header) == expected
    assert mapped(header, expected, {"OBS_INT": "custom:Notas"})[-1] == "custom:Notas"
    assert mapped(header, expected, {"ciudad": "OBS_INT"})[-1] == "ciudad"
