"""The first paint is the page: nothing moves when its scripts begin, and nothing is asked for late."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from atiende.server.settings import Settings
from atiende.tests.browser.desk_floor import DeskFloor, desk_floor
from atiende.tests.support.browser import Person
from atiende.tests.support.first_paint import WATCH, come_to_rest, shifts
from atiende.tests.support.site_on_port import at_browser

pytestmark = pytest.mark.browser

MOST = 0.02  # cumulative layout shift, as web.dev/cls counts it
LATE = """() => {
  const named = [...document.querySelectorAll("link[rel=modulepreload], script[src]")]
    .map((one) => one.href || one.src);
  const loaded = performance.getEntriesByType("resource").map((one) => one.name);
  const here = (name) => new URL(name).pathname.replace(/^.static.[^/]+.[^/]+/, "");
  return [loaded.filter((name) => name.endsWith(".js") && !named.includes(name)).map(here),
          named.filter((name) => !loaded.includes(name)).map(here)];
}"""

PAINTED = """new Promise((painted) => new PerformanceObserver((list) =>
  list.getEntriesByName("first-contentful-paint").forEach((paint) => painted(paint.startTime))
).observe({ type: "paint", buffered: true }))"""


DESKS, BOARDS = ("/casos", "/casos/N"), ("/tablero", "/asignaciones")


@dataclass
class Rooms:
    desk: DeskFloor

    @asynccontextmanager
    async def opened(self, path: str) -> AsyncIterator[Person]:
        """The page, live and at rest, at a browser that knows nothing yet of whoever works there."""
        desk, browser = self.desk, self.desk.paola.context.browser
        assert browser is not None
        user = desk.paola_id if path in DESKS else desk.boss.id or 0
        who = await at_browser(browser, desk.site, desk.address, user)
        await who.context.add_init_script(WATCH)
        await who.page.goto(desk.address + path.replace("N", str(desk.cases[0])))
        await come_to_rest(who.page)
        yield who
        assert who.complaints == [], path
        await who.context.close()


@pytest.fixture
async def rooms(settings: Settings) -> AsyncIterator[Rooms]:
    async with desk_floor(settings) as desk:
        yield Rooms(desk)


async def test_nothing_moves_when_the_scripts_begin(rooms: Rooms) -> None:
    for path in DESKS + BOARDS:
        async with rooms.opened(path) as who:
            much, moved = await shifts(who.page)
            assert much < MOST, (path, moved)


async def test_nothing_moves_in_a_call_either(rooms: Rooms) -> None:
    """The box of the phone, the banner that leads to the call and the state of the agent are there at once."""
    await rooms.desk.ring("call-1", "+573105550140")
    await rooms.desk.answer("call-1")
    for path in DESKS:
        async with rooms.opened(path) as who:
            assert await who.page.locator("#phonebox .timer").count() == 1
            much, moved = await shifts(who.page)
            assert much < MOST, (path, moved)


async def test_a_page_names_every_module_that_it_loads_and_no_other(rooms: Rooms) -> None:
    for path in DESKS + BOARDS:
        async with rooms.opened(path) as who:
            late, unused = await who.page.evaluate(LATE)
            assert (late, unused) == ([], []), path


async def test_a_script_that_does_not_come_leaves_the_page_readable(rooms: Rooms) -> None:
    """The first paint waits for the modules, but not for ones that fail."""
    page = rooms.desk.paola.page
    await page.route("**/lib/live.js", lambda route: route.abort())
    await page.goto(rooms.desk.address + "/casos")
    assert await page.evaluate(PAINTED) > 0
    assert await page.locator("#rows .item").count() == 2
    rooms.desk.paola.complaints.clear()


async def test_the_board_stands_whole_on_a_laptop(rooms: Rooms) -> None:
    """At 1280 × 800 as at 1920 × 1080 everything is on the screen: nothing below, no hole."""
    async with rooms.opened("/tablero") as boss:
        for size in ((1280, 800), (1920, 1080), (1100, 700)):
            await boss.page.set_viewport_size({"width": size[0], "height": size[1]})
            day, tiles = await boss.page.locator(".w-day").bounding_box(), await boss.page.locator(".tile").all()
            assert day is not None and day["y"] + day["height"] <= size[1]
            tops = {(await tile.bounding_box() or {}).get("y") for tile in tiles}
            assert len(tiles) == 6 and len(tops) == 1
