"""The agent's screens by hand and keyboard: the list, the case, the ficha, the pop."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from playwright.async_api import Page, WebSocketRoute, expect
from sqlalchemy import delete, update

from atiende.models.campaigns.campaign import CampaignAgent
from atiende.models.cases.case import Case, CaseStatus
from atiende.models.people.agent import Agent, State
from atiende.queue.campaigns.campaigns import change_campaign
from atiende.queue.campaigns.form import CampaignChanges
from atiende.queue.cases.taking import open_for_call
from atiende.queue.customers.customers import correct_customer
from atiende.queue.people import agents
from atiende.realtime.line.listener import Close
from atiende.server.settings import Settings
from atiende.tests.browser.desk_floor import HOME_PHONE, DeskFloor, desk_floor, level_one
from atiende.tests.support.browser import PATIENCE

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE)
AXE = Path(__file__).parents[2] / ".atiende" / "vendor" / "axe.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture
async def desk(settings: Settings) -> AsyncIterator[DeskFloor]:
    async with desk_floor(settings) as made:
        yield made
        assert made.paola.complaints == []


async def take_first(desk: DeskFloor) -> Page:
    """Paola presses A on her list; the page of her case."""
    await desk.paola.go("/casos")
    await desk.paola.page.keyboard.press("a")
    await desk.paola.page.wait_for_url(re.compile(r"/casos/\d+$"))
    await desk.paola.live()
    return desk.paola.page


@pytest.mark.proves("S2-10", "M-01")
async def test_what_arrives_waits_while_the_list_is_read_and_comes_with_home(desk: DeskFloor) -> None:
    """Nothing moves under the hand, and nothing needs a refresh."""
    page = desk.paola.page
    await desk.paola.go("/casos")
    await expect(page.locator("#rows li[data-number]")).to_have_count(2)
    await page.keyboard.press("j")
    await page.keyboard.press("q")
    await expect(page.locator("#why")).to_contain_text("Nunca contactado: va antes que los ya contactados")
    await page.keyboard.press("Escape")
    await expect(page.locator("#why")).to_be_hidden()
    await desk.give(*desk.cases[2:4])
    await expect(page.locator("#arrived")).to_contain_text("2 casos nuevos")
    await expect(page.locator("#rows li[data-number]")).to_have_count(2)
    await page.keyboard.press("Home")
    await expect(page.locator("#rows li[data-number]")).to_have_count(4)
    await expect(page.locator("#rows li.new")).to_have_count(2)
    await desk.give(desk.cases[4])
    await expect(page.locator("#rows li[data-number]")).to_have_count(5)


@pytest.mark.proves("S0-23", "S0-25", "S0-26", "S0-27")
async def test_the_filter_of_the_screen_and_the_search_of_the_base_are_two_things(desk: DeskFloor) -> None:
    """One looks at what is loaded, the other at everybody; both say so."""
    page = desk.paola.page
    await desk.paola.go("/casos")
    place, rows = [await page.locator(part).bounding_box() for part in ("#screen-q", "#rows-box")]
    assert place and rows and page.viewport_size
    assert place["x"] > page.viewport_size["width"] / 2
    assert place["y"] + place["height"] < rows["y"]
    await page.keyboard.press("f")
    await page.keyboard.type("munoz")
    await expect(page.locator("#rows li[data-number]:visible")).to_have_count(1)
    await page.keyboard.press("Control+a")
    await page.keyboard.type("peñaloza")
    await expect(page.get_by_text("Nadie en pantalla se llama «peñaloza»")).to_be_visible()
    await page.get_by_role("button", name="Buscar en toda la base").click()
    await expect(page.locator("#whole-base-found a")).to_contain_text("Íngrid Peñaloza")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await page.wait_for_url(re.compile(r"/clientes/\d+$"))


@pytest.mark.proves("S0-02", "S0-04", "S2-04")
async def test_the_operator_begins_at_his_cases_with_a_menu_of_his_own(desk: DeskFloor) -> None:
    """He starts at the list; sections by state under Call Center Operador."""
    page = desk.paola.page
    await page.goto(desk.paola.address + "/")
    await page.wait_for_url(re.compile(r"/casos"))
    rail = page.locator("nav.rail")
    await expect(rail).to_contain_text("Call Center Operador")
    for section in ("Mis asignados", "Suspendidos", "Morosos", "Retirados", "Activos", "Cerrados"):
        await rail.get_by_role("link", name=section).click()
        await expect(page.locator("h1")).to_have_text(section)
    for hidden in ("Campañas", "Asignaciones", "Usuarios", "Subir base"):
        await expect(rail.get_by_role("link", name=hidden)).to_have_count(0)


@pytest.mark.proves("S0-24")
async def test_the_list_on_screen_is_filtered_by_the_last_result(desk: DeskFloor) -> None:
    """By Resultado de la Gestión, on what is loaded."""
    page = await take_first(desk)
    number = page.url.rpartition("/")[2]
    await page.keyboard.press("3")
    await page.locator("#observations").fill("Nadie contestó")
    await page.keyboard.press("Control+Enter")
    await page.wait_for_url(re.compile(rf"/casos/(?!{number}$)\d+$"))
    await desk.paola.live()
    await page.keyboard.press("Alt+x")
    await page.wait_for_url(re.compile(r"/casos(\?|$)"))
    await desk.paola.live()
    rows = page.locator("#rows li[data-number]:visible")
    await expect(rows).to_have_count(2)
    await page.locator("#screen-result").select_option(label="Sin contacto")
    await expect(rows).to_have_count(1)
    await expect(rows).to_have_attribute("data-number", number)


@pytest.mark.proves("S0-09", "S0-18", "S0-21", "S3-04", "S3-72", "X18")
async def test_a_case_is_finished_by_keyboard_and_the_next_one_opens(desk: DeskFloor) -> None:
    """The button says what is missing; only a comment leaves a case open; after the last case she is EN ESPERA."""
    async with desk.site.house.work() as work:
        others = update(Case).where(Case.number.in_(desk.cases[2:]))
        await work.session.execute(others.values(status=CaseStatus.CLOSED, closed_at=work.now))
    page = await take_first(desk)
    places = [await page.locator(part).bounding_box() for part in ("#casehead", ".casebody .left", "#gestion")]
    head, left, form = [place or {} for place in places]
    assert head["y"] + head["height"] <= min(left["y"], form["y"]) and left["x"] + left["width"] <= form["x"]
    await expect(page.locator("#statebox")).to_contain_text("EN GESTIÓN")
    await expect(page.locator("[data-principal] .big").first).to_contain_text("310")
    save = page.locator("#save")
    await expect(save).to_contain_text("Guardar y siguiente: falta el resultado")
    await expect(save).to_be_disabled()
    await page.keyboard.press("1")
    await expect(page.locator("#cascade .step").first).to_contain_text((await level_one(desk.site, desk.campaign))[0])
    await expect(save).to_be_enabled()
    await page.keyboard.press("Control+Enter")
    await page.wait_for_url(f"**/casos/{desk.cases[1]}")
    await desk.paola.live()
    await page.get_by_text("Solo comentario").click()
    await expect(save).to_contain_text("falta el comentario")
    await page.locator("#observations").fill("Llamar otro día: dijo «mañana».")
    await page.keyboard.press("Control+Enter")
    await page.wait_for_url(re.compile(r"/casos$"))
    await expect(page.locator("#statebox")).to_contain_text("EN ESPERA")
    finished, commented = [await desk.paola.api("GET", f"/cases/{number}") for number in desk.cases[:2]]
    assert (finished["status"], commented["status"]) == ("closed", "open")
    (said,) = commented["sheet"]["history"]
    assert (said["observations"], said["finished"]) == ("Llamar otro día: dijo «mañana».", False)


async def test_the_case_one_has_open_stays_in_view_of_who_is_taken_off_its_campaign(desk: DeskFloor) -> None:
    """Of two cases of hers the one she works stays on her list, by itself and after a reload."""
    page = await take_first(desk)
    number = page.url.rsplit("/", 1)[1]
    await desk.paola.go("/casos")
    rows = page.locator("#rows li[data-number]")
    await expect(rows).to_have_count(2)
    async with desk.site.house.work(desk.boss) as work:
        await change_campaign(work, desk.campaign.id, CampaignChanges(agents=[]))
    await expect(rows).to_have_count(1)
    await expect(rows).to_have_attribute("data-number", number)
    await desk.paola.go("/casos")
    await expect(rows).to_have_attribute("data-number", number)
    await expect(page.locator('[data-count="assigned"]').first).to_have_text("1")
    await desk.paola.go(f"/casos/{number}")
    await page.keyboard.press("Alt+x")
    await page.wait_for_url(re.compile(r"/casos$"))
    await expect(rows).to_have_attribute("data-number", number)


@pytest.mark.proves("S3-73")
async def test_what_was_typed_outlives_a_reload_and_a_lost_connection_and_is_saved_once(desk: DeskFloor) -> None:
    """The draft stays on this machine until it is saved."""
    page = await take_first(desk)
    number = int(page.url.rsplit("/", 1)[1])
    await page.get_by_text("Solo comentario").click()
    await page.locator("#observations").fill("Pidió la factura de octubre; ñandú.")
    for tab in ("Alt+2", "Alt+3", "Alt+4", "Alt+1"):
        await page.keyboard.press(tab)
        await expect(page.locator("#observations")).to_have_value("Pidió la factura de octubre; ñandú.")
    await page.reload()
    await expect(page.locator("#observations")).to_have_value("Pidió la factura de octubre; ñandú.")
    await desk.paola.live()
    await desk.paola.context.set_offline(True)
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#save-error")).to_contain_text("Sin conexión")
    await expect(page.locator("#observations")).to_have_value("Pidió la factura de octubre; ñandú.")
    await desk.paola.context.set_offline(False)
    before = page.url
    await page.keyboard.press("Control+Enter")
    await page.wait_for_url(lambda url: url != before)
    case = await desk.paola.api("GET", f"/cases/{number}")
    said = [row["observations"] for row in case["sheet"]["history"] if row["kind"] == "disposition"]
    assert said == ["Pidió la factura de octubre; ñandú."]


@pytest.mark.proves("S0-11", "S2-09", "S3-13", "S3-14", "S3-49", "S3-61", "M-03")
async def test_a_contact_registered_climbs_at_once_and_one_more_datum_is_added(desk: DeskFloor) -> None:
    """The count beside its medium, the history and the new datum, without refresh."""
    page = await take_first(desk)
    await page.get_by_role("button", name=re.compile("Registrar llamada")).first.click()
    await expect(page.locator('[data-pressure] [data-medium="call"]')).to_contain_text("1")
    await expect(page.locator('[data-pressure] [data-field="level"]')).to_contain_text("Baja, 1 en total")
    for history in ("[data-latest]", "[data-history]"):
        await expect(page.locator(history)).to_contain_text("Llamada")
    await page.get_by_role("button", name="Opciones").click()
    await page.get_by_role("menuitem", name="Agregar dato de contacto").click()
    dialog = page.get_by_role("dialog", name="Agregar dato de contacto")
    await dialog.get_by_label("Tipo").select_option(label="Correo")
    await dialog.get_by_label("Dato", exact=True).fill("luz@correo.example")
    await dialog.get_by_role("button", name="Guardar").click()
    await expect(dialog).to_be_hidden()
    await expect(page.locator("[data-points]")).to_contain_text("luz@correo.example")


@pytest.mark.proves("S0-28", "S0-29", "S0-30", "S0-31", "S1-24", "S3-46")
async def test_the_ficha_is_edited_and_two_hands_are_told_of_each_other(desk: DeskFloor) -> None:
    """Nothing is kept before Guardar; what another saved meanwhile is shown and chosen."""
    page, customer = desk.paola.page, desk.customers[0]
    await desk.paola.go("/casos")
    name = page.locator(f'#rows li[data-number="{desk.cases[0]}"] .name')
    red, green, blue = re.findall(r"\d+", await name.evaluate("(link) => getComputedStyle(link).color"))[:3]
    assert int(blue) > max(int(red), int(green))
    await name.click()
    await page.wait_for_url(f"**/clientes/{customer}")
    await desk.paola.live()
    city = page.get_by_label("Ciudad")
    await expect(city).not_to_be_editable()
    await page.get_by_role("button", name="Editar").click()
    await city.fill("Medellín")
    assert (await desk.paola.api("GET", f"/customers/{customer}"))["city"] == ""
    await desk.paola.api("PATCH", f"/customers/{customer}", {"city": "Cali"})
    await page.get_by_role("button", name="Guardar").first.click()
    await expect(page.get_by_text("Otra persona cambió estos datos.")).to_be_visible()
    await page.get_by_role("button", name="Dejar el mío").click()
    await expect(page.get_by_text("Datos del cliente guardados.")).to_be_visible()
    assert (await desk.paola.api("GET", f"/customers/{customer}"))["city"] == "Medellín"


@pytest.mark.proves("S3-09", "S4-78", "S4-79", "S4-81", "M-05")
async def test_one_of_several_callers_is_chosen_by_a_key_and_his_case_opens(desk: DeskFloor) -> None:
    """The pop takes no focus, and answering opens the case by itself."""
    page = desk.paola.page
    await desk.paola.go("/casos")
    await page.locator("#screen-q").focus()
    await desk.ring("a", HOME_PHONE)
    await expect(page.locator("#pop")).to_contain_text("2 clientes tienen este teléfono")
    await expect(page.locator("#screen-q")).to_be_focused()
    await page.locator("#screen-q").blur()
    await page.keyboard.press("2")
    await expect(page.locator("#pop h2")).to_have_text(re.compile("Luz Rodríguez|Óscar Muñoz"))
    chosen = await page.locator("#pop h2").inner_text()
    await desk.answer("a")
    await page.wait_for_url(re.compile(r"/casos/\d+$"))
    await expect(page.locator("h1")).to_have_text(chosen)
    await expect(page.locator("#gestion #cascade .opt").first).to_be_visible()
    await expect(page.locator("#edit-customer")).to_have_count(1)
    await expect(page.locator("#statebox")).to_contain_text("EN LLAMADA")
    await desk.hang_up("a")
    await expect(page.locator("#statebox")).to_contain_text("EN GESTIÓN")


async def test_on_a_case_the_digits_are_the_results_and_choose_who_calls_only_in_the_pop(desk: DeskFloor) -> None:
    """No key means one thing or another by whether a level happens to be open."""
    page = await take_first(desk)
    await desk.ring("a", HOME_PHONE)
    pop = page.locator("#pop")
    await expect(pop).to_contain_text("2 clientes tienen este teléfono")
    keys = pop.locator(".cand kbd")
    await expect(keys.first).to_be_hidden()
    steps, options = page.locator("#cascade .step"), page.locator("#cascade .opt")
    levels = 0
    while await options.count():
        await page.keyboard.press("1")
        levels += 1
        await expect(steps).to_have_count(levels)
    await page.keyboard.press("1")
    await page.keyboard.press("2")
    await expect(pop).to_contain_text("2 clientes tienen este teléfono")
    await pop.locator(".cand").first.focus()
    await expect(keys.first).to_be_visible()
    await page.keyboard.press("2")
    await expect(pop.locator("h2")).to_have_text(re.compile("Luz Rodríguez|Óscar Muñoz"))
    await expect(steps).to_have_count(levels)


@pytest.mark.proves("S4-80")
async def test_an_unknown_caller_becomes_a_customer_with_a_case(desk: DeskFloor) -> None:
    """The empty form opens with the number; a pop that rings no more goes away."""
    page = desk.paola.page
    await desk.paola.go("/casos")
    await desk.ring("gone", "+573009990000")
    await expect(page.locator("#pop")).to_contain_text("Número desconocido")
    await desk.hang_up("gone")
    await expect(page.locator("#pop")).to_be_hidden()
    await desk.ring("stays", "+573175550166")
    await desk.answer("stays")
    await page.wait_for_url(re.compile(r"/llamadas/"))
    await expect(page.get_by_label("Teléfono")).to_have_value(re.compile("317"))
    await page.get_by_label("Primer nombre").fill("Rocío")
    await page.get_by_label("Primer apellido").fill("Bermúdez")
    await page.get_by_role("button", name="Buscar coincidencias").click()
    await expect(page.get_by_text("Nadie en la base coincide.")).to_be_visible()
    await page.keyboard.press("Control+Enter")
    await page.wait_for_url(re.compile(r"/casos/\d+$"))
    await expect(page.locator("h1")).to_have_text("Rocío Bermúdez")


async def test_an_impatient_hand_makes_one_customer_of_an_unknown_caller(desk: DeskFloor) -> None:
    """Pressed twice, the form acts once; so does the pop."""
    page = desk.paola.page
    await desk.paola.go("/casos")
    await desk.ring("one", "+573175550166")
    await page.locator("#pop-first_name").fill("Jacinta")
    await page.get_by_role("button", name="Crear cliente").evaluate("(button) => { button.click(); button.click(); }")
    await expect(page.locator("#pop h2")).to_have_text("Jacinta")
    await desk.hang_up("one")
    await desk.ring("two", "+573175550177")
    await desk.answer("two")
    await page.wait_for_url(re.compile(r"/llamadas/"))
    await page.get_by_label("Primer nombre").fill("Rocío")
    save = page.get_by_role("button", name="Guardar y abrir el caso")
    await save.evaluate("(button) => { button.click(); button.click(); }")
    await page.wait_for_url(re.compile(r"/casos/\d+$"))
    for name in ("Jacinta", "Rocío"):
        answer = await page.request.get(f"{desk.address}/api/v1/customers", params={"q": name})
        assert [customer["name"] for customer in (await answer.json())["items"]] == [name]


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


async def test_a_pause_is_asked_for_and_taken_back_by_the_menu_of_the_state(desk: DeskFloor) -> None:
    """The reasons are asked for when the menu opens, and the first entry has the focus."""
    page = await take_first(desk)
    for entry, then in (("Almuerzo", "luego Almuerzo"), ("Quitar la pausa pedida", "EN GESTIÓN")):
        await page.locator("#state").focus()
        await page.keyboard.press("ArrowDown")
        await expect(page.locator("#statebox [role=menuitem]").first).to_be_focused()
        await page.locator("#statebox [role=menuitem]", has_text=entry).click()
        await expect(page.locator("#statebox")).to_contain_text(then)
    await expect(page.locator("#statebox")).not_to_contain_text("luego")


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


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_screens_pass_axe_and_need_no_sideways_scrolling(desk: DeskFloor, scheme: str) -> None:
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
        session = await page.context.new_cdp_session(page)
        await session.send("Runtime.evaluate", {"expression": AXE.read_text()})
        found = await page.evaluate("(rules) => axe.run(document, { runOnly: rules })", RULES)
        assert [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == [], path
        await page.set_viewport_size({"width": 320, "height": 700})
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
