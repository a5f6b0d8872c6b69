"""What an agent is asked and told at work: pauses, screens that were gone, contacts that are taken back."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from playwright.async_api import expect
from sqlalchemy import delete, update

from atiende.models.people.agent import Agent
from atiende.models.people.presence import ScreenSeen, ScreenTeller, State
from atiende.queue.people import agents
from atiende.queue.people.watching import sign_off
from atiende.server.settings import Settings
from atiende.tests.browser.desk_floor import DeskFloor, desk_floor
from atiende.tests.support.browser import PATIENCE

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE)


@pytest.fixture
async def desk(settings: Settings) -> AsyncIterator[DeskFloor]:
    async with desk_floor(settings) as made:
        yield made
        assert made.paola.complaints == []


async def test_no_key_ends_a_pause_or_a_shift_that_was_ended(desk: DeskFloor) -> None:
    """Atender asks first; the safe answer has the focus."""
    page = desk.paola.page
    for state, title in (("paused", "Está EN PAUSA"), ("offline", "Está DESCONECTADO")):
        async with desk.site.house.work(desk.boss) as work:
            await agents.force_state(work, desk.paola_id, State(state))
        await desk.paola.go("/casos")
        await page.keyboard.press("a")
        dialog = page.get_by_role("alertdialog")
        await expect(dialog).to_contain_text(title)
        await page.keyboard.press("Enter")
        await expect(dialog).to_be_hidden()
        assert (await desk.paola.api("GET", "/me"))["state"] == state
    await page.keyboard.press("a")
    await page.get_by_role("button", name="Volver al turno y atender").click()
    await page.wait_for_url(f"**/casos/{desk.cases[0]}")


async def test_who_signs_in_again_is_told_which_case_was_released(desk: DeskFloor) -> None:
    page = desk.paola.page
    await desk.paola.api("POST", f"/cases/{desk.cases[0]}/open")
    async with desk.site.house.work() as work:
        long_ago = work.now - timedelta(minutes=1)
        await work.session.execute(update(Agent).where(Agent.user_id == desk.paola_id).values(since=long_ago))
        await work.session.execute(update(ScreenSeen).values(at=long_ago))
        await work.session.execute(delete(ScreenTeller))
        work.session.add(ScreenTeller(process="this:1", since=long_ago, told_at=work.now))
        await work.session.flush()
        await sign_off(work, desk.paola_id)
    await desk.paola.go("/casos")
    banner = page.locator('[data-banner="released"]')
    await expect(banner).to_contain_text(f"Su pantalla se cerró con el caso {desk.cases[0]} abierto.")
    await banner.get_by_role("button", name="Entendido").click()
    await expect(banner).to_be_hidden()
    await page.reload()
    await desk.paola.live()
    await expect(banner).to_be_hidden()


async def test_with_a_case_open_the_way_back_to_it_is_the_one_blue_button(desk: DeskFloor) -> None:
    page = desk.paola.page
    await desk.paola.api("POST", f"/cases/{desk.cases[0]}/open")
    await desk.paola.go("/casos")
    await expect(page.locator("#attend-first")).not_to_have_class(re.compile("primary"))
    await expect(page.get_by_role("link", name="Volver al caso")).to_have_class(re.compile("primary"))


async def test_a_registered_contact_is_said_and_taken_back_and_the_focus_stays(desk: DeskFloor) -> None:
    """A button with its word; *Deshacer* for ten seconds; the contact counts until then, and not after it."""
    page = await desk.take_first()
    button = page.locator('[data-principal] [data-channel="call"]').first
    await expect(button).to_have_text("Llamada")
    await button.focus()
    await page.keyboard.press("Enter")
    toast = page.locator(".toast").filter(has_text="Registrado: llamada")
    await expect(toast).to_contain_text("Cuenta para los topes del cliente.")
    pressure = page.locator("#panel-case [data-pressure] [data-medium=call] [data-n]")
    await expect(pressure).to_have_text("1")
    await expect(page.locator("[data-latest]")).to_contain_text("Llamada")
    await expect(button).to_be_focused()
    await toast.get_by_role("button", name="Deshacer").click()
    await expect(pressure).to_have_text("0")
    await expect(page.locator("[data-latest]")).to_contain_text("Todavía no hay gestiones ni contactos.")
