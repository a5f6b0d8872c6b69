"""Campaigns, results and assignments by hand in two browsers; nothing is refreshed."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from playwright.async_api import expect
from sqlalchemy import insert

from atiende.models.customers.customer import Customer
from atiende.models.permissions import Role
from atiende.queue.people.agents import sign_in
from atiende.server.settings import Settings
from atiende.tests.support.browser import PATIENCE, Person, chromium
from atiende.tests.support.client import Site
from atiende.tests.support.site_on_port import at_browser, served

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE)


@dataclass
class Office:
    """Two supervisors at their browsers, and two agents."""

    site: Site
    one: Person
    other: Person
    agents: list[int]


@pytest.fixture
async def office(settings: Settings) -> AsyncIterator[Office]:
    async with served(settings) as (site, address), chromium() as browser:
        agents = [await site.user(Role.AGENT, name=name) for name in ("Paola Rincón", "Iván Peña")]
        bosses = [await site.user(Role.SUPERVISOR, name=name) for name in ("Hernán Castaño", "Clara Muñoz")]
        one, other = [await at_browser(browser, site, address, boss) for boss in bosses]
        yield Office(site, one, other, agents)
        assert one.complaints == other.complaints == []
        for who in (one, other):
            await who.context.close()


async def campaign(office: Office, name: str = "Mora") -> int:
    body = {"name": name, "type": "collections", "agents": office.agents}
    return int((await office.one.api("POST", "/campaigns", body))["id"])


async def customers(office: Office, count: int) -> None:
    rows = [{"document": str(i), "full_name": f"Cliente {i}", "city": "Bogotá"} for i in range(count)]
    async with office.site.house.work() as work:
        await work.session.execute(insert(Customer), rows)


@pytest.mark.proves("S1-07", "S1-08")
async def test_a_new_campaign_and_its_priority_appear_on_another_screen(office: Office) -> None:
    """Made, changed and archived on one page, seen on the other without refresh."""
    one, other = office.one.page, office.other.page
    await office.other.go("/campanas")
    await office.other.mark()
    await office.one.go("/campanas")
    await one.get_by_label("Nombre", exact=True).fill("Ventas hogar")
    await one.get_by_label("Iván Peña").check()
    await one.get_by_role("button", name="Crear campaña").click()
    row = other.locator("#ca-rows tr", has_text="Ventas hogar")
    await expect(row).to_have_count(1)
    await one.get_by_label("Prioridad (1 va primero)").select_option("1")
    await one.get_by_role("button", name="Guardar").click()
    await expect(row.locator("td").first).to_have_text("1")
    await one.get_by_role("button", name="Archivar").click()
    await one.get_by_role("alertdialog").get_by_role("button", name="Archivar", exact=True).click()
    await expect(row).to_have_count(0)
    assert await office.other.was_not_reloaded()


@pytest.mark.proves("S1-15", "S3-76", "S4-03", "S4-25")
async def test_a_tree_is_edited_by_keyboard_and_read_anew_by_who_looks_at_it(office: Office) -> None:
    """Arrows, level by Shift, order by Alt; choosing an agenda takes the action away."""
    path = f"/campanas/{await campaign(office)}/tipificaciones"
    await office.other.go(path)
    await office.one.go(path)
    page = office.one.page
    await page.locator("#re-tree [role=row]").first.click()
    await page.get_by_role("button", name="Resultado de nivel 1").click()
    await page.keyboard.type("Fraude")
    await page.locator("#re-tree .seln").focus()
    await page.keyboard.press("Shift+ArrowRight")
    moved = page.locator("#re-tree [role=row]", has_text="Fraude")
    await expect(moved).to_have_attribute("aria-level", "2")
    await expect(moved).to_contain_text("Rellamar")  # from Sin contacto
    await page.get_by_role("radio", name="No volver a llamar").check()
    await page.get_by_role("radio", name="Permite agendar").check()
    await expect(moved).to_contain_text("Agenda")
    await page.keyboard.press("Control+s")
    await expect(page.get_by_role("button", name=re.compile("guardada"))).to_be_disabled()
    await expect(office.other.page.locator("#re-tree [role=row]", has_text="Fraude")).to_have_count(1)
    await page.get_by_text("Así lo ve el agente").click()
    await page.keyboard.press("Tab")
    await page.locator("#re-agent button", has_text="Sin contacto").click()
    await page.locator("#re-agent button", has_text="Fraude").click()
    await expect(page.locator("#re-agent .effect")).to_contain_text("el agente pone fecha y hora")


@pytest.mark.proves("S4-40", "S4-45", "S4-46", "S4-47", "S4-52")
async def test_the_button_says_what_happens_and_what_others_do_changes_it(office: Office) -> None:
    """Filters, shares before pressing, assigning, taking back."""
    await campaign(office)
    await customers(office, 5)
    page = office.one.page
    await office.one.go("/asignaciones")
    filters = page.locator("#as-filters > *")
    await expect(filters).to_have_count(1)  # the campaign's own customers
    await page.get_by_role("button", name="Agregar filtro").click()
    await page.get_by_role("button", name="Agregar filtro").click()
    await filters.first.get_by_role("button", name="Quitar filtro").click()
    await expect(filters).to_have_count(2)
    await page.get_by_role("button", name="Quitar todos").click()
    await expect(filters).to_have_count(0)
    button = page.locator("#as-assign")
    await expect(button).to_have_text("Asignar 5 clientes a 2 agentes")
    await expect(page.locator("#as-say")).to_contain_text("5 entre 2: uno recibe 3 y uno 2.")
    await office.other.api("POST", "/assignments", {"campaign": "Mora", "max": 4, "agents": office.agents})
    await expect(button).to_be_disabled()  # one customer is left for two agents
    await expect(page.locator("#as-say")).to_contain_text("Elija menos agentes")
    await page.locator("#as-agents label", has_text="Iván Peña").click()
    await expect(button).to_have_text("Asignar 1 cliente a 1 agente")
    await button.click()
    await expect(page.locator("#as-count")).to_have_text("0 clientes")
    await page.get_by_text("Asignados", exact=True).click()
    await page.get_by_role("button", name="Desasignar 5").click()
    await page.get_by_role("alertdialog").get_by_role("button", name="Desasignar 5").click()
    await expect(page.locator("#as-count")).to_have_text("0 clientes")


async def test_the_wall_board_measures_against_the_limits_of_the_installation(settings: Settings) -> None:
    """What is set in its environment stands beside the figures, and names on the wall are short."""
    own = settings.with_values(board_wait_seconds=45, board_service_percent=95, board_abandoned_percent=3)
    async with served(own) as (site, address), chromium() as browser:
        boss = await at_browser(browser, site, address, await site.user(Role.SUPERVISOR, name="Hernán Castaño"))
        paola = await site.user(Role.AGENT, name="María José Pérez Gómez")
        async with site.house.work() as work:
            await sign_in(work, paola)
        await boss.page.set_viewport_size({"width": 1920, "height": 1080})
        await boss.page.goto(f"{address}/tablero")
        await expect(boss.page.locator("#tile-longest")).to_contain_text("tope 00:45")
        await expect(boss.page.locator("#tile-service")).to_contain_text("meta 95 %")
        await expect(boss.page.locator("#tile-abandoned")).to_contain_text("límite 3 %")
        await expect(boss.page.locator("#w-agents .nm")).to_have_text("María P.")
        assert boss.complaints == []
        await boss.context.close()


async def test_a_closed_list_is_chosen_and_an_empty_search_says_what_to_do(office: Office) -> None:
    """States, bases and agents are never guessed; a filter without a value finds what there was before it."""
    await campaign(office)
    await customers(office, 3)
    page = office.one.page
    await office.one.go("/asignaciones")
    await page.get_by_role("button", name="Quitar todos").click()
    await expect(page.locator("#as-count")).to_have_text("3 clientes")
    await page.get_by_role("button", name="Agregar filtro").click()
    value = page.get_by_label("Valor del filtro")
    await expect(value.locator("option")).to_have_text(["Elija…", "Activo", "Suspendido", "Moroso", "Retirado"])
    await page.get_by_role("button", name="Buscar").click()
    await expect(page.locator("#as-count")).to_have_text("3 clientes")
    await value.select_option(label="Moroso")
    await page.get_by_role("button", name="Buscar").click()
    await expect(page.locator("#as-count")).to_have_text("0 clientes")
    await expect(page.locator("#as-why-none")).to_contain_text("Pruebe «Todos»")
    await page.get_by_label("Campo").select_option(label="Localidad")
    await expect(value).to_have_attribute("placeholder", "Vacío: sin este dato")


async def test_a_campaign_that_nobody_works_in_says_so_and_an_administrator_is_called_one(office: Office) -> None:
    await office.one.api("POST", "/campaigns", {"name": "Vacía", "type": "survey"})
    await office.site.user(Role.ADMIN, name="Ángela Ruiz")
    page = office.one.page
    await office.one.go("/campanas")
    await expect(page.locator("#ca-rows tr", has_text="Vacía")).to_contain_text("sin agentes")
    await expect(page.locator("#ca-people label", has_text="Ángela Ruiz")).to_contain_text("Administrador")
    await office.one.go("/resumen")
    attention = page.get_by_role("region", name="Pide atención")
    await expect(attention).to_contain_text("Vacía no tiene agentes.")
    await attention.get_by_role("link", name="Ponerle agentes").click()
    await page.get_by_label("Paola Rincón").check()
    await page.get_by_role("button", name="Guardar").click()
    await expect(page.locator("#ca-rows tr", has_text="Vacía")).not_to_contain_text("sin agentes")
