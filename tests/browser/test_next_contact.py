"""The next contact in the form of a gestión: offered by some results, with day, hour, phone and whose it will be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import expect
from sqlalchemy import update

from atiende.models.campaigns.campaign import Campaign
from atiende.models.contact.rule_pack import RulePack
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


async def test_a_comment_does_not_send_the_result_that_was_chosen_before(desk: DeskFloor) -> None:
    """*Solo comentario* hides the results and wants a text; the day has no effective contact by it."""
    page = await desk.take_first()
    await page.locator("#cascade .opt").filter(has_text="Contacto exitoso").click()
    await page.get_by_text("Solo comentario").click()
    await expect(page.locator("#cascade")).to_be_hidden()
    await expect(page.locator("#save")).to_contain_text("falta el comentario")
    await page.locator("#observations").fill("Se cortó")
    await page.keyboard.press("Control+Enter")
    await page.wait_for_url(f"**/casos/{desk.cases[1]}")
    case = await desk.paola.api("GET", f"/cases/{desk.cases[0]}")
    assert (case["last_result"], case["sheet"]["history"][0]["result"]) == (None, "")


async def test_a_date_stays_in_sight_and_stops_a_result_that_does_not_permit_it(desk: DeskFloor) -> None:
    """Nothing is closed without the date that was put: another result, or *Quitar la fecha*."""
    page = await desk.take_first()
    options = page.locator("#cascade .opt")
    await options.filter(has_text="Contacto exitoso").click()
    await options.filter(has_text="Compromiso de pago").click()
    day = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
    await page.get_by_label("Fecha", exact=True).fill(day)
    await page.get_by_label("Hora", exact=True).fill("15:30")
    await expect(page.locator("#save")).to_be_enabled()
    await page.get_by_label("Cambiar el nivel 2").click()
    await options.filter(has_text="No va a pagar").click()
    await expect(page.locator("#save")).to_contain_text("este resultado no permite agendar")
    await expect(page.locator("#save")).to_be_disabled()
    await page.get_by_role("button", name="Quitar la fecha").click()
    await expect(page.locator("#save")).to_be_enabled()
    await expect(page.locator("#next-contact")).to_be_hidden()


async def test_an_hour_that_the_rules_forbid_is_said_before_it_is_saved(desk: DeskFloor) -> None:
    """With its rule, and the first moment that may be had, at one press."""
    hours = [[["07:00", "19:00"]]] * 7
    async with desk.site.house.work() as work:
        pack = RulePack(name="Ley", stored={"hours": hours})
        work.session.add(pack)
        await work.session.flush()
        campaign = update(Campaign).where(Campaign.id == desk.campaign.id)
        await work.session.execute(campaign.values(rule_pack_id=pack.id))
    page = await desk.take_first()
    options = page.locator("#cascade .opt")
    await options.filter(has_text="Contacto exitoso").click()
    await options.filter(has_text="Compromiso de pago").click()
    day = (datetime.now(UTC) + timedelta(days=3)).date().isoformat()
    await page.get_by_label("Fecha", exact=True).fill(day)
    await page.get_by_label("Hora", exact=True).fill("05:30")
    await expect(page.locator("#next-hint")).to_contain_text("Regla: «Ley».")
    await expect(page.locator("#save")).to_contain_text("no se permite esa hora")
    await page.locator("#next-acts button").click()
    await expect(page.get_by_label("Hora", exact=True)).to_have_value("07:00")
    await expect(page.locator("#save")).to_be_enabled()
