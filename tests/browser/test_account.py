"""One's own account and the rooms of Configuraciones at the screen, in real browsers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from playwright.async_api import expect

from atiende.models.permissions import Role
from atiende.server.settings import Settings
from atiende.tests.support.browser import PATIENCE, Person, chromium
from atiende.tests.support.client import PASSWORD, Site
from atiende.tests.support.site_on_port import at_browser, served

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE)
NEW = "tres-caballos-verdes"


@dataclass
class Office:
    """A supervisor at two browsers, and an administrator."""

    site: Site
    here: Person
    there: Person
    clara: Person


@pytest.fixture
async def office(settings: Settings) -> AsyncIterator[Office]:
    async with served(settings) as (site, address), chromium() as browser:
        paola = await site.user(Role.SUPERVISOR, "paola", name="Paola Rincón")
        clara = await site.user(Role.ADMIN, "clara", name="Clara Muñoz")
        people = [await at_browser(browser, site, address, one) for one in (paola, paola, clara)]
        yield Office(site, *people)
        assert people[0].complaints == people[2].complaints == []
        for who in people:
            await who.context.close()


async def test_a_person_reaches_their_account_and_changes_their_password(office: Office) -> None:
    """By the menu of the person; the other browser is out, this one stays where it is."""
    page = office.here.page
    await office.there.go("/busqueda")
    await office.here.go("/busqueda")
    await page.locator("#me-button").click()
    await page.get_by_role("menuitem", name="Mi cuenta").click()
    await expect(page.get_by_role("heading", name="Mi cuenta")).to_be_visible()
    await expect(page.locator(".ac-list li")).to_have_count(2)
    await page.get_by_label("La de ahora").fill("otra-clave-larga")
    await page.get_by_label("La nueva", exact=True).fill(NEW)
    await page.get_by_label("La nueva, otra vez").fill(NEW)
    await page.get_by_role("button", name="Cambiar contraseña").click()
    await expect(page.get_by_role("alert").filter(has_text="Esa no es su contraseña")).to_be_visible()
    await expect(page.get_by_label("La de ahora")).to_be_focused()
    await page.get_by_label("La de ahora").fill(PASSWORD)
    await page.get_by_role("button", name="Cambiar contraseña").click()
    await expect(page.get_by_text("Se cambió. Sus otras sesiones")).to_be_visible()
    await expect(page.locator(".ac-list li")).to_have_count(1)
    await expect(office.there.page).to_have_url(office.there.address + "/ingresar?next=/busqueda")


async def test_a_key_is_made_shown_once_and_ended_by_an_administrator(office: Office) -> None:
    page, clara = office.here.page, office.clara.page
    await office.here.go("/mi-cuenta")
    await page.get_by_label("Para qué es").fill("Informes")
    await page.get_by_role("button", name="Crear clave").click()
    await expect(page.get_by_label("Clave", exact=True)).not_to_have_value("")
    secret = await page.get_by_label("Clave", exact=True).input_value()
    program = office.site.visitor(Authorization=f"Bearer {secret}")
    assert (await program.get("/api/v1/me")).json()["username"] == "paola"
    await office.clara.go("/claves")
    await expect(clara.get_by_role("row", name="Informes")).to_contain_text("Paola Rincón")
    await clara.get_by_role("button", name="Anular Informes").click()
    await clara.get_by_role("alertdialog").get_by_role("button", name="Anular").click()
    await expect(clara.get_by_role("row", name="Informes")).to_have_count(0)
    assert (await program.get("/api/v1/me")).status_code == 401


async def test_an_administrator_ends_a_session_beside_its_person(office: Office) -> None:
    """The page of that browser goes to the sign-in at once."""
    clara = office.clara.page
    await office.here.go("/busqueda")
    await office.clara.go("/usuarios")
    await clara.get_by_role("button", name="Paola Rincón").click()
    await expect(clara.locator("#user-access-list li")).to_have_count(2)
    await clara.get_by_role("button", name="Cerrar todas").click()
    await expect(clara.get_by_text("Sin sesiones abiertas ni claves.")).to_be_visible()
    await expect(office.here.page).to_have_url(office.here.address + "/ingresar?next=/busqueda")


async def test_the_audit_is_read_by_keyboard_and_filtered_in_one_press(office: Office) -> None:
    """J goes down the rows, the chosen one says old and new values; retention is changed beside it."""
    clara = office.clara.page
    await office.clara.go("/configuraciones")
    await clara.get_by_label("Días que se guarda la auditoría").fill("400")
    await clara.get_by_role("button", name="Guardar", exact=True).click()
    await clara.get_by_role("alertdialog").get_by_role("button", name="Guardar menos").click()
    await expect(clara.get_by_text("Lo cambió usted, ahora.")).to_be_visible()
    await office.here.go("/mi-cuenta")
    await office.here.api("POST", "/tokens", {"name": "Noche"})
    await office.clara.go("/auditoria")
    one = clara.locator("#au-one")
    await expect(one).to_contain_text("Creó una clave de programa")
    await clara.keyboard.press("j")
    await expect(one).to_contain_text("Cambió la configuración")
    await expect(one.get_by_role("row", name="Días que se guarda")).to_have_text("Días que se guarda 730 400")
    await clara.get_by_text("Entradas", exact=True).click()
    await expect(clara.locator("[data-row]")).to_have_count(1)
    assert "kind=entry" in clara.url and "actor" not in clara.url
