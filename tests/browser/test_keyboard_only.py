"""The office's flows by keyboard alone: nothing is clicked, and whatever is used is reached by Tab (WCAG 2.1.1, 2.4.3).

The agent's own flows are held in `test_agent_screens`, `test_callers` and `test_living_slice`.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Locator, expect
from sqlalchemy import insert

from atiende.models.customers.customer import Customer
from atiende.models.permissions import Role
from atiende.server.connections import make_redis
from atiende.server.settings import Settings
from atiende.server.worker.process import make_worker
from atiende.tests.support.browser import PATIENCE, Person, chromium
from atiende.tests.support.client import Site
from atiende.tests.support.site_on_port import at_browser, served

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE)
FARTHEST = 150  # presses of Tab until a thing must have been reached
BASE = "nombre;documento;telefono\nLuz Rodríguez;52318904;3105550140\nÓscar Muñoz;52318905;3105550141\n"


@dataclass
class Office:
    """An administrator at a keyboard, without a mouse."""

    site: Site
    clara: Person
    settings: Settings
    agents: list[int]

    async def press(self, *keys: str) -> None:
        """These keys, one after another."""
        for key in keys:
            await self.clara.page.keyboard.press(key)

    async def reach(self, wanted: Locator, key: str = "Tab") -> None:
        """Press Tab until the focus is there."""
        for _ in range(FARTHEST):
            if await wanted.evaluate_all("found => found.includes(document.activeElement)"):
                return
            await self.press(key)
        raise AssertionError(f"never reached by {key}: {wanted}")

    async def write(self, label: str, text: str) -> None:
        """Reach a field by its label and write into it, over what it held."""
        await self.reach(self.clara.page.get_by_label(label, exact=True))
        await self.press("Control+a")
        await self.clara.page.keyboard.type(text)

    async def agree(self, name: str) -> None:
        """Answer the question that has opened."""
        question = self.clara.page.get_by_role("alertdialog")
        await expect(question).to_be_visible()
        await self.reach(question.get_by_role("button", name=name, exact=True))
        await self.press("Enter")

    async def use(self, role: str, name: str | re.Pattern[str], key: str = "Enter") -> None:
        """Reach a button (or whatever has this role) and use it."""
        await self.reach(self.clara.page.get_by_role(role, name=name))  # type: ignore[arg-type]
        await self.press(key)

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """With a worker that does the jobs."""
        redis = make_redis(self.settings.redis_url or "")
        worker = make_worker(self.site.house, redis)
        task = asyncio.create_task(worker.async_run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await worker.close()


@pytest.fixture
async def office(settings: Settings) -> AsyncIterator[Office]:
    async with served(settings) as (site, address), chromium() as browser:
        agents = [await site.user(Role.AGENT, name=name) for name in ("Paola Rincón", "Iván Peña")]
        clara_id = await site.user(Role.ADMIN, name="Clara Inés Muñoz")
        clara = await at_browser(browser, site, address, clara_id)
        yield Office(site, clara, settings, agents)
        assert clara.complaints == []
        await clara.context.close()


async def campaign(office: Office) -> int:
    body = {"name": "Mora", "type": "collections", "agents": office.agents}
    return int((await office.clara.api("POST", "/campaigns", body))["id"])


async def test_a_base_is_uploaded_tried_and_stored(office: Office, tmp_path: Path) -> None:
    """From the file to the customers."""
    await campaign(office)
    file = tmp_path / "mora.csv"
    file.write_text(BASE, encoding="utf-8")
    page = office.clara.page
    async with office.working():
        await office.clara.go("/bases/subir")
        async with page.expect_file_chooser() as chooser:
            await office.use("button", "Elegir archivo")
        # the chooser itself is the system's window
        await office.write("Nombre de la base", "Mora")
        await office.reach(page.get_by_label("Campaña que recibe los casos"))
        await page.keyboard.type("Mora")
        await expect(page.get_by_label("Campaña que recibe los casos").locator("option:checked")).to_have_text("Mora")
        await (await chooser.value).set_files(str(file))
        await expect(page.locator("#step-columns")).to_be_visible()
        await office.use("button", re.compile("Probar sin guardar"))
        await expect(page.locator('#step-check [data-count="created"]')).to_have_text("2")
        await office.use("button", re.compile("Importar 2 filas"))
        await expect(page.locator("#load-percent")).to_have_text(re.compile("100"))


@pytest.mark.proves("S4-40", "S4-45", "S4-52")
async def test_customers_are_searched_assigned_and_taken_back(office: Office) -> None:
    await campaign(office)
    rows = [{"document": str(i), "full_name": f"Cliente {i}", "city": "Bogotá"} for i in range(4)]
    async with office.site.house.work() as work:
        await work.session.execute(insert(Customer), rows)
    page = office.clara.page
    await office.clara.go("/asignaciones")
    await office.use("button", "Quitar todos")
    await expect(page.locator("#as-assign")).to_have_text("Asignar 4 clientes a 2 agentes")
    await office.reach(page.locator("#as-agents input").first)
    await office.press("Space")
    await expect(page.locator("#as-assign")).to_have_text("Asignar 4 clientes a 1 agente")
    await office.use("button", re.compile("Asignar 4 clientes"))
    await expect(page.locator("#as-count")).to_have_text("0 clientes")
    await office.reach(page.get_by_role("radio", name="No asignados"), "Shift+Tab")
    await office.press("ArrowLeft")
    await expect(page.get_by_role("radio", name="Asignados", exact=True)).to_be_checked()
    await expect(page.locator("#as-count")).to_have_text("4 clientes")
    await office.use("button", "Desasignar 4")
    await office.agree("Desasignar 4")
    await expect(page.locator("#as-count")).to_have_text("0 clientes")


@pytest.mark.proves("S1-07", "S1-08")
async def test_a_campaign_is_made_changed_and_archived(office: Office) -> None:
    page = office.clara.page
    await office.clara.go("/campanas")
    await office.write("Nombre", "Ventas hogar")
    await office.reach(page.get_by_label("Prioridad (1 va primero)"))
    await page.keyboard.type("2")
    await office.reach(page.get_by_label("Iván Peña"))
    await office.press("Space")
    await office.use("button", "Crear campaña")
    row = page.locator("#ca-rows tr", has_text="Ventas hogar")
    await expect(row.locator("td").first).to_have_text("2")
    await office.use("button", "Nueva campaña")
    await office.use("button", "Ventas hogar")
    await office.write("Nombre", "Ventas empresas")
    await office.press("Enter")
    await expect(page.locator("#ca-rows")).to_contain_text("Ventas empresas")
    await office.use("button", "Archivar")
    await office.agree("Archivar")
    await expect(page.locator("#ca-rows tr", has_text="Ventas empresas")).to_contain_text("Archivada")


@pytest.mark.proves("S1-15", "S4-03")
async def test_a_result_is_added_coloured_and_saved(office: Office) -> None:
    """The tree, the form of one result, the level, saving."""
    await office.clara.go(f"/campanas/{await campaign(office)}/tipificaciones")
    page = office.clara.page
    await office.use("button", "Resultado de nivel 1")
    await expect(page.get_by_label("Nombre", exact=True)).to_be_focused()
    await office.press("Control+a")
    await page.keyboard.type("Fraude")
    await office.reach(page.locator("#re-does input"))
    while not await page.locator('#re-does input[value="never_again"]').is_checked():
        await office.press("ArrowDown")
    await office.reach(page.locator("#re-right_party"))
    await office.press("Space")
    await office.press("Control+s")
    await expect(page.get_by_role("button", name=re.compile("guardada"))).to_be_disabled()
    kept = await office.clara.api("GET", "/campaigns")
    assert kept["items"][0]["name"] == "Mora"
    await page.reload()
    await office.clara.live()
    await expect(page.locator("#re-tree [role=row]", has_text="Fraude")).to_contain_text("No volver a llamar")


@pytest.mark.proves("S1-03")
async def test_a_user_is_made_changed_and_shut_out(office: Office) -> None:
    page = office.clara.page
    await office.clara.go("/usuarios")
    await office.use("button", "Nuevo usuario")
    await office.write("Nombre y apellido", "Rosa Vélez")
    await office.write("Usuario", "rosa")
    await office.write("Interno", "1077")
    await office.use("button", "Crear usuario")
    await expect(page.locator("#user-done")).to_contain_text("Se creó el usuario.")
    await office.use("button", "Rosa Vélez")
    await office.reach(page.get_by_label("Puede entrar"))
    await office.press("Space")
    await office.use("button", "Guardar")
    await expect(page.locator("#users-rows tr", has_text="Rosa Vélez")).to_contain_text("No puede entrar")


async def test_a_language_is_chosen_from_the_menu_of_the_account(office: Office) -> None:
    """The page comes back in the language chosen."""
    page = office.clara.page
    await office.clara.go("/usuarios")
    await office.use("button", re.compile("Mi cuenta"))
    await expect(page.locator("#me-menu")).to_be_visible()
    await office.reach(page.get_by_role("menuitemradio", name="English"), "ArrowDown")
    await office.press("Enter")
    await expect(page.locator("h1")).to_have_text("Users")
    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await expect(page.locator("#live")).to_contain_text("live")
