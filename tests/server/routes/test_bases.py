"""Bases through the doors: what programs and the page ask for."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from atiende.models.campaigns.campaign import Campaign, CampaignType, Mode
from atiende.models.permissions import Role
from atiende.queue.bases.examples.demo_base import write_base
from atiende.queue.bases.uploads.worker import run_upload
from atiende.server.settings import Settings
from atiende.tests.support.client import Client, Site, running_app

API = "/api/v1"


@pytest.fixture
async def site(settings: Settings) -> AsyncIterator[Site]:
    async with running_app(settings) as running:
        yield running


async def campaign(site: Site) -> str:
    async with site.house.work() as work:
        kind = CampaignType(code="collections-too", name="Cobranza")
        work.session.add(kind)
        await work.session.flush()
        work.session.add(Campaign(name="Recuperación de mora", type_id=kind.id, mode=Mode.MANUAL))
    return "Recuperación de mora"


async def send(client: Client, content: bytes, path: str = "/bases", **fields: str) -> Any:
    files = {"file": ("morosos.csv", content, "text/csv")}
    return await client.post(API + path, data={"name": "Mora", **fields}, files=files)


@pytest.mark.proves("S4-02")
async def test_a_program_uploads_a_base_and_reads_its_report(site: Site, tmp_path: Path) -> None:
    """Multipart in, 202 with the job, counts, and a reason for every refused row as CSV."""
    path = tmp_path / "made.csv"
    counts = write_base(path, 300)
    boss = await site.signed_in(Role.SUPERVISOR)
    answer = await send(boss, path.read_bytes(), campaign=await campaign(site), key="tipo_documento,documento")
    assert answer.status_code == 202, answer.text
    job_id = answer.json()["job"]
    await run_upload(site.house, job_id=job_id)
    job = (await boss.get(f"{API}/jobs/{job_id}")).json()
    assert (job["state"], job["done"], job["total"]) == ("done", 300, 300)
    assert (job["stored"], job["refused"], job["cases"]) == (counts.good, counts.refused.total(), counts.good)
    report = await boss.get(job["report_url"])
    assert report.headers["content-type"].startswith("text/csv")
    lines = list(csv.DictReader(io.StringIO(report.content.decode("utf-8-sig")), delimiter=";"))
    assert len(lines) == counts.refused.total()
    assert all(line["Motivo"].endswith(".") and int(line["Fila"]) > 1 for line in lines)
    warned = (await boss.get(f"{job['report_url']}?warnings=true")).content.decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(warned), delimiter=";"))
    assert len(lines) == counts.warned.total()
    found = next(line for line in lines if line["Valor"] == "5553381")
    assert (found["Columna"], found["Motivo"]) == ("CELULAR", "El fijo «5553381» viene sin indicativo.")
    bases = (await boss.get(f"{API}/bases")).json()["items"]
    assert [(base["name"], base["customers"]) for base in bases] == [("Mora", counts.good)]
    assert not list((Path(site.house.data_dir) / "uploads").iterdir())


async def test_a_dry_run_of_a_program_stores_nothing(site: Site) -> None:
    """`dry_run` only checks."""
    boss = await site.signed_in(Role.SUPERVISOR)
    answer = await send(boss, b"documento;telefono\n1;3105550142\n2;5553381\n", dry_run="true", refuse="no-area-code")
    job_id = answer.json()["job"]
    await run_upload(site.house, job_id=job_id)
    job = (await boss.get(f"{API}/jobs/{job_id}")).json()
    assert (job["state"], job["created"], job["refused"], job["base"]) == ("checked", 1, 1, None)
    assert (await boss.get(f"{API}/customers", params={"document": "1"})).json()["items"] == []


async def test_a_file_is_looked_at_changed_tried_and_stored_step_by_step(site: Site) -> None:
    """Detected options are shown and changeable; the preview follows."""
    boss = await site.signed_in(Role.SUPERVISOR)
    content = "DOC;QUIEN;CEL\n1;José Ñáñez;3105550142\n2;Ana Güiza;5557730\n".encode("windows-1252")
    job = (await send(boss, content, "/bases/uploads")).json()
    url = f"{API}/jobs/{job['id']}"
    seen = (await boss.get(f"{url}/preview")).json()["preview"]
    assert (seen["encoding"], seen["separator"], seen["accents"]) == ("windows-1252", ";", ["José", "Ñáñez", "Güiza"])
    assert [column["field"] for column in seen["columns"]] == ["documento", "", "telefono"]
    assert seen["rows"][1]["cells"][2] == {"text": "5557730", "wrong": "no-area-code", "read": ""}
    other = (await boss.patch(url, json={"encoding": "mac-roman"})).json()["preview"]
    assert other["guessed"] is False
    assert other["rows"][0]["cells"][1]["text"] != "José Ñáñez"
    change = {"encoding": "windows-1252", "columns": ["documento", "nombre", "telefono"], "area_code": "601"}
    mended = (await boss.patch(url, json=change)).json()["preview"]
    assert mended["rows"][1]["cells"][2]["wrong"] is None
    assert (await boss.post(f"{url}/check")).status_code == 202
    assert (await boss.patch(url, json={"dates": "mdy"})).status_code == 409
    await run_upload(site.house, job_id=job["id"])
    assert (await boss.get(f"{url}/refusals")).json()["items"] == []
    assert (await boss.post(f"{url}/run")).status_code == 202
    await run_upload(site.house, job_id=job["id"])
    assert (await boss.get(url)).json()["created"] == 2
    assert (await boss.post(f"{url}/run")).status_code == 409


async def test_a_run_says_back_what_its_trial_would_change(site: Site) -> None:
    """409 tells the rows and the data; a program's single call changes all, or as far as it says."""
    boss = await site.signed_in(Role.SUPERVISOR)

    async def brought_in(content: bytes, **fields: str) -> Any:
        job_id = (await send(boss, content, **fields)).json()["job"]
        await run_upload(site.house, job_id=job_id)
        return (await boss.get(f"{API}/jobs/{job_id}")).json()

    await brought_in(b"documento;ciudad\n1;Cali\n2;Cali\n")
    kept = await send(boss, b"documento;ciudad\n1;Pasto\n3;Cali\n", "/bases/uploads")
    url = f"{API}/jobs/{kept.json()['id']}"
    await boss.post(f"{url}/check")
    await run_upload(site.house, job_id=url.rpartition("/")[2])
    assert (await boss.get(url)).json()["to_agree"] == 1
    for body in ({}, {"changes": 2}):
        refused = await boss.post(f"{url}/run", json=body)
        assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
        told = {name: refused.json()[name] for name in ("changes", "fields", "kept")}
        assert told == {"changes": 1, "fields": ["ciudad"], "kept": []}
    assert (await boss.post(f"{url}/run", json={"changes": 1})).status_code == 202
    await run_upload(site.house, job_id=url.rpartition("/")[2])
    assert (await boss.get(url)).json()["updated"] == 1
    held = await brought_in(b"documento;ciudad\n1;Neiva\n", changes="0")
    assert (held["state"], held["updated"], held["to_agree"]) == ("failed", 0, 1)
    assert (await brought_in(b"documento;ciudad\n1;Neiva\n"))["updated"] == 1
    assert (await send(boss, b"documento\n1\n", changes="todas")).json()["field"] == "changes"


@pytest.mark.parametrize(
    ("content", "fields", "field"),
    [
        (b"", {}, "file"),
        (b"PK\x03\x04" + b"x" * 90, {}, "file"),
        (b"a;b\n1;2\n", {"campaign": "ninguna"}, "campaign"),
        (b"a;b\n1;2\n", {"encoding": "klingon"}, "encoding"),
        (b"a;b\n1;2\n", {"key": "color"}, "key"),
        (b"a;b\n1;2\n", {"mapping": "{"}, "mapping"),
        (b"a;b\n1;2\n", {"mapping": '{"z": "documento"}'}, "mapping"),
        (b"a;b\n1;2\n", {}, "columns"),
        ((";".join(f"c{n}" for n in range(500)) + "\n").encode(), {}, "file"),
    ],
)
async def test_what_cannot_be_a_base_is_refused_and_leaves_nothing(
    site: Site, content: bytes, fields: dict[str, str], field: str
) -> None:
    """A sentence and the field, no file kept, no job."""
    boss = await site.signed_in(Role.SUPERVISOR)
    answer = await send(boss, content, **fields)
    assert answer.status_code == 422, answer.text
    assert answer.json()["field"] == field
    assert answer.json()["message"]
    folder = Path(site.house.data_dir) / "uploads"
    assert not folder.exists() or not list(folder.iterdir())


@pytest.mark.proves("S1-06")
async def test_agents_bring_in_no_bases(site: Site) -> None:
    """The supervisor uploads."""
    agent = await site.signed_in(Role.AGENT)
    assert (await send(agent, b"documento\n1\n")).status_code == 403
    assert (await agent.get("/bases/subir")).status_code == 403


@pytest.mark.proves("S4-15")
async def test_the_example_and_the_pages_are_there(site: Site) -> None:
    """A sample file, and the pages of Subir base."""
    boss = await site.signed_in(Role.SUPERVISOR)
    sample = await boss.get(f"{API}/bases/sample.csv")
    assert sample.text.startswith("\ufefftipo_documento;documento;")
    job = (await send(boss, sample.content, "/bases/uploads")).json()
    for path in ("/bases", "/bases/subir", f"/bases/cargas/{job['id']}"):
        page = await boss.get(path)
        assert page.status_code == 200
        assert "Subir base" in page.text
    assert (await boss.get("/bases/cargas/none")).status_code == 404


@pytest.mark.proves("S4-07", "S4-16", "S4-17")
async def test_a_base_goes_out_as_it_can_come_in_again_and_is_deleted(site: Site) -> None:
    """CSV and workbook, no formulas; undo and deletion say both counts before."""
    boss = await site.signed_in(Role.SUPERVISOR)
    content = "documento;primer_nombre;telefono;correo;ciudad;cuenta;saldo;nota\n1;=2+3;3105550142;a@b.co;@Cali;70;-5;"
    first = await send(
        boss, content.encode(), name="Mora ñ", campaign=await campaign(site), mapping='{"nota": "custom:Nota"}'
    )
    await run_upload(site.house, job_id=first.json()["job"])
    base = (await boss.get(f"{API}/bases")).json()["items"][0]
    answer = await boss.get(f"{API}/bases/{base['id']}/export")
    assert "mora-n.csv" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert [(row["documento"], row["primer_nombre"], row["telefono"], row["saldo"], row["ciudad"]) for row in rows] == [
        ("1", "'=2+3", "+573105550142", "-5.00", "'@Cali")
    ]
    book = await boss.get(f"{API}/bases/{base['id']}/export", params={"format": "xlsx"})
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()
    assert sheet[0][:3] == ["tipo_documento", "documento", "primer_nombre"]
    assert sheet[1][:3] == ["", "1", "=2+3"]
    again = await send(boss, answer.content, name="Otra")
    await run_upload(site.house, job_id=again.json()["job"])
    undo = f"{API}/jobs/{again.json()['job']}/undo"
    assert (await boss.get(undo)).json() == {"removes": 0, "unlinks": 1, "restores": 1}
    assert (await boss.post(undo, json={"removes": 0, "unlinks": 1})).status_code == 202
    await run_upload(site.house, job_id=again.json()["job"])
    assert (await boss.get(f"{API}/jobs/{again.json()['job']}")).json()["state"] == "undone"
    one = f"{API}/bases/{base['id']}"
    assert (await boss.get(f"{one}/removal")).json() == {"removes": 1, "unlinks": 0, "restores": 0}
    assert (await boss.request("DELETE", one, json={"removes": 9, "unlinks": 0})).status_code == 409
    gone = await boss.request("DELETE", one, json={"removes": 1, "unlinks": 0})
    assert gone.status_code == 202, gone.text
    await run_upload(site.house, job_id=gone.json()["job"])
    assert (await boss.get(f"{one}/export")).status_code == 404
    agent = await site.signed_in(Role.AGENT)
    assert (await agent.get(f"{one}/export")).status_code == 403
