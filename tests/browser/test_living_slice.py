"""The living slice, by hand: an administrator, a supervisor and two agents at four browsers, nothing refreshed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, Route, expect

from atiende.queue.bases.examples.demo_base import Counts, write_base
from atiende.tests.support.browser import PATIENCE, Person, chromium, person, signed_in
from atiende.tests.support.running_atiende import RunningAtiende

pytestmark = pytest.mark.browser

ROWS = 2_000
PASSWORD = "caballo-correcto"
AGENTS = {"paola": "Paola Rincón", "maria": "María Gómez"}
expect.set_options(timeout=PATIENCE)


@dataclass
class Floor:
    """A running Atiende with its people; the browsers stay open from one step to the next."""

    atiende: RunningAtiende
    browser: Browser
    supervisor: Person
    agents: dict[str, Person]
    campaign: int


@pytest.fixture(scope="module")
async def floor() -> AsyncIterator[Floor]:
    with RunningAtiende() as atiende:
        async with chromium() as browser:
            administrator = await first_administrator(browser, atiende)
            for username, name, role in [("hernan", "Hernán Castaño", "supervisor"), *agents()]:
                user = {"username": username, "name": name, "role": role, "password": PASSWORD}
                await administrator.api("POST", "/users", user)
            supervisor = await signed_in(browser, atiende.address, "hernan", PASSWORD)
            people = await supervisor.api("GET", "/users")
            ids = [person["id"] for person in people["items"] if person["role"] == "agent"]
            new = {"name": "Recuperación de mora", "type": "collections", "agents": ids}
            campaign = await supervisor.api("POST", "/campaigns", new)
            at_desks = {name: await signed_in(browser, atiende.address, name, PASSWORD) for name in AGENTS}
            yield Floor(atiende, browser, supervisor, at_desks, campaign["id"])
            for who in (administrator, supervisor, *at_desks.values()):
                assert who.complaints == []


def agents() -> list[tuple[str, str, str]]:
    return [(username, name, "agent") for username, name in AGENTS.items()]


async def first_administrator(browser: Browser, atiende: RunningAtiende) -> Person:
    """The printed link makes the first administrator, once."""
    atiende.until(lambda: bool(links(atiende)), 20)
    who = await person(browser, atiende.address)
    await who.page.goto(links(atiende)[0])
    await who.page.get_by_label("Nombre y apellido").fill("Clara Inés Muñoz")
    await who.page.get_by_label("Usuario").fill("clara")
    await who.page.get_by_label("Contraseña", exact=True).fill(PASSWORD)
    await who.page.get_by_label("La misma, otra vez").fill(PASSWORD)
    await who.page.keyboard.press("Enter")
    await who.page.wait_for_url(lambda url: "primer-ingreso" not in url)
    return who


def links(atiende: RunningAtiende) -> list[str]:
    """The one-time links that were printed."""
    return re.findall(r"http\S+/primer-ingreso\S+", "\n".join(atiende.output))


@pytest.fixture(scope="module")
async def imported(floor: Floor, tmp_path_factory: pytest.TempPathFactory) -> Counts:
    """A base goes in through the page: Archivo, Columnas, Prueba, Carga."""
    path: Path = tmp_path_factory.mktemp("base") / "morosos_noviembre.csv"
    counts = write_base(path, ROWS)
    page = floor.supervisor.page
    await floor.supervisor.go("/bases/subir")
    await page.get_by_label("Nombre de la base").fill("Mora noviembre")
    await page.get_by_label("Campaña que recibe los casos").select_option(label="Recuperación de mora")
    await page.set_input_files("#file", str(path))
    await expect(page.locator("#encoding")).to_have_value(re.compile("1252"))
    await expect(page.locator("#separator")).to_have_value(";")
    await expect(page.locator("#accents")).to_contain_text("ñ")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator('#step-check [data-count="created"]')).to_have_text(grouped(counts.good))
    await page.locator("#run").click()
    await expect(page.locator("#load-percent")).to_have_text(re.compile("100"))
    await expect(page.locator('#step-load [data-count="created"]')).to_have_text(grouped(counts.good))
    return counts


def grouped(number: int) -> str:
    return f"{number:,}".replace(",", ".")


@pytest.mark.proves("S4-02", "S4-12")
async def test_a_messy_windows_1252_base_goes_in_through_the_page_and_imported_is_stored(
    floor: Floor, imported: Counts
) -> None:
    """Accents, `;`, bad phones, quoted line breaks; a reason for every refused row; imported = stored."""
    page = floor.supervisor.page
    refused = sum(imported.refused.values())
    assert imported.good + refused == ROWS
    await expect(page.locator('#step-load [data-count="refused"]')).to_have_text(grouped(refused))
    await expect(page.locator('#step-load [data-count="cases"]')).to_have_text(grouped(imported.good))
    link = await page.locator("#load-report").get_attribute("href")
    report = await floor.supervisor.context.request.get(f"{floor.atiende.address}{link}")
    lines = [line for line in (await report.text()).splitlines() if line.strip()]
    assert len(lines) >= 1 + refused
    accents = await floor.supervisor.api("GET", "/customers?q=munoz&limit=5")
    assert accents["items"] and all("Muñoz" in customer["name"] for customer in accents["items"])


@pytest.fixture(scope="module")
async def assigned(floor: Floor, imported: Counts) -> int:
    """Both desks are open; the supervisor shares out 40 of the cases; how many each got."""
    for who in floor.agents.values():
        await who.go("/casos?seccion=assigned")
        await expect(who.page.locator("#rows li[data-number]")).to_have_count(0)
        await who.mark()
    await share_out(floor, 40)
    return 20


async def share_out(floor: Floor, count: int) -> None:
    people = [p["id"] for p in (await floor.supervisor.api("GET", "/users"))["items"] if p["role"] == "agent"]
    asked = {"campaign": floor.campaign, "filters": [], "records": "unassigned", "max": count, "agents": people}
    await floor.supervisor.api("POST", "/assignments", asked)


@pytest.mark.proves("S0-05", "S0-06", "S2-10", "M-01")
async def test_both_desks_fill_without_refresh(floor: Floor, assigned: int) -> None:
    """Pushed rows with contact data, plan, pressure and why; counters too."""
    for who in floor.agents.values():
        rows = who.page.locator("#rows li[data-number]")
        await expect(rows).to_have_count(assigned)
        first = rows.first
        await expect(first.locator('[data-field="phones"]')).to_contain_text(re.compile(r"\d{3}"))
        for field in ("name", "plan", "service", "why"):
            await expect(first.locator(f'[data-field="{field}"]')).to_have_text(re.compile(r"\w"))
        await expect(who.page.locator('[data-count="assigned"]').first).to_have_text(str(assigned))
        assert await who.was_not_reloaded()


@pytest.mark.proves("S0-07", "S0-08", "S2-16", "S2-17", "S3-02", "S3-03", "S3-28", "X9")
async def test_two_agents_press_atender_on_the_same_free_case_and_one_is_told_who_has_it(
    floor: Floor, assigned: int
) -> None:
    """Then the other sees it held, without refresh."""
    paola, maria = floor.agents["paola"], floor.agents["maria"]
    for who in (paola, maria):
        await who.go("/casos?seccion=active")
    free = await floor.supervisor.api("GET", "/cases?section=active&limit=200")
    number = next(case["number"] for case in free["items"] if case["agent"] is None)
    for who in (paola, maria):
        row = who.page.locator(f'#rows li[data-number="{number}"]')
        await scroll_to(who, number)
        await expect(row).to_be_visible()
    await meet_at(f"**/cases/{number}/open", paola, maria)
    buttons = [who.page.locator(f'#rows li[data-number="{number}"] [data-attend]') for who in (paola, maria)]
    await asyncio.gather(*(button.evaluate("(button) => button.click()") for button in buttons))
    winner, loser = await who_got_it(paola, maria, number)
    name = AGENTS["paola" if winner is paola else "maria"]
    await expect(loser.page.locator("dialog[open]")).to_contain_text(f"{name} tiene este caso")
    await winner.live()
    await expect(winner.page.locator("#statebox")).to_contain_text("EN GESTIÓN")
    await loser.page.keyboard.press("Escape")
    row = loser.page.locator(f'#rows li[data-number="{number}"]')
    await expect(row).to_contain_text(f"Con {name}")
    await expect(row.locator("[data-attend]")).to_be_disabled()
    await winner.page.keyboard.press("Alt+x")
    await winner.page.wait_for_url(re.compile(r"/casos(\?|$)"))
    await expect(winner.page.locator("#statebox")).to_contain_text("EN ESPERA")


async def meet_at(pattern: str, *people: Person) -> None:
    """Hold these people's requests until all have made theirs: nobody sees the other's event before pressing."""
    barrier = asyncio.Barrier(len(people))

    async def wait(route: Route) -> None:
        await barrier.wait()
        await route.continue_()

    for who in people:
        await who.page.route(pattern, wait, times=1)


async def scroll_to(who: Person, number: int) -> None:
    """Bring more rows until the one with this number is there."""
    row = who.page.locator(f'#rows li[data-number="{number}"]')
    for _ in range(40):
        if await row.count():
            await row.scroll_into_view_if_needed()
            return
        await who.page.locator("#rows-box").evaluate("(box) => box.scrollTo(0, box.scrollHeight)")
        await who.page.wait_for_timeout(150)


async def who_got_it(one: Person, two: Person, number: int) -> tuple[Person, Person]:
    """Winner (their screen is the case) and loser (theirs is a dialog)."""
    waiting = {
        asyncio.ensure_future(who.page.wait_for_url(f"**/casos/{number}", timeout=PATIENCE)): who for who in (one, two)
    }
    done, pending = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    winner = waiting[next(iter(done))]
    return winner, two if winner is one else one


@pytest.mark.proves("S0-10", "S0-14", "S0-17", "S0-18", "S1-21", "S1-27", "S3-05", "S3-08", "S3-27", "S3-75", "S3-77")
async def test_a_gestion_by_keyboard_alone_moves_the_row_and_opens_the_next_case(floor: Floor, assigned: int) -> None:
    """Keys only, from the list to the next case."""
    paola = floor.agents["paola"]
    await paola.go("/casos?seccion=assigned")
    first = paola.page.locator("#rows li[data-number]").first
    number = await first.get_attribute("data-number")
    await paola.page.keyboard.press("a")
    await paola.page.wait_for_url(f"**/casos/{number}")
    await paola.live()
    header = paola.page.locator("#casehead")
    for word in (str(number), "Documento", "Cuenta", "Creado", "Paola Rincón", "Recuperación de mora"):
        await expect(header).to_contain_text(word)
    save = paola.page.locator("#save")
    await expect(save).to_be_disabled()
    await expect(save).to_contain_text("falta el resultado")
    await focus_cascade(paola)
    await paola.page.keyboard.press("1")
    await paola.page.keyboard.press("2")
    await paola.page.locator("#observations").focus()
    await paola.page.keyboard.type("Ya pagó el lunes, mostró el recibo")
    await expect(save).to_be_enabled()
    await paola.page.keyboard.press("Control+Enter")
    await paola.page.wait_for_url(
        lambda url: re.search(r"/casos/\d+$", url) is not None and not url.endswith(str(number))
    )
    stored = await floor.supervisor.api("GET", f"/cases/{number}")
    assert (stored["status"], stored["last_result"]) == ("closed", "Ya pagó")
    assert stored["sheet"]["history"][0]["observations"] == "Ya pagó el lunes, mostró el recibo"
    await expect(paola.page.locator("#statebox")).to_contain_text("EN GESTIÓN")
    await paola.page.keyboard.press("Alt+x")
    await paola.page.wait_for_url(re.compile(r"/casos(\?|$)"))
    await expect(paola.page.locator(f'#rows li[data-number="{number}"]')).to_have_count(0)


async def focus_cascade(who: Person) -> None:
    """Tab until the cascade has the focus."""
    for _ in range(60):
        if await who.page.evaluate("document.activeElement?.closest('#cascade') !== null"):
            return
        await who.page.keyboard.press("Tab")
    raise AssertionError("Tab never reached the cascade")


@pytest.mark.proves("S2-23", "S2-25", "M-03")
async def test_contacts_counted_on_one_screen_climb_in_colour_on_the_others(floor: Floor, assigned: int) -> None:
    """Number, colour and word on a colleague's and a supervisor's list; the row goes to the end."""
    maria = floor.agents["maria"]
    await maria.go("/casos?seccion=assigned")
    await maria.mark()
    first = maria.page.locator("#rows li[data-number]").first
    number = await first.get_attribute("data-number")
    sheet = (await floor.supervisor.api("GET", f"/cases/{number}"))["sheet"]
    phone = next(point["id"] for point in sheet["customer"]["contact_points"] if point["kind"] == "mobile")
    row = maria.page.locator(f'#rows li[data-number="{number}"]')
    for count, look in [(1, "p1"), (2, "p1"), (3, "p2"), (4, "p2"), (5, "p3")]:
        await floor.supervisor.api("POST", f"/cases/{number}/attempts", {"channel": "call", "contact_point_id": phone})
        await expect(row.locator(".press .p").first).to_have_text(re.compile(rf"{count}\s*$"))
        await expect(row.locator(".press .p").first).to_have_class(re.compile(rf"\b{look}\b"))
    await expect(row).to_contain_text("Alta")
    await expect(maria.page.locator("#rows li[data-number]").last).to_have_attribute("data-number", str(number))
    assert await maria.was_not_reloaded()


@pytest.mark.proves("M-02", "M-06")
async def test_the_wall_board_follows_without_refresh(floor: Floor, assigned: int) -> None:
    """Agents with state, reason and time, campaigns with what was worked, within a second or two."""
    board, maria = floor.supervisor, floor.agents["maria"]
    await board.page.set_viewport_size({"width": 1920, "height": 1080})
    await board.page.goto(floor.atiende.address + "/tablero")
    await board.mark()
    await expect(board.page.locator("#w-live")).to_contain_text("en vivo")
    tile = board.page.locator("#w-agents > *", has_text="María")
    await expect(tile).to_contain_text("Espera")
    await maria.api("POST", "/agents/me/state", {"state": "paused", "reason": "lunch"})
    await expect(tile).to_contain_text("Almuerzo")
    await maria.api("POST", "/agents/me/state", {"state": "waiting"})
    await expect(tile).to_contain_text("Espera")
    await expect(board.page.locator("#w-dispositions")).to_have_text("1")
    await expect(board.page.locator("#w-campaigns")).to_contain_text("Recuperación de mora")
    assert await board.was_not_reloaded()
