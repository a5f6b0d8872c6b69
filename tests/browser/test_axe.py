"""Every page of the route table under axe-core, for whoever may open it, in light and dark (WCAG 2.0 to 2.2, A and AA).

A new page is held to it without a new test: it only needs a sample for the places of its path.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page

from atiende.models.permissions import Role, may
from atiende.server.doors.route import Route
from atiende.server.route_table import all_routes
from atiende.server.settings import Settings
from atiende.tests.browser.desk_floor import DeskFloor, desk_floor
from atiende.tests.support.browser import Person, person
from atiende.tests.support.site_on_port import at_browser

pytestmark = pytest.mark.browser
AXE = Path(__file__).parents[2] / ".atiende" / "vendor" / "axe.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PAGES = [route for route in all_routes() if route.page and route.method == "GET" and route.path != "/"]
BASE = "nombre;documento;telefono\nLuz Rodríguez;52318904;3105550140\nÓscar Muñoz;52318905;3105550141\n"


@pytest.fixture
async def desk(settings: Settings) -> AsyncIterator[DeskFloor]:
    async with desk_floor(settings) as made:
        yield made


async def samples(desk: DeskFloor, boss: Person) -> dict[str, str]:
    """A path for each page that has places in its own."""
    await desk.ring("llamada-1", "+573005550199")
    await desk.answer("llamada-1")
    (call,) = await desk.paola.api("GET", "/calls")
    file = {"name": "base.csv", "mimeType": "text/csv", "buffer": BASE.encode()}
    sent = await boss.context.request.post(
        f"{desk.address}/api/v1/bases/uploads", multipart={"file": file, "name": "Mora", "key": "document"}
    )
    assert sent.ok, await sent.text()
    return {
        "/casos/{number:int}": f"/casos/{desk.cases[0]}",
        "/clientes/{id:int}": f"/clientes/{desk.customers[0]}",
        "/llamadas/{id}": f"/llamadas/{call['id']}",
        "/bases/cargas/{job}": f"/bases/cargas/{(await sent.json())['id']}",
        "/campanas/{id:int}/tipificaciones": f"/campanas/{desk.campaign.id}/tipificaciones",
        "/busqueda": "/busqueda?q=luz",
    }


async def violations(page: Page) -> list[str]:
    """What axe finds on the page as it is now."""
    session = await page.context.new_cdp_session(page)
    await session.send("Runtime.evaluate", {"expression": AXE.read_text()})
    found: dict[str, Any] = await page.evaluate("(rules) => axe.run(document, { runOnly: rules })", RULES)
    return [f"{v['impact']} {v['id']}: {node['html'][:160]}" for v in found["violations"] for node in v["nodes"][:3]]


async def look_at(who: Person, paths: list[str]) -> dict[str, list[str]]:
    """The violations of each page, with its menu of the account and its key sheet open, too."""
    found: dict[str, list[str]] = {}
    for path in paths:
        await who.page.goto(who.address + path)
        await who.page.locator("main").wait_for()
        found[path] = await violations(who.page)
    if await who.page.locator("#me-button").count():
        await who.page.locator("#me-button").click()
        found["the menu of the account"] = await violations(who.page)
        await who.page.keyboard.press("Escape")
    return {path: said for path, said in found.items() if said}


def opened_by(role: Role, route: Route) -> bool:
    return route.permission is not None and may(role, route.permission)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_page_passes_axe_for_whoever_may_open_it(desk: DeskFloor, scheme: Any) -> None:
    """WCAG 2.2 AA on every screen, in both themes."""
    browser = desk.paola.context.browser
    assert browser is not None
    ids = {Role.SUPERVISOR: desk.boss.id or 0, Role.ADMIN: await desk.site.user(Role.ADMIN, name="Clara Inés Muñoz")}
    people = {role: await at_browser(browser, desk.site, desk.address, ids[role]) for role in ids}
    people[Role.AGENT] = desk.paola
    known = await samples(desk, people[Role.SUPERVISOR])
    found: dict[str, Any] = {}
    for role, who in people.items():
        await who.page.emulate_media(color_scheme=scheme)
        paths = [known.get(route.path, route.path) for route in PAGES if opened_by(role, route)]
        assert not [path for path in paths if "{" in path], "a page needs a sample"
        found |= {f"{role} {path}": said for path, said in (await look_at(who, paths)).items()}
    nobody = await person(browser, desk.address)
    await nobody.page.emulate_media(color_scheme=scheme)
    found |= await look_at(nobody, ["/ingresar", "/primer-ingreso", "/no-existe"])
    assert found == {}, "\n".join(f"{path}\n    " + "\n    ".join(said) for path, said in found.items())


def test_every_page_with_places_is_looked_at() -> None:
    places = {route.path for route in PAGES if re.search(r"\{", route.path)}
    assert places == {
        "/casos/{number:int}",
        "/clientes/{id:int}",
        "/llamadas/{id}",
        "/bases/cargas/{job}",
        "/campanas/{id:int}/tipificaciones",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_screens_pass_axe_and_need_no_sideways_scrolling(desk: DeskFloor, scheme: Any) -> None:
    """WCAG 2.2 AA in both themes, down to 320 pixels."""
    page = desk.paola.page
    await page.emulate_media(color_scheme=scheme)
    await desk.paola.api("POST", f"/cases/{desk.cases[0]}/open", {})
    for path in [
        "/casos",
        f"/casos/{desk.cases[0]}",
        f"/casos/{desk.cases[3]}",
        f"/clientes/{desk.customers[0]}",
        "/busqueda?q=luz",
    ]:
        await page.set_viewport_size({"width": 1280, "height": 800})
        await desk.paola.go(path)
        assert await violations(page) == [], path
        await page.set_viewport_size({"width": 320, "height": 700})
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
