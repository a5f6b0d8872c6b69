"""How a base is loaded: ticked data, only new or only known customers, another key, workbooks, indicativos by city."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from atiende.models.refused import BadInput, FileRefused
from atiende.queue.bases.export import xlsx_writer
from atiende.queue.bases.export.xlsx_writer import Workbook
from atiende.queue.bases.file import xlsx_reader
from atiende.queue.bases.uploads.options import UploadOptions, take_upload
from atiende.queue.bases.uploads.preview import preview
from atiende.server.doors.received_files import keep_file
from atiende.tests.support.floors.bases import BasesHouse, adds_up

HEADER = "tipo_documento;documento;primer_nombre;primer_apellido;telefono;telefono2;ciudad;cuenta;plan;saldo;nota\r\n"
NOTE = {"mapping": {"nota": "custom:Nota"}}


def base(*lines: str) -> bytes:
    return (HEADER + "\r\n".join(lines)).encode()


FIRST = base(
    "CC;1;Luz;Peña;3105550142;;Cali;70;Hogar;100;uno",
    "CC;2;Óscar;Muñoz;3105550143;;Cali;71;Hogar;100;dos",
)
SECOND = base(
    "CC;1;Lucía;Ñáñez;3105550199;6015557730;Pasto;70;Móvil;200;tres",
    "CC;2;Óscar;Muñoz;3105550143;;Cali;71;Hogar;100;dos",
    "CC;3;Nueva;Persona;3105550144;;Cali;73;Hogar;1;cuatro",
    "CC;3;Nueva;Persona;3105550144;;Cali;74;Hogar;2;cuatro",
)


async def tried_then_run(house: BasesHouse, content: bytes, **wishes: Any) -> Any:
    """The job after its run, which did what its trial said."""
    job_id = await house.upload(content, **{"campaign_id": house.campaign, **wishes})
    names = ("total", "created", "updated", "unchanged", "refused")
    job = await house.check(job_id)
    said = [getattr(job, name) for name in names]
    assert adds_up(job)
    job = await house.run(job_id)
    assert adds_up(job) and [getattr(job, name) for name in names] == said
    return job


@pytest.mark.proves("S4-13")
@pytest.mark.parametrize(
    ("kept", "after"),
    [
        ([], [("Lucía Ñáñez", "Pasto", "tres", "Móvil", 200, 3)]),
        (["primer_nombre", "primer_apellido"], [("Luz Peña", "Pasto", "tres", "Móvil", 200, 3)]),
        (["plan", "telefono", "ciudad"], [("Lucía Ñáñez", "Cali", "tres", "Hogar", 200, 2)]),
        (["saldo", "telefono2", "custom:Nota"], [("Lucía Ñáñez", "Pasto", "uno", "Móvil", 100, 2)]),
        (
            ["primer_nombre", "primer_apellido", "telefono", "telefono2", "ciudad", "plan", "saldo", "custom:Nota"],
            [("Luz Peña", "Cali", "uno", "Hogar", 100, 1)],
        ),
    ],
)
async def test_only_what_is_ticked_is_updated(house: BasesHouse, kept: list[str], after: list[tuple[Any, ...]]) -> None:
    """Data without a tick stay in customers who exist; new ones get everything. The trial says the same."""
    await house.store(FIRST, **NOTE)
    job = await tried_then_run(house, SECOND, kept=kept, **NOTE)
    assert (job.created, job.updated, job.unchanged) == ((1, 1, 2) if len(kept) == 8 else (1, 2, 1))
    found = await house.rows(
        """SELECT c.full_name, c.city, c.custom->>'Nota', a.plan, a.balance,
                  (SELECT count(*) FROM contact_points k WHERE k.customer_id = c.id)
           FROM customers c JOIN accounts a ON a.customer_id = c.id WHERE c.document = '1'"""
    )
    assert found == after
    new = "SELECT c.full_name, c.city, a.balance FROM customers c JOIN accounts a ON a.customer_id = c.id"
    assert await house.rows(f"{new} WHERE c.document = '3' ORDER BY 3") == [
        ("Nueva Persona", "Cali", 1),
        ("Nueva Persona", "Cali", 2),
    ]


async def test_only_new_customers_are_made(house: BasesHouse) -> None:
    """Rows of those who exist are refused with their reason; two accounts of a new one both go in."""
    await house.store(FIRST, **NOTE)
    job = await tried_then_run(house, SECOND, mode="create", **NOTE)
    assert (job.created, job.updated, job.refused) == (1, 1, 2)
    assert [(r.row_number, r.reason) for r in await house.refusals(job.id)] == [(2, "known"), (3, "known")]
    assert await house.rows("SELECT city FROM customers WHERE document = '1'") == [("Cali",)]


async def test_only_known_customers_are_updated(house: BasesHouse) -> None:
    """Rows of new ones are refused with their reason."""
    await house.store(FIRST, **NOTE)
    job = await tried_then_run(house, SECOND, mode="update", **NOTE)
    assert (job.created, job.updated, job.unchanged, job.refused) == (0, 1, 1, 2)
    assert {r.reason for r in await house.refusals(job.id)} == {"unknown"}
    assert await house.count("customers") == 2


@pytest.mark.proves("S4-18")
async def test_another_key_is_warned_about_and_taken_when_confirmed(house: BasesHouse) -> None:
    """The base remembers its key."""
    await house.store(FIRST, **NOTE)
    job_id = await house.upload(SECOND, key=["account"], **NOTE)
    with pytest.raises(BadInput, match="otra clave"):
        await house.run(job_id)
    job = await house.run(await house.upload(SECOND, key=["cuenta"], other_key=True, **NOTE))
    assert job.total == 4 and adds_up(job)
    assert await house.rows("SELECT key FROM bases") == [(["account"],)]
    third = await house.store(base("CC;;Luz;Otra;3105550142;;Pasto;70;Móvil;200;x"), key=["account"], **NOTE)
    assert (third.created, third.updated) == (0, 1)


async def test_landlines_get_the_indicativo_of_their_city(house: BasesHouse) -> None:
    """Mended by city and tried again; a city that is not known stays refused."""
    content = base(
        "CC;1;Luz;Peña;5553381;;Medellín;70;Hogar;1;", "CC;2;Óscar;Muñoz;5553382;;BOGOTÁ D.C.;71;Hogar;1;",
        "CC;3;Ana;Ruiz;5553383;;Macondo;72;Hogar;1;",
    )  # fmt: skip
    assert (await house.check(await house.upload(content))).refused == 3
    job = await tried_then_run(house, content, area_code="city")
    assert (job.created, job.refused) == (2, 1)
    assert await house.rows("SELECT value FROM contact_points ORDER BY 1") == [("+576015553382",), ("+576045553381",)]


def workbook_file(*rows: list[str]) -> bytes:
    book = Workbook()
    book.write(rows)
    return book.finish()


async def test_a_workbook_is_read_as_its_first_sheet(house: BasesHouse, tmp_path: Path) -> None:
    """The rows of a workbook go in like those of a CSV file; nothing of it stays a formula."""
    content = workbook_file(
        HEADER.strip().split(";"), ["CC", "1", "=1+1", "Peña", "3105550142", "", "Cali", "70", "Hogar", "100,5", "a\nb"]
    )
    folder = tmp_path / "data"
    upload = keep_file(io.BytesIO(content), "base.xlsx", folder)
    kept = (folder / upload.path).read_bytes()
    assert list((folder / "uploads").iterdir()) == [folder / upload.path]
    job = await house.store(kept)
    assert (job.created, job.refused) == (1, 0), await house.refusals(job.id)
    assert await house.rows("SELECT full_name FROM customers") == [("=1+1 Peña",)]


def test_a_base_too_long_for_one_sheet_goes_on_in_the_next_and_comes_back_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every sheet has the header, and no row is lost between them."""
    monkeypatch.setattr(xlsx_writer, "MOST_ROWS", 4)
    book = Workbook()
    book.header = ["documento", "ciudad"]
    book.write([[str(number), "Cali"] for number in range(10)])
    upload = keep_file(io.BytesIO(book.finish()), "base.xlsx", tmp_path)
    lines = (tmp_path / upload.path).read_text().splitlines()
    assert lines == ["documento;ciudad", *(f"{number};Cali" for number in range(10))]
    assert (upload.scan.lines, upload.sheets_left) == (11, ())


async def test_sheets_with_other_columns_are_left_out_and_named(
    house: BasesHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of a workbook is passed over in silence."""
    monkeypatch.setattr(xlsx_writer, "MOST_ROWS", 2)
    content = workbook_file(["documento", "ciudad"], ["1", "Cali"], ["Notas", ""], ["de la hoja", ""])
    upload = keep_file(io.BytesIO(content), "base.xlsx", house.folder)
    assert upload.sheets_left == ("Base 2",)
    async with house.house.work(house.supervisor) as work:
        job = await take_upload(work, upload, UploadOptions(name="Mora"))
    assert preview(job, house.folder, "CO").sheets_left == ["Base 2"]


def test_a_sheet_of_one_column_has_rows(tmp_path: Path) -> None:
    """A list of documents is a base."""
    upload = keep_file(io.BytesIO(workbook_file(["documento"], ["1"])), "base.xlsx", tmp_path)
    assert (tmp_path / upload.path).read_text().splitlines() == ["documento", "1"]


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


@pytest.mark.parametrize(
    "content",
    [bomb("XFD"), b"PK\x03\x04" + b"x" * 500, workbook_file(), b"PK\x03\x04"],
    ids=["cells without end", "broken", "empty", "four bytes"],
)
def test_a_workbook_that_cannot_be_read_is_refused_with_a_sentence(content: bytes, tmp_path: Path) -> None:
    """Bounded memory and time, nothing kept."""
    with pytest.raises(FileRefused, match=r"Excel"):
        keep_file(io.BytesIO(content), "base.xlsx", tmp_path)
    assert not list((tmp_path / "uploads").iterdir())


def test_a_bomb_of_zeros_is_refused_before_it_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """4 GB packed into 4 MB: the table of contents tells."""
    monkeypatch.setattr(xlsx_reader.subprocess, "run", None)
    with pytest.raises(FileRefused, match="grande"):
        keep_file(io.BytesIO(many_zeros()), "base.xlsx", tmp_path)
