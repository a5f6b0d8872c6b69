"""The first paint is the page: nothing moves when its scripts begin, and nothing is asked for late."""

from __future__ import annotations

from collections.abc import AsyncIterator
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


@dataclass
class Rooms:
    desk: DeskFloor
    boss: Person

    async def open(self, path: str) -> Person:
        """The page at the browser of the one who works there, live and at rest."""
        who = self.boss if path in ("/tablero", "/asignaciones") else self.desk.paola
        await who.page.goto(self.desk.address + path.replace("N", str(self.desk.cases[0])))
        await come_to_rest(who.page)
        return who


@pytest.fixture
async def rooms(settings: Settings) -> AsyncIterator[Rooms]:
    async with desk_floor(settings) as desk:
        browser = desk.paola.context.browser
        assert browser is not None
        boss = await at_browser(browser, desk.site, desk.address, desk.boss.id or 0)
        for who in (desk.paola, boss):
            await who.context.add_init_script(WATCH)
        yield Rooms(desk, boss)
        assert desk.paola.complaints == boss.complaints == []


@pytest.mark.parametrize("path", ["/casos", "/casos/N", "/tablero", "/asignaciones"])
async def test_nothing_moves_when_the_scripts_begin(rooms: Rooms, path: str) -> None:
    who = await rooms.open(path)
    much, moved = await shifts(who.page)
    assert much < MOST, moved


@pytest.mark.parametrize("path", ["/casos", "/casos/N"])
async def test_nothing_moves_in_a_call_either(rooms: Rooms, path: str) -> None:
    """The box of the phone, the banner that leads to the call and the state of the agent are there at once."""
    await rooms.desk.ring("call-1", "+573105550140")
    await rooms.desk.answer("call-1")
    who = await rooms.open(path)
    assert await who.page.locator("#phonebox .timer").count() == 1
    much, moved = await shifts(who.page)
    assert much < MOST, moved


@pytest.mark.parametrize("path", ["/casos", "/casos/N", "/tablero", "/asignaciones"])
async def test_a_page_names_every_module_that_it_loads_and_no_other(rooms: Rooms, path: str) -> None:
    who = await rooms.open(path)
    late, unused = await who.page.evaluate(LATE)
    assert (late, unused) == ([], [])


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
    page = (await rooms.open("/tablero")).page
    for size in ((1280, 800), (1920, 1080), (1100, 700)):
        await page.set_viewport_size({"width": size[0], "height": size[1]})
        day, tiles = await page.locator(".w-day").bounding_box(), await page.locator(".tile").all()
        assert day is not None and day["y"] + day["height"] <= size[1]
        tops = {(await tile.bounding_box() or {}).get("y") for tile in tiles}
        assert len(tiles) == 6 and len(tops) == 1
