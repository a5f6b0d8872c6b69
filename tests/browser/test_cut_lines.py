"""Lines that are cut at bad moments: what happened meanwhile is on the screen all the same."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import WebSocketRoute, expect

from atiende.server.settings import Settings
from atiende.tests.browser.desk_floor import DeskFloor, desk_floor


@pytest.fixture
async def desk(settings: Settings) -> AsyncIterator[DeskFloor]:
    async with desk_floor(settings) as made:
        yield made


@pytest.mark.proves("M-01")
async def test_a_line_that_is_cut_before_its_resume_was_answered_misses_nothing(desk: DeskFloor) -> None:
    """A case came while the line was down; the next line greets, tells of a later case, and is cut at once."""
    page, lines = desk.paola.page, list[WebSocketRoute]()
    given, greeted = asyncio.Event(), asyncio.Event()

    async def line(browser_side: WebSocketRoute) -> None:
        """The second one comes when the first case was given, and what the browser says on it is not heard."""
        lines.append(browser_side)
        second = len(lines) == 2
        if second:
            await given.wait()
        server_side = browser_side.connect_to_server()

        def down(frame: str | bytes) -> None:
            browser_side.send(frame)
            if second:
                greeted.set()

        server_side.on_message(down)
        browser_side.on_message(lambda frame: None if second else server_side.send(frame))

    await page.route_web_socket(re.compile("/api/v1/live"), line)
    await desk.paola.go("/casos?seccion=assigned")
    rows = page.locator("#rows li[data-number]")
    await expect(rows).to_have_count(2)
    await desk.paola.mark()
    await lines[0].close(code=4408)
    await desk.give(desk.cases[2])
    given.set()
    await asyncio.wait_for(greeted.wait(), 20)
    await desk.give(desk.cases[3])
    await expect(page.locator(f'#rows li[data-number="{desk.cases[3]}"]')).to_be_visible()
    await lines[1].close(code=4408)
    await expect(page.locator(f'#rows li[data-number="{desk.cases[2]}"]')).to_be_visible()
    await expect(rows).to_have_count(4)
    assert len(lines) == 3
    assert await desk.paola.was_not_reloaded()
