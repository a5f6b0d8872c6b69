"""Contact rules at the screen: a supervisor makes and gives a rule, and the agent's case says what it refuses."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect
from sqlalchemy import insert

from atiende.models.cases.case import ContactAttempt
from atiende.models.contact.channels import Channel
from atiende.models.contact.rules import ContactRules
from atiende.queue.campaigns.form import CampaignChanges
from atiende.queue.campaigns.lifecycle import change_campaign
from atiende.queue.campaigns.rule_packs import NewPack, create_pack
from atiende.tests.browser.desk_floor import DeskFloor
from atiende.tests.support.browser import PATIENCE, Person
from atiende.tests.support.site_on_port import at_browser

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE)
AXE = Path(__file__).parents[2] / ".atiende" / "vendor" / "axe.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


async def boss_at(desk: DeskFloor, path: str) -> Person:
    """The supervisor at another browser."""
    browser = desk.paola.context.browser
    assert browser and desk.boss.id
    boss = await at_browser(browser, desk.site, desk.address, desk.boss.id)
    await boss.go(path)
    return boss


async def give(desk: DeskFloor, rules: dict[str, Any]) -> None:
    """A pack with these rules for the campaign."""
    async with desk.site.house.work(desk.boss) as work:
        pack = await create_pack(work, NewPack(name="Cuidado", rules=ContactRules.model_validate(rules)))
        await change_campaign(work, desk.campaign.id, CampaignChanges(rule_pack=pack.id))


async def test_a_supervisor_makes_a_rule_tries_it_and_gives_it_to_a_campaign(desk: DeskFloor) -> None:
    """Hours, holidays, maxima; what they would say at 20:05, before anything is stored; then by keyboard."""
    boss = await boss_at(desk, "/reglas")
    page = boss.page
    await expect(page.locator("#ru-packs button")).to_have_count(2)
    await page.get_by_role("button", name="Nueva regla").click()
    await page.keyboard.type("Noches tranquilas")
    await page.get_by_label("Lunes: hasta").fill("20")
    await page.get_by_label("Llamadas: en 7 días").fill("5")
    await page.get_by_label("País").select_option("CO")
    await page.get_by_label("Día", exact=True).fill("2026-12-07")
    await page.get_by_label("Hora del cliente", exact=True).fill("20:05")
    told = page.locator("#ru-told")
    await expect(told).to_contain_text("Por cualquier medio: No, hasta mié 9 dic 08:00.")
    await expect(told).to_contain_text("ese día se permite de 08:00–20:00")
    await expect(page.locator("#ru-holidays")).to_contain_text("8 dic, La Inmaculada Concepción")
    await page.get_by_label("Nombre", exact=True).press("Enter")
    await expect(page.locator("#ru-packs")).to_contain_text("Noches tranquilas")
    await page.get_by_label("Mora", exact=True).select_option(label="Noches tranquilas")
    await expect(page.locator("#ru-packs")).to_contain_text("En Mora")
    stored = (await boss.api("GET", "/rule-packs"))["items"]
    (mine,) = [pack for pack in stored if pack["name"] == "Noches tranquilas"]
    assert mine["rules"]["hours"][0] == [["08:00", "20:00"]]
    assert mine["rules"]["channels"]["call"]["per_week"] == 5
    assert mine["rules"]["holidays"] == {"country": "CO", "subdivision": None}
    assert mine["campaigns"] == [{"id": desk.campaign.id, "name": "Mora"}]
    assert boss.complaints == []
    await boss.context.close()


async def test_a_rule_closes_and_opens_a_case_that_is_being_looked_at(desk: DeskFloor) -> None:
    """The list and the case follow without a reload; the case says why, until when, and what is possible."""
    page = desk.paola.page
    await desk.paola.api("POST", f"/cases/{desk.cases[0]}/open", {})
    await desk.paola.go(f"/casos/{desk.cases[0]}")
    await desk.paola.mark()
    call = page.locator("[data-principal] [data-channel=call]").first
    await expect(call).to_be_enabled()
    # The new rule makes the case read itself again and draw its buttons again: press a new one.
    await call.evaluate("(button) => (button.dataset.before = '')")
    await give(desk, {"channels": {"call": {"per_week": 1}}})
    await expect(page.locator("[data-principal] [data-before]")).to_have_count(0)
    await call.click()
    notice = page.locator("#refusal")
    await expect(notice).to_contain_text("No se puede llamar a Luz Rodríguez hasta el ")
    await expect(notice).to_contain_text("Contactos en 7 días por este medio: 1; el tope es 1. Regla: «Cuidado».")
    await expect(call).to_be_disabled()
    await expect(page.locator("[data-pressure]")).to_contain_text("Sin llamadas hoy")
    await notice.get_by_role("button", name="Usar WhatsApp").click()
    await expect(page.locator("[data-principal] [data-channel=whatsapp]").first).to_be_focused()
    await notice.get_by_role("button", name=re.compile("^Agendar para el ")).click()
    assert await page.locator("#next-date").input_value() != ""
    assert await desk.paola.was_not_reloaded()


async def test_a_day_without_contact_shows_on_the_list_and_on_every_case_of_the_customer(desk: DeskFloor) -> None:
    """All media are refused; supervisors see why too."""
    async with desk.site.house.work() as work:
        contact = {"customer_id": desk.customers[0], "channel": Channel.SMS, "at": work.now - timedelta(days=1)}
        await work.session.execute(insert(ContactAttempt).values(contact))
    await desk.paola.go("/casos")
    await give(desk, {"hours": [[]] * 7})
    rows = desk.paola.page.locator("#rows li[data-number]")
    await expect(rows.locator("[data-word]")).to_have_text(["No contactar", "No contactar"])
    boss = await boss_at(desk, f"/casos/{desk.cases[0]}")
    await expect(boss.page.locator("#refusal")).to_contain_text("No se puede llamar a Luz Rodríguez.")
    assert await boss.page.locator("#refusal button").count() == 0
    await boss.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_page_of_the_rules_passes_axe(desk: DeskFloor, scheme: str) -> None:
    """WCAG 2.2 AA in both themes, down to 320 pixels; a refused case too."""
    await give(desk, {"hours": [[]] * 7})
    boss = await boss_at(desk, "/reglas")
    await boss.page.emulate_media(color_scheme=scheme)
    await desk.paola.api("POST", f"/cases/{desk.cases[0]}/open", {})
    await desk.paola.page.emulate_media(color_scheme=scheme)
    for who, path in ((boss, "/reglas"), (desk.paola, f"/casos/{desk.cases[0]}")):
        await who.page.set_viewport_size({"width": 1280, "height": 800})
        await who.go(path)
        await expect(who.page.locator("#ru-told li, #refusal p").first).to_be_visible()
        session = await who.page.context.new_cdp_session(who.page)
        await session.send("Runtime.evaluate", {"expression": AXE.read_text()})
        found = await who.page.evaluate("(rules) => axe.run(document, { runOnly: rules })", RULES)
        assert [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == [], path
        await who.page.set_viewport_size({"width": 320, "height": 700})
        wide = await who.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 320, path
    await boss.context.close()
