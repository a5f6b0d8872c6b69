"""Files as people have them: titles, odd lines, two phones in a cell, dates and amounts as they are written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from atiende.models.customers.fields import FIELDS
from atiende.models.refused import BadInput
from atiende.queue.bases.file.columns import guess_columns
from atiende.queue.bases.file.dates import OutOfRange, read_date
from atiende.queue.bases.rows.amounts import read_amount
from atiende.queue.bases.rows.names import split_name, surnames_first
from atiende.tests.support.floors.bases import TODAY, BasesHouse, adds_up

LOCALES = Path(__file__).parents[3] / "web/locale"
PEOPLE = "tipo_documento;documento;nombre;telefono\r\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("184.900", "184900"), ("$ 1.234,56", "1234.56"), ("1,234.56", "1234.56"), ("0,5", "0.5"), ("-5", "-5"),
        ("0.125", "0.12"), ("0.135", "0.14"), ("1234567,8", "1234567.8"), ("(300)", "-300"), ("1.234.567", "1234567"),
        ("1'234.567", "1234567"), ("1’234’567,89", "1234567.89"), ("184.900.-", "184900"), ("50-", "-50"),
        ("−50", "-50"), ("US$ 12.50", "12.5"), ("12 USD", "12"), ("R$ 1.234,56", "1234.56"), ("S/. 120.50", "120.5"),
        ("COP 184.900", "184900"), ("184900 pesos m/cte", "184900"), ("-$ 5", "-5"), ("$ -5", "-5"),
        ("($ 1.200)", "-1200"), ("$ -", "0"), ("45.1250", "45.12"), ("61633.33333333334", "61633.33"),
        ("1 234 567,89", "1234567.89"), ("€ 5", "5"), ("12 reais", "12"), ("Bs. 12", "12"),
    ],
)  # fmt: skip
def test_amounts_are_read_as_people_write_them(text: str, expected: str) -> None:
    """Thousands and decimals by either mark, currencies on either side, what is owed by any sign."""
    assert read_amount(text) == Decimal(expected)


@pytest.mark.parametrize(
    "text",
    ["1.2.3", "12.34.567", "1,2,3.4.5", "x", "--1", ".", "9" * 15, "5,49E+12", "-(5)", "1.234,567.890", "12 meses"],
)
def test_what_is_no_amount_is_not_guessed(text: str) -> None:
    with pytest.raises(ValueError):
        read_amount(text)


@pytest.mark.parametrize(
    "text",
    [
        "14/03/1978", "14-3-78", "14.03.1978", "14 03 1978", "14-mar-1978", "14 de marzo de 1978", "14 mar. 1978 10:30",
        "Mar 14, 1978", "March 14th, 1978", "14 de março de 1978", "terça-feira, 14 de março de 1978",
        "martes 14/03/1978", "1978-03-14", "1978/03/14", "1978-03-14T00:00:00Z", "1978-03-14 00:00:00.000-05:00",
        "14/03/1978 12:00:00 a. m.", "19780314", "28563", "1978-mar-14",
    ],
)  # fmt: skip
def test_dates_are_read_as_people_and_programs_write_them(text: str) -> None:
    """A clock after them, names of months in three languages, the number of a sheet."""
    assert read_date(text, "dmy", TODAY, birth=True) == date(1978, 3, 14)


def test_two_digits_of_a_year_are_past_for_a_birth_and_near_for_a_cut_off() -> None:
    assert read_date("15/03/45", "dmy", TODAY, birth=True) == date(1945, 3, 15)
    assert read_date("30/11/26", "dmy", TODAY, birth=True) == date(2026, 11, 30)
    assert read_date("01/12/26", "dmy", TODAY, birth=True) == date(1926, 12, 1)
    assert read_date("05/12/26", "dmy", TODAY) == date(2026, 12, 5)
    assert read_date("12/05/26", "mdy", TODAY) == date(2026, 12, 5)


@pytest.mark.parametrize(
    ("text", "birth"),
    [("2092-01-01", True), ("01/12/2026", True), ("31/12/1899", True), ("2092-01-01", False), ("31/12/1990", False)],
)
def test_a_date_that_cannot_be_is_told_from_one_that_cannot_be_read(text: str, birth: bool) -> None:
    with pytest.raises(OutOfRange):
        read_date(text, "dmy", TODAY, birth=birth)


@pytest.mark.parametrize("text", ["31/02/2026", "hoy", "18/11", "1/2/026", "11/18/2026", "14 x 1978", ""])
def test_what_is_no_date_is_not_guessed(text: str) -> None:
    with pytest.raises(ValueError):
        read_date(text, "dmy", TODAY)


def test_names_are_parted_by_the_order_that_the_header_or_a_comma_says() -> None:
    assert split_name("Óscar Iván Muñoz Ñáñez") == ("Óscar", "Iván", "Muñoz", "Ñáñez")
    assert split_name("Yadira Núñez De la Hoz") == ("Yadira", "", "Núñez", "De la Hoz")
    assert split_name("Panadería Güiza S.A.S.") == ("Panadería Güiza S.A.S.", "", "", "")
    assert split_name("MUÑOZ ÑÁÑEZ ÓSCAR IVÁN", turned=True) == ("ÓSCAR", "IVÁN", "MUÑOZ", "ÑÁÑEZ")
    assert split_name("De la Hoz Ruiz Ana", turned=True) == ("Ana", "", "De la Hoz", "Ruiz")
    for turned in (True, False):
        assert split_name("Rincón Gómez, Paola Andrea", turned) == ("Paola", "Andrea", "Rincón", "Gómez")
    first = [
        "Apellidos y nombres",
        "APELLIDOS, NOMBRES",
        "Apellido y nombre",
        "Sobrenome e nome",
        "Last name, first name",
    ]
    assert [surnames_first(header) for header in first] == [True] * len(first)
    assert not any(map(surnames_first, ["Nombres y apellidos", "Apellidos", "Nombre completo", "Primer apellido"]))


async def test_surnames_that_stand_first_are_shown_and_stored_as_surnames(house: BasesHouse) -> None:
    content = "Tipo doc;Documento;Apellidos y nombres\nCC;1;MUÑOZ ÑÁÑEZ ÓSCAR IVÁN\nCC;2;Rincón Gómez, Paola Andrea\n"
    job_id = await house.upload(content.encode("windows-1252"))
    cells = [row.cells[2].read for row in (await house.preview(job_id)).rows]
    assert cells == ["MUÑOZ ÑÁÑEZ, ÓSCAR IVÁN", ""]
    await house.run(job_id)
    found = await house.rows("SELECT first_name, second_name, first_surname, second_surname FROM customers ORDER BY id")
    assert found == [("ÓSCAR", "IVÁN", "MUÑOZ", "ÑÁÑEZ"), ("Paola", "Andrea", "Rincón", "Gómez")]


async def test_two_phones_in_a_cell_are_both_kept_with_what_stands_beside_them(house: BasesHouse) -> None:
    """And what is no phone is told by itself."""
    cells = [
        "3105551080 / 3105551081", "3105551082-3105551083", '"3105551084;3105551085"', "3105551086 (esposo)",
        "6015557732 ext 214", '"3105551087, 99"', "Cel. 3105551088", "3105551089 y 3105551090",
    ]  # fmt: skip
    lines = "".join(f"CC;{place};Gema Gil Rey;{cell}\r\n" for place, cell in enumerate(cells, 80))
    job = await house.store((PEOPLE + lines).encode())
    assert (job.created, job.refused) == (8, 0)
    found = await house.rows(
        "SELECT document, value, label, extension FROM contact_points p JOIN customers c ON c.id = customer_id "
        "ORDER BY document, position"
    )
    assert found == [
        ("80", "+573105551080", "", ""), ("80", "+573105551081", "", ""),
        ("81", "+573105551082", "", ""), ("81", "+573105551083", "", ""),
        ("82", "+573105551084", "", ""), ("82", "+573105551085", "", ""),
        ("83", "+573105551086", "esposo", ""), ("84", "+576015557732", "", "214"),
        ("85", "+573105551087", "", ""), ("86", "+573105551088", "", ""),
        ("87", "+573105551089", "", ""), ("87", "+573105551090", "", ""),
    ]  # fmt: skip
    (told,) = await house.refusals(job.id)
    assert (told.row_number, told.reason, told.value, told.warning) == (7, "phone", "99", True)


async def test_placeholders_are_empty_cells(house: BasesHouse) -> None:
    header = "tipo_documento;documento;primer_nombre;segundo_nombre;primer_apellido;telefono;correo;ciudad;fecha_corte"
    rows = [
        "ANA;NULL;GIL;3105551060;NULL;#N/D;NULL",
        "EVA;#N/A;GIL;3105551061;no tiene;N/A;",
        "LUZ;;GIL;;-;-;0000-00-00",
    ]
    lines = [f"CC;{place};{row}" for place, row in enumerate(rows)]
    job = await house.store("\n".join([header, *lines]).encode())
    assert (job.created, await house.refusals(job.id)) == (3, [])
    found = await house.rows("SELECT full_name, city FROM customers ORDER BY id")
    assert found == [("ANA GIL", ""), ("EVA GIL", ""), ("LUZ GIL", "")]
    assert await house.rows("SELECT count(*) FROM contact_points WHERE kind = 'email'") == [(0,)]


async def test_a_row_that_ends_early_is_stored_with_what_it_has(house: BasesHouse) -> None:
    content = "tipo_documento;documento;nombre;telefono;telefono2;correo\n" + "".join(
        f"CC;9100005{n};Ada Gil Rey;310555105{n}{';6015557731;a@ejemplo.co' if n == 0 else ''}\n" for n in range(5)
    )
    job = await house.store(content.encode())
    assert (job.created, job.refused, await house.count("contact_points")) == (5, 0, 7)


@pytest.mark.parametrize(
    ("top", "row"),
    [("sep=;\r\n", 2), ("CARTERA 2026;;;\r\n\r\n", 3), ("Informe de mora\r\nAl 30/11/2026\r\n", 3), ("", 1)],
)
async def test_the_header_is_found_below_what_stands_above_it(house: BasesHouse, top: str, row: int) -> None:
    """And its row is shown among the first ones, to choose another."""
    job_id = await house.upload((top + PEOPLE + "CC;91000001;Ana Ruiz Soto;3105551001\r\n").encode())
    seen = await house.preview(job_id)
    assert (seen.separator, seen.header, seen.header_row) == (";", True, row)
    assert row in [shown.number for shown in seen.top]
    assert [column.field for column in seen.columns] == ["tipo_documento", "documento", "nombre", "telefono"]
    tried = await house.check(job_id)
    assert (tried.total, tried.created) == (1, 1)
    assert adds_up(await house.run(job_id))


async def test_the_row_of_the_header_can_be_chosen(house: BasesHouse) -> None:
    """Whatever stands above it is not read."""
    content = b"documento;telefono\r\nvieja;1\r\nDocumento;Ciudad\r\n7;Cali\r\n"
    job = await house.run(await house.upload(content, header_row=3))
    assert (job.total, job.created) == (1, 1)
    assert await house.rows("SELECT document, city FROM customers") == [("7", "Cali")]
    with pytest.raises(BadInput):
        await house.upload(content, header_row=900)


async def test_each_column_has_its_own_order_of_dates(house: BasesHouse) -> None:
    """Births as a database writes them, cut-offs as people do."""
    content = (
        "documento;fecha_nacimiento;fecha_corte;prorroga\n1;1985-04-12;05/12/26;12/25/2026\n2;1990-01-30;06/12/26;\n"
    )
    job_id = await house.upload(content.encode())
    seen = await house.preview(job_id)
    assert (seen.dates, [column.dates for column in seen.columns]) == ("column", ["", "ymd", "dmy", "mdy"])
    await house.run(job_id)
    found = await house.rows(
        "SELECT birth_date::text, cut_off_date::text, extension_until::text FROM customers JOIN accounts "
        "ON customer_id = customers.id ORDER BY document"
    )
    assert found == [("1985-04-12", "2026-12-05", "2026-12-25"), ("1990-01-30", "2026-12-06", None)]


@pytest.mark.parametrize(("most", "odd"), [("utf-8", "windows-1252"), ("windows-1252", "utf-8")])
async def test_a_line_in_another_encoding_garbles_no_other(house: BasesHouse, most: str, odd: str) -> None:
    """The bulk of the file says what it is, and each odd line is read as what it is."""
    lines = [f"CC;9100036{n};José Muñoz Ñáñez;310555336{n}\r\n".encode(odd if n == 5 else most) for n in range(6)]
    job = await house.store(PEOPLE.encode() + b"".join(lines))
    assert (job.created, job.refused) == (6, 0)
    assert await house.rows("SELECT DISTINCT full_name FROM customers") == [("José Muñoz Ñáñez",)]


@pytest.mark.parametrize("encoding", ["mac-roman", "cp850"])
async def test_letters_that_make_no_words_wait_for_somebody_who_knows_them(house: BasesHouse, encoding: str) -> None:
    """The trial and the run of a program too; the likeliest encoding is offered."""
    content = (PEOPLE + "CC;1;José Muñoz Álvarez;3105553360\r\nCC;2;ÓSCAR MARTÍN PEÑA;3105553361\r\n").encode(encoding)
    job_id = await house.upload(content)
    seen = await house.preview(job_id)
    assert (seen.doubtful, seen.encoding) == (True, encoding)
    for act in (house.check, house.run):
        with pytest.raises(BadInput, match="letras") as refused:
            await act(job_id)
        assert refused.value.field == "encoding"
    await house.store(content, encoding=encoding)
    assert await house.rows("SELECT full_name FROM customers ORDER BY id") == [
        ("José Muñoz Álvarez",),
        ("ÓSCAR MARTÍN PEÑA",),
    ]


async def test_a_bad_cell_costs_itself_or_its_row_as_was_chosen_for_its_reason(house: BasesHouse) -> None:
    """All reasons of a row are told; what identifies always refuses."""
    content = (
        b"documento;cuenta;correo;saldo;fecha_corte\n1;A1;a@b;mucho;31/02/2026\n5,49E+12;A2;a@b;1;\n3;A3;c@d.co;5;\n"
    )
    job = await house.run(await house.upload(content, key=["document"]))
    assert (job.created, job.refused) == (2, 1)
    told = [(one.row_number, one.place, one.reason, one.warning) for one in await house.refusals(job.id)]
    assert sorted(told) == [
        (2, 0, "email", True), (2, 1, "date", True), (2, 2, "amount", True),
        (3, 0, "spoilt", False), (3, 1, "email", False),
    ]  # fmt: skip
    strict = await house.check(await house.upload(content, key=["document"], refuse=["amount"], name="Otra"))
    assert (strict.refused, strict.total) == (2, 3)
    first = next(one for one in await house.refusals(strict.id) if one.row_number == 2 and one.place == 0)
    assert (first.reason, first.warning) == ("amount", False)
    with pytest.raises(BadInput):
        await house.upload(content, refuse=["document"])


@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_the_label_of_a_field_is_known_as_a_header_in_each_language(language: str) -> None:
    """What a screen calls it is what people write above a column."""
    words: dict[str, str] = {}
    if language != "es":
        with (LOCALES / language / "LC_MESSAGES/atiende.po").open("rb") as file:
            words = {str(message.id): str(message.string) for message in read_po(file) if message.id}
    for field in FIELDS:
        label = words.get(field.label, field.label)
        assert guess_columns([label]) == [field.name], label
