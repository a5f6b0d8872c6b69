"""Llamar at the case: the bar follows the call, Colgar ends it, and a call that fails says why."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from playwright.async_api import expect

from atiende.server.settings import Settings
from atiende.telephony.simulated_pbx import Pace
from atiende.tests.support.browser import Person, chromium
from atiende.tests.support.floors.calls import CallFloor, call_floor
from atiende.tests.support.pbx.scenes import SimulatedScene, simulated_scene
from atiende.tests.support.site_on_port import at_browser, served

pytestmark = pytest.mark.browser


@dataclass
class Desk:
    scene: SimulatedScene
    floor: CallFloor
    who: Person

    async def look(self, name: str) -> None:
        """A picture for the eye, where somebody asked for pictures."""
        if folder := os.environ.get("TEST_PICTURES"):
            await self.who.page.screenshot(path=f"{folder}/{name}.png")


@pytest.fixture(params=["manual", "inbound"])
async def desk(request: pytest.FixtureRequest, settings: Settings) -> AsyncIterator[Desk]:
    async with (
        simulated_scene() as scene,
        call_floor(settings, scene, mode=request.param) as floor,
        served(floor.settings) as (site, address),
        chromium() as browser,
        floor.bridge(),
    ):
        await scene.phone("1001", "answers")
        await scene.customer(floor.number, "answers")
        scene.pbx.pace = Pace(0.4, 0.6)
        await floor.ready()
        who = await at_browser(browser, site, address, floor.agent.id or 0)
        await who.page.goto(f"{address}/casos/{floor.case}")
        await expect(who.page.get_by_role("button", name="Guardar y siguiente")).to_be_visible()
        yield Desk(scene, floor, who)
        assert who.complaints == []


@pytest.mark.proves("S3-64", "S4-91")
@pytest.mark.parametrize("desk", ["manual"], indirect=True)
async def test_one_press_calls_and_the_bar_follows_the_call_until_it_is_hung_up(desk: Desk) -> None:
    """The button beside the number calls, and is quiet meanwhile; the case stays open; F4 hangs up."""
    page, bar = desk.who.page, desk.who.page.locator("#phonebox")
    call = page.locator("[data-principal] [data-dial]")
    await expect(call).to_have_accessible_name("Llamar a 310 555 0142")
    await call.click()
    await expect(bar).to_contain_text("310 555 0142")
    await expect(bar.get_by_role("button", name="Colgar")).to_be_visible()
    await expect(bar.locator(".timer")).to_contain_text(":")
    await expect(page.locator("#statebox")).to_contain_text("EN LLAMADA")
    await expect(call).to_be_disabled()
    await expect(call).to_have_accessible_name("En llamada. Ya tiene una llamada. Termínela antes de hacer otra.")
    await expect(page.locator(".btn.primary:enabled:visible")).to_have_count(0)
    await desk.look("in-call")
    await page.keyboard.press("F4")
    await expect(bar.get_by_role("button", name="Colgar")).to_have_count(0)
    await expect(page.locator("#statebox")).to_contain_text("EN GESTIÓN")
    await expect(call).to_be_enabled()
    await expect(call).to_have_accessible_name("Llamar a 310 555 0142")
    await expect(page).to_have_url(f"{page.url.split('/casos')[0]}/casos/{desk.floor.case}")
    (attempt,) = await desk.floor.attempts()
    assert attempt.outcome == "answered"


@pytest.mark.parametrize("desk", ["manual"], indirect=True)
async def test_a_call_that_fails_says_why_in_words(desk: Desk) -> None:
    """Busy is busy, and the agent reads it; F2 calls again."""
    await desk.scene.customer(desk.floor.number, "is busy")
    page = desk.who.page
    await page.keyboard.press("F2")
    await expect(page.locator("#toasts")).to_contain_text("El número está ocupado.")
    await desk.look("busy")
    await expect(page.locator("#phonebox")).to_contain_text("Interno 1001")


@pytest.mark.proves("S4-92")
@pytest.mark.parametrize("desk", ["inbound"], indirect=True)
async def test_a_case_of_an_incoming_campaign_asks_with_which_outgoing_one_to_call(desk: Desk) -> None:
    """The choice of campaign."""
    agents = [desk.floor.agent]
    await desk.floor.floor.campaign("Retención", agents=agents, type="promotion", mode="manual")
    chosen = await desk.floor.floor.campaign("Encuesta", agents=agents, type="survey", mode="preview")
    page = desk.who.page
    await page.locator("[data-principal] [data-dial]").click()
    question = page.get_by_role("alertdialog", name="¿Con qué campaña llama?")
    await expect(question).to_be_visible()
    await desk.look("which-campaign")
    await question.get_by_role("button", name="Encuesta").click()
    await expect(page.locator("#phonebox .timer")).to_contain_text(":")
    (attempt,) = await desk.floor.attempts()
    assert attempt.campaign_id == chosen.id
