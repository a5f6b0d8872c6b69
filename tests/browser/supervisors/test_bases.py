"""Bases in the browser: a change of known customers waits for a yes, and uploads are undone one after the other."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Page, Route, expect

from atiende.models.permissions import Role
from atiende.queue.bases.uploads.worker import run_upload
from atiende.server.settings import Settings
from atiende.tests.support.browser import PATIENCE, Person, chromium
from atiende.tests.support.client import Client, Site
from atiende.tests.support.site_on_port import at_browser, served
from atiende.tests.support.typed_workbook import typed_workbook

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE)

HEADER = "documento;primer_nombre;ciudad;saldo\n"
PEOPLE = 5


@dataclass
class Office:
    """A supervisor at the browser, an agent of the campaign, and a folder for files."""

    site: Site
    boss: Person
    agent: Client
    folder: Path

    @property
    def page(self) -> Page:
        return self.boss.page

    async def tried(self, name: str, *lines: str) -> None:
        """Send a file through the page, up to the result of its trial."""
        file = self.folder / name
        file.write_text(HEADER + "\n".join(lines))
        await self.boss.go("/bases/subir")
        await self.page.get_by_label("Nombre de la base").fill("Mora")
        await self.page.get_by_label("Campaña que recibe los casos").select_option(label="Recuperación")
        await self.page.set_input_files("#file", str(file))
        await self.page.locator("#check").click()
        await expect(self.page.locator("#load-title")).to_contain_text("Probando")
        await self.work()
        await expect(self.page.locator("#step-check")).to_be_visible()

    async def work(self) -> None:
        """Do what the worker would do with the upload that the page shows."""
        await run_upload(self.site.house, job_id=self.page.url.rpartition("/")[2])

    async def take_back(self, said: str) -> None:
        """Undo the upload shown, when the dialog says this."""
        await self.page.locator("#undo").click()
        asked = self.page.locator("dialog[open]")
        await expect(asked).to_contain_text(said)
        await asked.get_by_role("button", name="Deshacer la carga").click()
        await expect(self.page.locator("#load-title")).to_contain_text("Deshaciendo")
        await self.work()
        await expect(self.page.locator("#load-title")).to_contain_text("se deshizo")


@pytest.fixture
async def office(settings: Settings, tmp_path: Path) -> AsyncIterator[Office]:
    async with served(settings) as (site, address), chromium() as browser:
        boss = await at_browser(browser, site, address, await site.user(Role.SUPERVISOR, name="Hernán Castaño"))
        agent = await site.signed_in(Role.AGENT)
        await boss.api("POST", "/campaigns", {"name": "Recuperación", "agents": [agent.user_id]})
        yield Office(site, boss, agent, tmp_path)
        assert boss.complaints == []
        await boss.context.close()


async def load(office: Office) -> None:
    """Press the button, and let the worker do all of it."""
    await office.page.locator("#run").click()
    await expect(office.page.locator("#load-title")).to_contain_text("Cargando")
    await office.work()


async def work_on(office: Office, document: str, observations: str) -> int:
    """The agent saves a gestión about a customer, and leaves; the number of the case."""
    cases = (await office.agent.get("/api/v1/cases?section=active")).json()["items"]
    number: int = next(case["number"] for case in cases if case["customer"]["document"] == document)
    assert (await office.agent.post(f"/api/v1/cases/{number}/open")).status_code == 200
    form = {"observations": observations}
    done = (await office.agent.post(f"/api/v1/cases/{number}/dispositions", json=form)).json()
    left = await office.agent.post(f"/api/v1/cases/{(done['next_case'] or done['case'])['number']}/leave")
    assert left.status_code < 300
    return number


@pytest.mark.proves("S4-13", "S4-14")
async def test_known_customers_wait_for_a_yes_and_uploads_are_undone_the_last_first(office: Office) -> None:
    """New ones go in at once; what is said before is what happened after."""
    page = office.page
    await office.tried("base.csv", *(f"{n};Ana;Cali;100" for n in range(PEOPLE)))
    await expect(page.locator("#confirm")).to_be_hidden()
    await load(office)
    await expect(page.locator("#load-undo")).to_contain_text("Se puede deshacer hasta el")
    first = page.url
    await office.tried("cambios.csv", "0;Eva;Pasto;200", "1;Ana;Pasto;100", "9;Luz;Cali;100")
    await expect(page.locator("#confirm-title")).to_have_text("2 filas cambian clientes que ya existen")
    await expect(page.locator("#confirm-words")).to_have_text("Se cambian: ciudad y saldo. No se tocan: primer nombre.")
    await expect(page.locator("#run")).to_be_disabled()
    await page.locator("#confirm-tick").check()
    await load(office)
    await expect(page.locator('#step-load [data-count="updated"]')).to_have_text("2")
    second = page.url
    await page.goto(first)
    await expect(page.locator("#load-undo")).to_have_text(
        "Para deshacerla, antes deshaga «cambios.csv», que se cargó después."
    )
    await expect(page.locator("#undo")).to_be_hidden()

    number = await work_on(office, "3", "Llamar después")
    await page.goto(second)
    await office.boss.live()
    await office.take_back("Se quita 1 cliente que nadie trabajó. 2 recuperan los datos de antes.")
    await expect(page.locator("#load-rows")).to_contain_text("1 clientes quitados, 0 fuera de la base, 2 con los datos")
    await page.goto(first)
    await office.boss.live()
    await office.take_back(f"Se quitan {PEOPLE - 1} clientes que nadie trabajó. Queda 1, con su historia")
    await expect(page.locator("#load-rows")).to_contain_text(f"{PEOPLE - 1} clientes quitados, 1 fuera de la base")
    sheet = (await office.boss.api("GET", f"/cases/{number}"))["sheet"]
    assert [row["observations"] for row in sheet["history"]] == ["Llamar después"]


async def test_a_workbook_is_opened_its_sheet_chosen_and_its_cases_lead_on_to_the_assignments(office: Office) -> None:
    """Encoding and separator are not asked for; a bad cell is left out, or its row refused by a choice per reason."""
    page, file = office.page, office.folder / "libro.xlsx"
    header = ["Documento", "Apellidos y nombres", "Celular", "Correo"]
    rows = [[n, "Muñoz Ñáñez Óscar Iván", "3105551080 / 3105551081", "a@b" if n == 2 else None] for n in range(1, 4)]
    others = {"Portada": [["Lea antes"]], "Retirados": [["Documento", "Motivo"], [9]]}
    file.write_bytes(typed_workbook({**others, "Cartera": [["CARTERA"], header, *rows]}))
    await office.boss.go("/bases/subir")
    await page.get_by_label("Nombre de la base").fill("Mora")
    await page.get_by_label("Campaña que recibe los casos").select_option(label="Recuperación")
    await page.set_input_files("#file", str(file))
    await expect(page.locator("#opening")).to_contain_text("libro.xlsx")
    await office.work()
    await expect(page.locator("#sheets-left")).to_contain_text("Se lee: Cartera.")
    await page.get_by_label("Hoja", exact=True).select_option("Retirados")
    await expect(page.locator("#opening")).to_be_visible()
    await office.work()
    await expect(page.locator("#sheets-left")).to_contain_text("Se lee: Retirados.")
    await page.get_by_label("Hoja", exact=True).select_option("Cartera")
    await expect(page.locator("#opening")).to_be_visible()
    await office.work()
    await expect(page.locator("#map")).to_contain_text("Muñoz Ñáñez, Óscar Iván")
    await expect(page.locator("#map")).to_contain_text("310 555 1080 · 310 555 1081")
    await expect(page.get_by_label("Encabezado")).to_have_value("2")
    for label in ("Codificación", "Separador"):
        await expect(page.get_by_label(label)).to_be_hidden()
    await page.locator("#check").click()
    await expect(page.locator("#step-load")).to_be_visible()
    await office.work()
    await expect(refused := page.locator('#step-check [data-count="refused"]')).to_have_text("0")
    await page.get_by_role("button", name="Aviso: Correo mal escrito").click()
    await page.get_by_role("button", name="Rechazar estas filas y probar otra vez").click()
    await expect(page.locator("#step-load")).to_be_visible()
    await office.work()
    await expect(refused).to_have_text("1")
    await page.get_by_role("button", name=re.compile("^Correo mal escrito")).click()
    await expect(page.get_by_role("button", name="Dejar la celda vacía y probar otra vez")).to_be_visible()
    await load(office)
    await page.get_by_role("link", name="Repartir los casos").click()
    await expect(page.get_by_role("heading", name="Asignaciones")).to_be_visible()


async def test_a_trial_that_is_carried_out_before_the_page_has_read_it_shows_the_load(office: Office) -> None:
    """The answer about the trial comes late, when its upload is already being stored: it changes nothing."""
    page, may_answer = office.page, asyncio.Event()

    async def late(route: Route) -> None:
        if await page.locator("#step-check").is_visible():
            await may_answer.wait()
        await route.continue_()

    await page.route("**/preview", late)
    await office.tried("first.csv", "1;Ana;Cali;10")
    await page.locator("#run").click()
    await expect(page.locator("#load-title")).to_contain_text("Cargando")
    async with page.expect_response("**/preview"):
        may_answer.set()
    await office.work()
    await expect(page.locator("#load-title")).to_contain_text("está completa")
