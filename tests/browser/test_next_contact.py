"""The next contact in the form of a gestión: offered by some results, with day, hour, phone and whose it will be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import expect

from atiende.tests.browser.desk_floor import HOME_PHONE, DeskFloor
from atiende.tests.support.browser import PATIENCE

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE)


@pytest.mark.proves("S3-78", "S4-25", "S4-83", "S4-84", "X11")
async def test_a_result_that_permits_it_takes_a_day_an_hour_and_a_phone(desk: DeskFloor) -> None:
    """The form says before saving who will get the appointment."""
    page, number = desk.paola.page, desk.cases[0]
    await desk.paola.go("/casos")
    await page.keyboard.press("a")
    await page.wait_for_url(f"**/casos/{number}")
    await desk.paola.live()
    fields, hint = page.locator("#next-contact"), page.locator("#next-hint")
    await expect(fields).to_be_hidden()
    options = page.locator("#cascade .opt")
    await options.filter(has_text="Contacto exitoso").click()
    await expect(fields).to_be_hidden()
    await options.filter(has_text="Compromiso de pago").click()
    await expect(hint).to_contain_text("La recibe cualquier agente de la campaña")
    day = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
    await fields.get_by_label("Fecha").fill(day)
    await expect(page.locator("#save")).to_contain_text("falta la hora")
    await fields.get_by_label("Hora").fill("15:30")
    await fields.get_by_label("Teléfono para la próxima gestión").select_option(HOME_PHONE)
    await fields.get_by_text("Para mí").click()
    await expect(hint).to_contain_text("La recibe usted")
    await page.keyboard.press("Control+Enter")
    await page.wait_for_url(f"**/casos/{desk.cases[1]}")
    case = await desk.paola.api("GET", f"/cases/{number}")
    assert (case["status"], case["next_phone"]) == ("open", HOME_PHONE)
    assert (case["next_contact_agent_id"], case["next_contact_at"]) == (desk.paola_id, f"{day}T20:30:00Z")
