"""Búsqueda: the whole base by document, name and phone, own customers first."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from atiende.tests.browser.desk_floor import HOME_PHONE, DeskFloor
from atiende.tests.support.browser import PATIENCE

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE)


@pytest.mark.proves("S4-93", "S4-94", "S4-95", "S4-96", "S4-97", "X15")
async def test_the_base_is_searched_by_the_form_and_a_customer_found_is_shown_whole(desk: DeskFloor) -> None:
    """Two of the five customers are hers; the form says which scope it looks through."""
    page = desk.paola.page
    await desk.paola.go("/casos")
    await expect(page.locator("#screen-q")).to_have_attribute("placeholder", re.compile("en pantalla"))
    await desk.paola.go("/busqueda")
    found, scope, run = (
        page.locator("#found li"),
        page.locator("[data-scope]"),
        page.get_by_role("button", name="Buscar"),
    )
    await expect(scope).to_have_text("en mis asignados")
    await page.get_by_label("Documento").fill("523189")
    await expect(found).to_have_count(0)
    await run.click()
    await expect(found).to_have_count(2)
    await page.get_by_text("Mis asignados", exact=True).last.click()
    await expect(scope).to_have_text("en toda la base")
    await run.click()
    await expect(found).to_have_count(5)
    await page.get_by_label("Nombre").fill("munoz")
    await page.get_by_label("Teléfono").fill(HOME_PHONE)
    await run.click()
    await expect(found).to_have_count(1)
    await page.get_by_role("button", name="Limpiar").click()
    await expect(found).to_have_count(0)
    for field in ("Nombre", "Documento", "Teléfono"):
        await expect(page.get_by_label(field)).to_have_value("")
    await page.get_by_label("Nombre").fill("oscar")
    await page.keyboard.press("Enter")
    await found.get_by_role("link", name="Óscar Muñoz").click()
    await page.wait_for_url(f"**/clientes/{desk.customers[1]}")
    await expect(page.get_by_label("Primer apellido")).to_have_value("Muñoz")
    await expect(page.locator("main")).to_contain_text("1048221")
