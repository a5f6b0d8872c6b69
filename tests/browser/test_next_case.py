"""The next case comes into the page that is open: its line, its bar and what floats over it stay."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, Route, expect

from atiende.server.settings import Settings
from atiende.tests.browser.desk_floor import DeskFloor, desk_floor

PRESSURE = '[data-pressure] [data-medium="whatsapp"]'


@pytest.fixture
async def desk(settings: Settings) -> AsyncIterator[DeskFloor]:
    async with desk_floor(settings) as made:
        yield made


async def at_first_case(desk: DeskFloor) -> Page:
    """Paola has her first case open, with three of her own; the page bears a mark that a new page would not."""
    await desk.give(desk.cases[2])
    page = desk.paola.page
    await desk.paola.go("/casos?seccion=assigned")
    await expect(page.locator("#rows li[data-number]")).to_have_count(3)
    await page.keyboard.press("a")
    await page.wait_for_url(f"**/casos/{desk.cases[0]}")
    await desk.paola.live()
    await page.evaluate("window.mark = 'same page'")
    return page


async def finish(page: Page) -> None:
    """The first result, and Guardar y siguiente."""
    await page.keyboard.press("1")
    await page.keyboard.press("Control+Enter")


async def turned(page: Page, number: int) -> None:
    """The page shows this case, and it is still the page it was."""
    await page.wait_for_url(f"**/casos/{number}")
    await expect(page.locator("#casehead .facts dd").first).to_have_text(str(number))
    assert await page.evaluate("window.mark") == "same page"


@pytest.mark.proves("S0-16", "S0-19", "S3-05", "S3-09")
async def test_the_next_case_comes_into_the_open_page_over_the_same_line(desk: DeskFloor) -> None:
    """Neither page nor line is new; form, title, focus and keys are the next case's, and act once."""
    page = await at_first_case(desk)
    lines: list[str] = []
    page.on("websocket", lambda socket: lines.append(socket.url))
    await page.locator("#observations").fill("Solo de la primera")
    await page.locator("#main").focus()
    await finish(page)
    await turned(page, desk.cases[1])
    await expect(page).to_have_title(re.compile("^Óscar"))
    await expect(page.locator("#casehead h1")).to_have_text("Óscar Muñoz")
    await expect(page.locator("#toasts")).to_contain_text("Gestión guardada. Abierto Óscar")
    await expect(page.locator("#observations")).to_have_value("")
    await expect(page.locator("#main")).to_be_focused()
    await expect(page.locator("#statebox")).to_contain_text("EN GESTIÓN")
    await finish(page)
    await turned(page, desk.cases[2])
    await expect(page.locator('.rail [aria-current="page"]')).to_have_attribute("href", "/casos?seccion=assigned")
    saved = [await desk.paola.api("GET", f"/cases/{number}") for number in desk.cases[:2]]
    assert [len(case["sheet"]["history"]) for case in saved] == [1, 1]
    assert lines == []


async def test_who_writes_in_the_search_meanwhile_goes_on_writing(desk: DeskFloor) -> None:
    """The next case does not take the focus from what stays on the page."""
    page = await at_first_case(desk)
    search = page.locator("#whole-base-q")

    async def late(route: Route) -> None:
        await search.focus()
        await route.continue_()

    await page.route("**/casos/*?parte=caso", late)
    await finish(page)
    await turned(page, desk.cases[1])
    await expect(search).to_be_focused()


async def test_what_happens_to_the_next_case_while_it_comes_is_seen_on_it(desk: DeskFloor) -> None:
    """A contact that is counted after the case was read and before it stands on the page."""
    page = await at_first_case(desk)

    async def late(route: Route) -> None:
        answer = await route.fetch()
        await desk.paola.api("POST", f"/cases/{desk.cases[1]}/attempts", {"channel": "whatsapp"})
        await route.fulfill(response=answer)

    await page.route("**/casos/*?parte=caso", late)
    await finish(page)
    await turned(page, desk.cases[1])
    await expect(page.locator(PRESSURE)).to_contain_text("1")
    await expect(page.locator("[data-latest]")).to_contain_text("WhatsApp")


async def test_an_answer_about_the_customer_before_does_not_name_the_next_one(desk: DeskFloor) -> None:
    """The correction is stored; it is answered when the next case stands on the page."""
    page = await at_first_case(desk)
    shown = asyncio.Event()

    async def late(route: Route) -> None:
        answer = await route.fetch()
        await shown.wait()
        await route.fulfill(response=answer)

    await page.route("**/api/v1/customers/*", late)
    await page.keyboard.press("Alt+2")
    await page.locator("#edit-customer").click()
    await page.locator("#customer-first_name").fill("Lucía")
    await page.locator("#customer-form [type=submit]").click()
    await page.locator("#main").focus()
    await finish(page)
    await turned(page, desk.cases[1])
    shown.set()
    await expect(page.locator("#toasts")).to_contain_text("Datos del cliente guardados.")
    await expect(page.locator("#casehead h1")).to_have_text("Óscar Muñoz")


async def test_of_the_case_before_nothing_more_is_shown(desk: DeskFloor) -> None:
    """The line lets go of it, and what still comes of it over her own topics leaves the next one as it is."""
    page = await at_first_case(desk)
    sent: list[str] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(str(frame))))
    await page.reload()
    await desk.paola.live()
    await page.evaluate("window.mark = 'same page'")
    await finish(page)
    await turned(page, desk.cases[1])
    asked = [f"watch case:{desk.cases[0]}", f"unwatch case:{desk.cases[0]}", f"watch case:{desk.cases[1]}"]
    frames = [json.loads(frame) for frame in sent]
    assert [f"{frame['type']} {frame['topic']}" for frame in frames if "topic" in frame] == asked
    await desk.give(desk.cases[0])
    await desk.paola.api("POST", f"/cases/{desk.cases[1]}/attempts", {"channel": "whatsapp"})
    await expect(page.locator(PRESSURE)).to_contain_text("1")
    await expect(page.locator("#casehead h1")).to_have_text("Óscar Muñoz")


@pytest.mark.proves("S1-32", "S3-06")
async def test_back_shows_the_case_before_as_it_is_by_now(desk: DeskFloor) -> None:
    """The browser's own way back works, what it shows is closed by now, and can be reopened."""
    page = await at_first_case(desk)
    await finish(page)
    await turned(page, desk.cases[1])
    await page.go_back()
    await page.wait_for_url(f"**/casos/{desk.cases[0]}")
    await desk.paola.live()
    await expect(page.locator("#casehead")).to_contain_text("Cerrado")
    await page.get_by_role("button", name="Reabrir").click()
    await expect(page.locator("#casehead")).to_contain_text("Abierto")
    assert (await desk.paola.api("GET", f"/cases/{desk.cases[0]}"))["status"] == "open"


@pytest.mark.parametrize("answer", ["failed", "lost"])
async def test_a_next_case_that_cannot_come_in_comes_by_a_new_page(desk: DeskFloor, answer: str) -> None:
    """An answer that fails or never comes does not leave the agent with the case that was saved."""
    page = await at_first_case(desk)

    async def refuse(route: Route) -> None:
        await (route.fulfill(status=500, body="") if answer == "failed" else route.abort())

    await page.route("**/casos/*?parte=caso", refuse)
    await finish(page)
    await page.wait_for_url(f"**/casos/{desk.cases[1]}")
    await desk.paola.live()
    assert await page.evaluate("window.mark") is None
    await expect(page.locator("#toasts")).to_contain_text("Gestión guardada. Abierto Óscar")
    await expect(page.locator("#cascade .opts button").first).to_be_visible()
