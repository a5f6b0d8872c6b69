"""From an empty folder to a worked case by what the screens say alone: only the printed link is opened."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from atiende.tests.support.browser import PATIENCE, Person, chromium, person
from atiende.tests.support.running_atiende import RunningAtiende

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE)
PASSWORD = "colibrí-tambor-92"
LINK = re.compile(r"(http://\S+/primer-ingreso\?token=\S+)")
STEPS = ["administrator", "people", "campaign", "base", "share", "pbx"]


async def done(page: Page, *steps: str) -> None:
    """Exactly these steps are ticked."""
    for step in STEPS:
        mark = page.locator(f"#step-{step}.done")
        await expect(mark).to_have_count(1 if step in steps else 0)


async def back(page: Page) -> None:
    await page.get_by_role("navigation", name="Secciones").get_by_role("link", name="Primeros pasos").click()
    await page.locator("#live", has_text="en vivo").wait_for()


async def printed_link(atiende: RunningAtiende) -> str:
    """The link that the program says on the terminal."""
    while not (found := LINK.search("\n".join(atiende.output))):
        await asyncio.sleep(0.05)
    return found.group(1)


async def choose_password(page: Page) -> None:
    await page.get_by_label("Contraseña", exact=True).fill(PASSWORD)
    await page.get_by_label("La misma, otra vez").fill(PASSWORD)
    await page.get_by_role("button", name="Guardar y entrar").click()


async def enter(admin: Person, link: str) -> None:
    page = admin.page
    await page.goto(link)
    await page.get_by_label("Nombre y apellido").fill("Clara Inés Muñoz")
    await page.get_by_label("Usuario").fill("clara")
    await choose_password(page)
    await expect(page.get_by_role("heading", name="Primeros pasos")).to_be_visible()
    await done(page, "administrator")


async def make_agent(page: Page) -> str:
    """By the first step's button; the link that the screen gives."""
    await page.get_by_role("link", name="Crear agentes").click()
    await page.get_by_label("Nombre y apellido").fill("Paola Rincón")
    await page.get_by_label("Usuario", exact=True).fill("paola")
    await page.get_by_role("button", name="Crear usuario").click()
    link = page.get_by_label("Enlace", exact=True)
    await expect(link).to_be_visible()
    return await link.input_value()


async def make_campaign(page: Page) -> None:
    await page.get_by_role("link", name="Crear campaña").click()
    await page.get_by_label("Nombre", exact=True).fill("Mora")
    await page.get_by_label("Paola Rincón").check()
    await page.get_by_role("button", name="Crear campaña").click()
    await expect(page.locator("#toasts")).to_contain_text("Se creó «Mora»")


async def upload(page: Page, file: Path) -> None:
    await page.get_by_role("link", name="Subir base").last.click()
    await page.get_by_label("Nombre de la base").fill("Primera")
    await page.get_by_label("Campaña que recibe los casos").select_option(label="Mora")
    await page.locator("#file").set_input_files(str(file))
    await page.get_by_role("button", name="Probar").click()
    await page.locator("#run").click()
    await expect(page.locator("#load-undo")).to_contain_text("Se puede deshacer hasta el")


async def work(page: Page) -> None:
    """The agent attends the first case and saves a result."""
    await page.locator("#live", has_text="en vivo").wait_for()
    await page.get_by_role("button", name="Atender", exact=True).first.click()
    await page.locator("#cascade button, .cascade button, .opt").first.click()
    await page.get_by_role("button", name=re.compile("^Guardar")).first.click()
    await expect(page.locator("#toasts")).not_to_be_empty()


async def test_an_empty_folder_becomes_a_worked_case_without_an_address_typed(tmp_path: Path) -> None:
    """`/` says where the link is; each step is ticked by what exists, live on a page left open."""
    base = tmp_path / "base.csv"
    base.write_text("documento;primer_nombre;primer_apellido;telefono\n" + "".join(
        f"{5200 + n};Luz;Rojas {n};310555{n:04}\n" for n in range(3)
    ))  # fmt: skip
    with RunningAtiende() as atiende:
        async with chromium() as browser:
            admin, agent = await person(browser, atiende.address), await person(browser, atiende.address)
            await admin.page.goto(atiende.address)
            await expect(admin.page.get_by_role("status")).to_contain_text("Abra el enlace del primer administrador")
            await enter(admin, await printed_link(atiende))
            page = admin.page
            link = await make_agent(page)
            await back(page)
            await done(page, "administrator", "people")
            await expect(page.get_by_role("region", name="Faltan por entrar")).to_contain_text("Paola Rincón")
            await agent.page.goto(link)
            await choose_password(agent.page)
            await expect(page.get_by_role("region", name="Faltan por entrar")).to_have_count(0)
            await make_campaign(page)
            await back(page)
            await done(page, "administrator", "people", "campaign")
            await upload(page, base)
            await back(page)
            await done(page, "administrator", "people", "campaign", "base")
            await page.get_by_role("link", name="Repartir").click()
            await page.get_by_role("button", name="Asignar 3 clientes a 1 agente").click()
            await expect(page.locator("#toasts")).to_contain_text("3")
            await back(page)
            await done(page, "administrator", "people", "campaign", "base", "share")
            await work(agent.page)
            await expect(page.get_by_text("Ya se atendió el primer caso.")).to_be_visible()
            await page.get_by_role("link", name="Atiende").first.click()
            await expect(page.get_by_role("heading", name="Resumen")).to_be_visible()
            await expect(page.get_by_role("link", name="Primeros pasos")).to_have_count(0)
            assert admin.complaints == agent.complaints == []
