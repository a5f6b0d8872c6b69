"""Workbooks: opened by the worker, typed cells, covers and titles, several sheets, and those that nobody can open."""

from __future__ import annotations

import asyncio
import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from atiende.models.bases.upload import UploadState
from atiende.models.refused import BadInput, Conflict, FileRefused
from atiende.queue.bases.export import xlsx_writer
from atiende.queue.bases.export.xlsx_writer import Workbook
from atiende.queue.bases.file import xlsx_reader
from atiende.queue.bases.uploads.options import UploadOptions, change_options
from atiende.queue.bases.uploads.taking import Then, take_upload
from atiende.server.doors.received_files import keep_file
from atiende.tests.support.floors.bases import BasesHouse, adds_up
from atiende.tests.support.typed_workbook import typed_workbook

HEADER = ["Tipo doc", "Documento", "Nombre completo", "Celular", "Cuenta", "Fecha de corte", "Saldo"]


def workbook_file(*rows: list[str]) -> bytes:
    book = Workbook()
    book.write(rows)
    return book.finish()


async def stored(house: BasesHouse, content: bytes, **wishes: Any) -> Any:
    """The job of a workbook that was brought in with one call."""
    job_id = await house.upload_workbook(content, Then("run", None), **wishes)
    job = await house.job(job_id)
    assert adds_up(job), job.error
    return job


async def test_numbers_of_a_workbook_are_stored_as_its_cells_hold_them(house: BasesHouse) -> None:
    """Rounded to cents, half to even; long accounts keep their digits; nothing is read again as thousands."""
    balances = [45.125, 61633.33333333334, 0.1 + 0.2, 184900.125, 999.999, 250000, -12.345, "45.125"]
    accounts = [4509876543210987, 450987654321098, 1603, 3303, 3304, "003305", 3306, 3307]
    rows = [
        ["CC", 91000330 + place, "Ana Paz Gil", 3105553330 + place, account, None, balance]
        for place, (balance, account) in enumerate(zip(balances, accounts, strict=True))
    ]
    await stored(house, typed_workbook({"Hoja1": [HEADER, *rows]}))
    found = await house.rows("SELECT number, balance::text FROM accounts ORDER BY id")
    cents = ["45.12", "61633.33", "0.30", "184900.12", "1000.00", "250000.00", "-12.34", "45125.00"]
    assert found == list(zip(map(str, accounts), cents, strict=True))
    assert await house.rows("SELECT min(document), max(document) FROM customers") == [("91000330", "91000337")]


async def test_dates_of_a_workbook_are_read_beside_dates_written_as_text(house: BasesHouse) -> None:
    """Cells of dates, texts, and a number whose format was lost."""
    dates = [date(2026, 12, 5), "18-nov-26", "07/12/2026", 46361, date(2026, 12, 25), "2026-12-08 10:30"]
    rows = [["CC", place, "Ana", None, None, day, None] for place, day in enumerate(dates, 1)]
    job = await stored(house, typed_workbook({"Hoja1": [HEADER, *rows]}))
    assert await house.refusals(job.id) == []
    found = await house.rows("SELECT cut_off_date::text FROM accounts ORDER BY customer_id")
    expected = ["2026-12-05", "2026-11-18", "2026-12-07", "2026-12-05", "2026-12-25", "2026-12-08"]
    assert [day for (day,) in found] == expected


async def test_a_title_above_the_header_is_passed_over(house: BasesHouse) -> None:
    job_id = await house.upload_workbook(
        typed_workbook({"Base": [["CARTERA NOVIEMBRE 2026"], [], HEADER, ["CC", 91000150, "Ada Paz Gil"]]})
    )
    seen = await house.preview(job_id)
    assert (seen.header, seen.header_row, seen.workbook) == (True, 3, True)
    assert [column.name for column in seen.columns] == HEADER
    job = await house.run(job_id)
    assert (job.total, job.created, job.refused) == (1, 1, 0)


COVERED = {
    "Instrucciones": [["Lea antes de usar esta plantilla"], ["Versión 3"]],
    "Datos": [HEADER, ["CC", 91000170, "Ada Paz Gil"]],
    "Retirados": [["Documento", "Nombre"], [91000171, "Eva Paz Gil"], [91000172, "Luz Paz Gil"]],
}


async def test_the_sheet_with_the_customers_is_found_behind_a_cover(house: BasesHouse) -> None:
    job_id = await house.upload_workbook(typed_workbook(COVERED))
    seen = await house.preview(job_id)
    assert (seen.sheets, seen.sheets_read, seen.sheet) == (list(COVERED), ["Datos"], "")
    assert seen.sheets_left == ["Instrucciones", "Retirados"]
    assert (await house.run(job_id)).created == 1


async def test_another_sheet_can_be_chosen_before_and_after(house: BasesHouse) -> None:
    """By the name of the sheet, in the call that sends the file or later; a wrong name is said."""
    job = await stored(house, typed_workbook(COVERED), sheet="Retirados")
    assert job.created == 2
    job_id = await house.upload_workbook(typed_workbook(COVERED), name="Otra")
    async with house.house.work(house.supervisor) as work:
        await change_options(work, job_id, UploadOptions(sheet="Retirados", refuse=["phone"]))
    assert (await house.job(job_id)).state is UploadState.READING
    await house.finish(job_id)
    seen = await house.preview(job_id)
    assert (seen.sheet, seen.sheets_read, seen.refuse) == ("Retirados", ["Retirados"], ["phone"])
    assert (await house.check(job_id)).total == 2
    job = await house.job(await house.upload_workbook(typed_workbook(COVERED), sheet="Ninguna"))
    assert job.state is UploadState.FAILED and "nombre" in job.error
    with pytest.raises(BadInput, match="hojas"):
        await house.upload(b"documento\n1\n", sheet="Datos")


async def test_a_person_has_one_workbook_waiting_at_a_time(house: BasesHouse) -> None:
    """Another one is refused until the first is open; other people are not in the way."""
    content = typed_workbook({"Hoja1": [["documento"], [1]]})

    async def send() -> str:
        received = await asyncio.to_thread(keep_file, io.BytesIO(content), "base.xlsx", house.folder)
        async with house.house.work(house.supervisor) as work:
            return (await take_upload(work, received, UploadOptions(name="Mora"))).id

    first = await send()
    with pytest.raises(Conflict, match="abriendo"):
        await send()
    assert (await house.finish(first)).state is UploadState.UPLOADED
    second = await send()
    assert (await house.finish(second)).state is UploadState.UPLOADED


async def test_no_connection_is_held_while_a_workbook_is_opened(
    house: BasesHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database hears of it before and after."""
    held: list[int] = []
    opened = xlsx_reader.unpack_workbook

    async def watched(*given: Any) -> Any:
        held.append(house.house.engine.pool.checkedout())  # type: ignore[attr-defined]
        return await opened(*given)

    monkeypatch.setattr("atiende.queue.bases.uploads.unpacking.unpack_workbook", watched)
    await house.upload_workbook(typed_workbook({"Hoja1": [["documento"], [1]]}))
    assert held == [0]


async def test_nothing_of_a_workbook_becomes_a_formula_and_its_file_is_not_kept(house: BasesHouse) -> None:
    """The rows of a workbook go in like those of a CSV file."""
    job = await stored(house, workbook_file(["documento", "nombre", "nota"], ["1", "=1+1 Peña", "a\nb"]))
    assert await house.rows("SELECT full_name FROM customers") == [("=1+1 Peña",)]
    assert not list((house.folder / "uploads").iterdir()), job.path


async def test_a_base_too_long_for_one_sheet_goes_on_in_the_next_and_comes_back_whole(
    house: BasesHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every sheet has the header, and no row is lost between them."""
    monkeypatch.setattr(xlsx_writer, "MOST_ROWS", 4)
    book = Workbook()
    book.header = ["documento", "ciudad"]
    book.write([[str(number), "Cali"] for number in range(10)])
    job_id = await house.upload_workbook(book.finish())
    job = await house.job(job_id)
    lines = (house.folder / job.path).read_text().splitlines()
    assert lines == ["documento;ciudad", *(f"{number};Cali" for number in range(10))]
    assert (job.total, (await house.preview(job_id)).sheets_left) == (10, [])


async def test_a_sheet_of_one_column_has_rows(house: BasesHouse) -> None:
    """A list of documents is a base."""
    assert (await stored(house, workbook_file(["documento"], ["1"]))).created == 1


def bomb(columns: str) -> bytes:
    """A workbook of some KB with a sheet of many gigabytes of cells."""
    out = io.BytesIO()
    inner = workbook_file(["documento"])
    with zipfile.ZipFile(io.BytesIO(inner)) as good, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for part in good.infolist():
            if "sheet1" not in part.filename:
                packed.writestr(part.filename, good.read(part))
        with packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>')
            sheet.write(f'<row r="1"><c r="A1"><v>1</v></c><c r="{columns}1"><v>1</v></c></row>'.encode())
            sheet.write(f'<row r="1048576"><c r="{columns}1048576"><v>1</v></c></row>'.encode())
            sheet.write(b"</sheetData></worksheet>")
    return out.getvalue()


def many_zeros() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed, packed.open("xl/a", "w", force_zip64=True) as part:
        for _ in range(64):
            part.write(bytes(1 << 26))
    return out.getvalue()


@pytest.mark.parametrize("content", [b"PK\x03\x04" + b"x" * 500, b"PK\x03\x04"], ids=["broken", "four bytes"])
def test_what_is_no_workbook_is_refused_at_the_door(content: bytes, tmp_path: Path) -> None:
    """Nothing is kept."""
    with pytest.raises(FileRefused, match="Excel"):
        keep_file(io.BytesIO(content), "base.xlsx", tmp_path)
    assert not list((tmp_path / "uploads").iterdir())


@pytest.mark.parametrize("content", [bomb("XFD"), workbook_file()], ids=["cells without end", "empty"])
async def test_a_workbook_that_cannot_be_read_says_so(house: BasesHouse, content: bytes) -> None:
    """Bounded memory and time; what follows is not held up."""
    job = await house.job(await house.upload_workbook(content, Then("run", None)))
    assert job.state is UploadState.FAILED and "Excel" in job.error
    assert (await stored(house, workbook_file(["documento"], ["1"]))).created == 1


def test_a_bomb_of_zeros_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    """4 GB packed into 4 MB: the table of contents tells."""
    with pytest.raises(FileRefused, match="grande"):
        keep_file(io.BytesIO(many_zeros()), "base.xlsx", tmp_path)
