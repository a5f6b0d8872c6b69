"""The agent's screens by hand and keyboard: the list, the case, the customer."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect
from sqlalchemy import update

from atiende.models.cases.case import Case, CaseStatus
from atiende.queue.campaigns.form import CampaignChanges
from atiende.queue.campaigns.lifecycle import change_campaign
from atiende.tests.browser.desk_floor import DeskFloor, level_one
from atiende.tests.support.browser import PATIENCE

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE)


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
    """The agent starts at the list; sections by state under Call Center Operador."""
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
    page = await desk.take_first()
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
    page = await desk.take_first()
    places = [await page.locator(part).bounding_box() for part in ("#casehead", ".casebody .case-left", "#gestion")]
    head, left, form = [place or {} for place in places]
    assert head and left and form
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
    page = await desk.take_first()
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
    page = await desk.take_first()
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
    page = await desk.take_first()
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
    assert int(blue) - max(int(red), int(green)) > 40, "blue, and not the ink of other words"
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
    asked = page.get_by_role("alertdialog", name="Otra persona cambió lo mismo")
    await expect(asked).to_contain_text("Paola Rincón")
    await asked.get_by_role("radio", name="Medellín").check()
    await asked.get_by_role("button", name="Guardar lo elegido").click()
    await expect(page.get_by_text("Datos del cliente guardados.")).to_be_visible()
    assert (await desk.paola.api("GET", f"/customers/{customer}"))["city"] == "Medellín"


async def test_a_pause_is_asked_for_and_taken_back_by_the_menu_of_the_state(desk: DeskFloor) -> None:
    """The reasons are asked for when the menu opens, and the first entry has the focus."""
    page = await desk.take_first()
    for entry, then in (("Almuerzo", "luego Almuerzo"), ("Quitar la pausa pedida", "EN GESTIÓN")):
        await page.locator("#state").focus()
        await page.keyboard.press("ArrowDown")
        await expect(page.locator("#statebox [role=menuitem]").first).to_be_focused()
        await page.locator("#statebox [role=menuitem]", has_text=entry).click()
        await expect(page.locator("#statebox")).to_contain_text(then)
    await expect(page.locator("#statebox")).not_to_contain_text("luego")
