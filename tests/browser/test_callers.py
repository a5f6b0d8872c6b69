"""The screen pop: who calls is said without taking the focus, and their case opens."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect
from sqlalchemy import select

from atiende.models.calls.call import Call
from atiende.tests.browser.desk_floor import HOME_PHONE, DeskFloor
from atiende.tests.support.browser import PATIENCE
from atiende.tests.support.pbx.ears import eventually

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE)


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
    await expect(page.locator("[data-latest]")).to_contain_text("nos llamó")
    await desk.hang_up("a")
    await expect(page.locator("#statebox")).to_contain_text("EN GESTIÓN")


async def test_a_call_that_ended_leaves_the_bar_and_the_next_one_is_the_one_that_is_hung_up(desk: DeskFloor) -> None:
    """No dead call with a running timer; F4 on the next call reaches the call that goes on."""
    page = desk.paola.page
    await desk.paola.go("/casos")
    hung_up: list[str] = []
    page.on("request", lambda sent: hung_up.append(sent.url) if sent.url.endswith("/hangup") else None)
    for call in ("first", "second"):
        await desk.ring(call, HOME_PHONE)
        await desk.answer(call)
        await expect(page.get_by_role("button", name="Colgar")).to_be_visible()
        if call == "first":
            await desk.hang_up(call)
            await expect(page.get_by_role("button", name="Colgar")).to_have_count(0)
    await page.keyboard.press("F4")
    async with desk.site.house.look() as session:
        second = (await session.execute(select(Call.id).where(Call.pbx_call == "second"))).scalar_one()
    await eventually(lambda: hung_up != [])
    assert hung_up == [f"{desk.address}/api/v1/calls/{second}/hangup"]


async def test_on_a_case_the_digits_are_the_results_and_choose_who_calls_only_in_the_pop(desk: DeskFloor) -> None:
    """No key means one thing or another by whether a level happens to be open."""
    page = await desk.take_first()
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
