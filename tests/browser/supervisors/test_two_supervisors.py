"""Two people with the same form open: nothing is overwritten unseen, and where both changed the same one chooses."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.async_api import Page, expect
from sqlalchemy import update

from atiende.models.campaigns.campaign import Campaign
from atiende.models.contact.rule_pack import RulePack
from atiende.models.permissions import Role
from atiende.server.settings import Settings
from atiende.tests.support.browser import PATIENCE, Person, chromium
from atiende.tests.support.client import Site
from atiende.tests.support.site_on_port import at_browser, served

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE)
OTHER = re.compile(r"Hernán Castaño, \d\d:\d\d")


@dataclass
class Pair:
    """Two administrators at their browsers: what an administrator may open, both may."""

    site: Site
    one: Person
    other: Person


@pytest.fixture
async def pair(settings: Settings) -> AsyncIterator[Pair]:
    async with served(settings) as (site, address), chromium() as browser:
        bosses = [await site.user(Role.ADMIN, name=name) for name in ("Clara Muñoz", "Hernán Castaño")]
        one, other = [await at_browser(browser, site, address, boss) for boss in bosses]
        yield Pair(site, one, other)
        assert one.complaints == other.complaints == []
        for who in (one, other):
            await who.context.close()


@dataclass
class Form:
    """A form of the product: where it is, and how a hand writes two of its fields and saves."""

    make: Callable[[Pair], Awaitable[str]]  # what it is about; the path of its page
    begin: Callable[[Page], Awaitable[Any]]  # what is pressed before the fields can be written
    both: str  # the label of the field that both write
    mine: str  # the label of the one that only one writes
    values: tuple[str, str, str]  # of the field `both` by the one and by the other, and of `mine`
    save: str = "Guardar"


async def _campaign(pair: Pair) -> str:
    made = await pair.one.api("POST", "/campaigns", {"name": "Mora", "type": "collections"})
    return f"/campanas?campana={made['id']}"


async def _results(pair: Pair) -> str:
    made = await pair.one.api("POST", "/campaigns", {"name": "Mora", "type": "collections"})
    return f"/campanas/{made['id']}/tipificaciones"


async def _pack(pair: Pair) -> str:
    await pair.one.api("POST", "/rule-packs", {"name": "De día", "text": "Ley"})
    return "/reglas"


async def _user(pair: Pair) -> str:
    await pair.site.user(Role.AGENT, name="Paola Rincón")
    return "/usuarios"


async def _customer(pair: Pair) -> str:
    made = await pair.one.api("POST", "/customers", {"first_name": "Luz", "first_surname": "Rojas"})
    return f"/clientes/{made['id']}"


async def _nothing(_page: Page) -> None:
    """The form is open from the start."""


FORMS = {
    "campaigns": Form(
        _campaign, _nothing, "Nombre", "Cola de la central", ("Mora temprana", "Mora tardía", "cobros"), "Guardar"
    ),
    "results": Form(
        _results,
        lambda page: page.locator("#re-tree [role=row]").first.click(),
        "Nombre",
        "Medida",
        ("Habló", "Contestó", "7"),
        "Guardar versión",
    ),
    "rule packs": Form(_pack, _nothing, "Nombre", "Descripción", ("De noche", "De tarde", "Otra ley")),
    "users": Form(
        _user,
        lambda page: page.get_by_role("button", name="Paola Rincón").click(),
        "Nombre y apellido",
        "Interno",
        ("Paola R.", "Paola Andrea", "1001"),
    ),
    "customers": Form(
        _customer,
        lambda page: page.get_by_role("button", name="Editar").first.click(),
        "Primer nombre",
        "Segundo nombre",
        ("Luisa", "Lucía", "Marina"),
    ),
}


async def _write(page: Page, label: str, value: str) -> None:
    field = page.locator("main").get_by_label(label, exact=True)
    await field.fill(value)
    await field.blur()


async def _saved_over(pair: Pair, form: Form) -> Page:
    """Both have the form open; the other saves first, the one writes both fields and saves."""
    path = await form.make(pair)
    for who in (pair.one, pair.other):
        await who.go(path)
        await form.begin(who.page)
    mine, theirs, alone = form.values
    await _write(pair.one.page, form.both, mine)
    await _write(pair.one.page, form.mine, alone)
    await _write(pair.other.page, form.both, theirs)
    await pair.other.page.get_by_role("button", name=form.save).click()
    said = pair.other.page.get_by_role("status").filter(has_text=re.compile(r"Se guardó|guardad"))
    await expect(said.first).to_be_visible()
    await expect(pair.one.page.locator("main")).to_contain_text(re.compile(f"{OTHER.pattern}|Otra persona cambió"))
    await pair.one.page.get_by_role("button", name=form.save).click()
    box = pair.one.page.get_by_role("alertdialog")
    await expect(box).to_contain_text(OTHER)
    await expect(box.get_by_role("button", name="Guardar lo elegido")).to_be_disabled()
    await expect(box.get_by_role("radio")).to_have_count(2)
    return pair.one.page


@pytest.mark.parametrize("name", FORMS)
async def test_who_saves_second_chooses_each_field_and_both_changes_are_kept(pair: Pair, name: str) -> None:
    """The other's value of the field that both wrote stays by choice; what only the one wrote is stored too."""
    form = FORMS[name]
    page = await _saved_over(pair, form)
    _, theirs, alone = form.values
    box = page.get_by_role("alertdialog")
    await box.get_by_role("radio", name=theirs).check()
    await box.get_by_role("button", name="Guardar lo elegido").click()
    await expect(box).to_have_count(0)
    main = page.locator("main")
    await expect(main.get_by_label(form.both, exact=True)).to_have_value(theirs)
    await expect(main.get_by_label(form.mine, exact=True)).to_have_value(alone)
    await page.reload()
    await form.begin(page) if name != "users" else await page.get_by_role("button", name=theirs).click()
    await expect(main.get_by_label(form.both, exact=True)).to_have_value(theirs)
    await expect(main.get_by_label(form.mine, exact=True)).to_have_value(alone)


@pytest.mark.parametrize("name", FORMS)
async def test_the_own_value_may_be_kept_and_going_back_keeps_what_was_written(pair: Pair, name: str) -> None:
    """Back at the form everything written stands there; saving asks again, and the own value wins when chosen."""
    form = FORMS[name]
    page = await _saved_over(pair, form)
    mine, _, alone = form.values
    box = page.get_by_role("alertdialog")
    await box.get_by_role("button", name="Volver al formulario").click()
    main = page.locator("main")
    await expect(main.get_by_label(form.both, exact=True)).to_have_value(mine)
    await expect(main.get_by_label(form.mine, exact=True)).to_have_value(alone)
    await page.get_by_role("button", name=form.save).click()
    await box.get_by_role("radio", name=mine).check()
    await box.get_by_role("button", name="Guardar lo elegido").click()
    await expect(box).to_have_count(0)
    await expect(main.get_by_label(form.both, exact=True)).to_have_value(mine)


async def test_changes_of_different_fields_are_joined_without_a_question(pair: Pair) -> None:
    """Who saves second is told what else stays, by whom; an agent ticked by each is in both."""
    agents = [await pair.site.user(Role.AGENT, name=name) for name in ("Paola Rincón", "Iván Peña")]
    path = await _campaign(pair)
    page = pair.one.page
    await pair.one.go(path)
    await _write(page, "Cola de la central", "cobros")
    await page.get_by_label("Paola Rincón").check()
    number = int(path.rpartition("=")[2])
    await pair.other.api("PATCH", f"/campaigns/{number}", {"priority": 1, "agents": agents[1:]})
    await expect(page.locator("#ca-form")).to_contain_text("Agente Iván Peña")  # said beside the form
    await page.get_by_role("button", name="Guardar").click()
    await expect(page.locator("#toasts")).to_contain_text("Prioridad (1 va primero), Agente Iván Peña")
    (stored,) = (await pair.one.api("GET", "/campaigns"))["items"]
    assert (stored["priority"], stored["queue"]) == (1, "cobros")
    assert sorted(agent["id"] for agent in stored["agents"]) == agents


@pytest.mark.parametrize("table", ["campaigns", "rule packs"])
async def test_a_form_still_asks_when_the_page_has_read_its_things_again(pair: Pair, table: str) -> None:
    """After `resync` the newer version is known, and the form still holds what was written over the older one."""
    kind, name, make = {
        "campaigns": (Campaign, "Mora", _campaign),
        "rule packs": (RulePack, "De día", _pack),
    }[table]
    page = pair.one.page
    await pair.one.go(await make(pair))
    await page.get_by_role("button", name=name).first.click()
    await _write(page, "Nombre", "El mío")
    async with pair.site.house.work() as work:
        changed = update(kind).where(kind.name == name).values(name="El otro", version=kind.version + 1)
        await work.session.execute(changed)
    await pair.site.app.state.web.live.redis.delete("atiende:events:epoch")  # Redis lost what it had
    told = page.locator("main").get_by_role("status").filter(has_text="Otra persona cambió: Nombre")
    await expect(told).to_be_visible()
    await page.get_by_role("button", name="Guardar").click()
    box = page.get_by_role("alertdialog")
    await box.get_by_role("radio", name="El otro").check()
    await box.get_by_role("button", name="Guardar lo elegido").click()
    await expect(page.locator("main").get_by_label("Nombre", exact=True)).to_have_value("El otro")


async def test_a_rule_pack_made_or_renamed_elsewhere_is_in_the_list_at_once(pair: Pair) -> None:
    """Nothing is read again by hand."""
    await pair.one.go("/reglas")
    made = await pair.other.api("POST", "/rule-packs", {"name": "De día"})
    packs = pair.one.page.locator("#ru-packs")
    await expect(packs).to_contain_text("De día")
    await pair.other.api("PATCH", f"/rule-packs/{made['id']}", {"name": "De noche", "version": made["version"]})
    await expect(packs).to_contain_text("De noche")
    await expect(packs).not_to_contain_text("De día")
