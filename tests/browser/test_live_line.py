"""What becomes of an agent's page when its live line breaks, comes back or belongs to another tab."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

import pytest
from playwright.async_api import WebSocketRoute, expect
from sqlalchemy import delete, update

from atiende.models.campaigns.campaign import CampaignAgent
from atiende.models.people.agent import Agent, State
from atiende.queue.cases.taking import open_for_call
from atiende.queue.customers.correcting import correct_customer
from atiende.queue.people import agents
from atiende.realtime.line.listener import Close
from atiende.tests.browser.desk_floor import DeskFloor
from atiende.tests.support.browser import PATIENCE

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE)


@pytest.mark.proves("M-02")
async def test_who_was_away_for_too_long_is_told_so_and_comes_back_by_a_press(desk: DeskFloor) -> None:
    """DESCONECTADO after 45 s without a screen is no dead end for the screen that returns."""
    page = desk.paola.page
    await desk.paola.go("/casos")
    await expect(page.locator("#statebox")).to_contain_text("EN ESPERA")
    async with desk.site.house.work() as work:
        await agents.sign_out(work, desk.paola_id)
    await expect(page.locator("#above")).to_contain_text("Está DESCONECTADO.")
    await page.reload()
    await page.get_by_role("button", name="Volver a EN ESPERA").click()
    await expect(page.locator("#statebox")).to_contain_text("EN ESPERA")
    await expect(page.locator("#above")).not_to_contain_text("DESCONECTADO")


async def test_a_screen_that_missed_events_reads_the_state_of_its_agent_too(desk: DeskFloor) -> None:
    """After `resync` the pill says what is, not what was when the line broke."""
    page = desk.paola.page
    await desk.paola.go("/casos")
    await desk.paola.live()
    async with desk.site.house.work() as work:
        values = {"state": State.OFFLINE, "version": Agent.version + 1}
        await work.session.execute(update(Agent).where(Agent.user_id == desk.paola_id).values(**values))
    await desk.site.app.state.web.live.redis.delete("atiende:events:epoch")  # Redis lost what it had
    await expect(page.locator("#statebox")).to_contain_text("DESCONECTADO")


async def test_nothing_of_a_watched_case_is_missed_while_its_line_comes_up(desk: DeskFloor) -> None:
    """A caller's case of a campaign one does not work in is heard by its own topic alone."""
    page = desk.paola.page
    (customer,) = await desk.floor.customers(1)
    (foreign,) = await desk.floor.cases(await desk.floor.campaign("Ventas"), [customer])
    async with desk.site.house.work() as work:
        await open_for_call(work, await agents.lock_agent(work, desk.paola_id), foreign)
    coming_up = asyncio.Event()
    held: list[Callable[[], None]] = []

    def slowly(line: WebSocketRoute) -> None:
        server = line.connect_to_server()

        def up(message: str | bytes) -> None:
            held.append(lambda: server.send(message))
            coming_up.set()

        line.on_message(up)

    await page.route_web_socket(re.compile("/api/v1/live"), slowly)
    await page.goto(f"{desk.address}/casos/{foreign}")
    await asyncio.wait_for(coming_up.wait(), PATIENCE / 1000)
    async with desk.site.house.work(desk.boss) as work:
        await correct_customer(work, customer, None, {"first_name": "Luz Dary"})
    await expect(page.locator("h1")).not_to_contain_text("Luz Dary")
    for send in held:
        send()
    await expect(page.locator("h1")).to_contain_text("Luz Dary")


async def test_who_may_no_longer_see_what_his_page_watches_is_told_so_by_the_page(desk: DeskFloor) -> None:
    """A line that is refused what it watches does not come back for ever."""
    page = desk.paola.page
    await desk.paola.go(f"/casos/{desk.cases[4]}")
    async with desk.site.house.work() as work:  # as while the line was away: nobody tells it
        await work.session.execute(delete(CampaignAgent))
    for listener in desk.site.app.state.web.live.hub.listeners:
        listener.end(Close.GOING_AWAY)
    await expect(page.locator("#casehead")).to_have_count(0)


async def test_a_second_tab_waits_until_it_takes_over(desk: DeskFloor) -> None:
    """Calls and cases reach one tab, and both say which."""
    await desk.paola.go("/casos")
    second = await desk.paola.context.new_page()
    await second.goto(f"{desk.address}/casos")
    await expect(second.locator("#live")).to_contain_text("en otra pestaña")
    await second.get_by_role("button", name="Usar esta").click()
    await expect(second.locator("#live")).to_contain_text("en vivo")
    await expect(desk.paola.page.locator("#live")).to_contain_text("en otra pestaña")


async def test_en_vivo_falls_with_the_first_request_that_fails_and_with_the_network(desk: DeskFloor) -> None:
    """A cut cable is said before anybody waits for an answer; when it is back, the line proves itself."""
    page = desk.paola.page
    await desk.paola.go("/casos")
    await page.route("**/api/v1/pause-reasons", lambda route: route.abort())
    await page.evaluate(
        "window.seen = []; new MutationObserver(() => window.seen.push(document.documentElement.dataset.live))"
        ".observe(document.documentElement, {attributeFilter: ['data-live']})"
    )
    await page.locator("#state").click()
    await desk.paola.live()
    assert (await page.evaluate("window.seen"))[:2] == ["reconnecting", "live"]
    await desk.paola.context.set_offline(True)
    await expect(page.locator("html")).to_have_attribute("data-live", "reconnecting")
    await desk.paola.context.set_offline(False)
    await desk.paola.live()
