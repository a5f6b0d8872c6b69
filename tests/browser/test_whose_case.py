"""Whose a case is and who may take it: said on the row and on the case, before anything is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from playwright.async_api import expect
from sqlalchemy import insert, update

from atiende.models.campaigns.campaign import AssignmentMode, Campaign, CampaignAgent
from atiende.models.cases.case import Appointment, Case
from atiende.models.permissions import Role
from atiende.queue import clock
from atiende.server.settings import Settings
from atiende.tests.browser.desk_floor import DeskFloor, desk_floor
from atiende.tests.support.browser import PATIENCE

pytestmark = pytest.mark.browser
expect.set_options(timeout=PATIENCE)


@pytest.fixture
async def desk(settings: Settings) -> AsyncIterator[DeskFloor]:
    async with desk_floor(settings) as made:
        yield made
        assert made.paola.complaints == []


async def colleague(desk: DeskFloor) -> int:
    """Marta, who works in Paola's campaign."""
    marta = await desk.site.user(Role.AGENT, name="Marta Gil")
    async with desk.site.house.work() as work:
        await work.session.execute(insert(CampaignAgent).values(campaign_id=desk.campaign.id, user_id=marta))
    return marta


async def promise(desk: DeskFloor, number: int, by: timedelta) -> None:
    """An appointment of any agent, so far from now."""
    async with desk.site.house.work(desk.boss) as work:
        at = work.now + by
        await work.session.execute(update(Case).where(Case.number == number).values(due_at=at))
        await work.session.execute(insert(Appointment).values(case_number=number, at=at, created_by=desk.boss.id))


async def test_a_colleagues_case_says_whose_it_is_and_is_only_looked_at(desk: DeskFloor) -> None:
    """No button that is always refused: the row and the case say whose it is; the first is one to take."""
    marta, page = await colleague(desk), desk.paola.page
    theirs, free = desk.cases[2], desk.cases[3]
    async with desk.site.house.work(desk.boss) as work:
        given = {"agent_id": marta, "assigned_at": work.now, "assigned_by": desk.boss.id, "priority": 1}
        await work.session.execute(update(Case).where(Case.number == theirs).values(given))
        mine = Case.number.in_(desk.cases[:2])
        await work.session.execute(update(Case).where(mine).values(agent_id=marta))
    await desk.paola.go("/casos?seccion=active")
    row = page.locator(f'#rows [data-number="{theirs}"]')
    await expect(row.locator("[data-field=why]")).to_have_text("De Marta Gil")
    await expect(row.locator("[data-attend]")).to_have_text("Ver")
    await expect(page.locator(f'#rows [data-number="{free}"] [data-attend]')).to_have_text("Atender")
    await row.locator("[data-attend]").click()
    await page.wait_for_url(f"**/casos/{theirs}")
    await expect(page.locator("#read-only")).to_contain_text("Es de Marta Gil.")
    await expect(page.locator("#attend")).to_be_hidden()
    await desk.give(theirs)
    await expect(page.locator("#attend")).to_be_visible()
    await desk.paola.go("/casos?seccion=active")
    async with desk.site.house.work(desk.boss) as work:
        await work.session.execute(update(Case).where(Case.number == theirs).values(agent_id=marta))
    await desk.paola.go("/casos?seccion=active")
    await page.locator("#attend-first").click()
    await page.wait_for_url(f"**/casos/{free}")


async def test_in_a_directed_campaign_a_free_case_is_not_offered(desk: DeskFloor) -> None:
    page, free = desk.paola.page, desk.cases[3]
    async with desk.site.house.work() as work:
        directed = update(Campaign).where(Campaign.id == desk.campaign.id)
        await work.session.execute(directed.values(assignment_mode=AssignmentMode.DIRECTED))
    await desk.paola.go("/casos?seccion=active")
    await expect(page.locator(f'#rows [data-number="{free}"] [data-attend]')).to_have_text("Ver")
    await desk.paola.go(f"/casos/{free}")
    await expect(page.locator("#read-only")).to_contain_text("los asigna el supervisor")
    await expect(page.locator("#attend")).to_be_hidden()


async def test_who_only_looked_into_a_case_leaves_it_to_everybody(desk: DeskFloor) -> None:
    """Atender and Salir: *Mis asignados* has no more cases than before."""
    page, free = desk.paola.page, desk.cases[3]
    await desk.paola.go(f"/casos/{free}")
    await page.locator("#attend").click()
    await page.locator("#gestion").wait_for()
    await page.keyboard.press("Alt+x")
    await page.wait_for_url("**/casos")
    await desk.paola.live()
    await expect(page.locator("#rows [data-number]")).to_have_count(2)
    assert (await desk.paola.api("GET", f"/cases/{free}"))["agent"] is None


@pytest.mark.proves("S3-79", "X2")
async def test_an_appointment_of_any_agent_comes_first_and_is_told_when_its_hour_comes(desk: DeskFloor) -> None:
    """Above one's own cases, whatever is looked at; *Guardar y siguiente* and A take it first."""
    page, shared = desk.paola.page, desk.cases[4]
    await desk.paola.go("/casos")
    await expect(page.locator("#anybodys")).to_be_hidden()
    await promise(desk, shared, -timedelta(minutes=1))
    await clock.tick(desk.site.house)
    row = page.locator(f'#anybodys [data-number="{shared}"]')
    await expect(row.locator("[data-attend]")).to_have_text("Atender")
    await expect(page.locator(".toast")).to_contain_text("Llegó la hora, de cualquier agente: Diana Quiñones")
    await page.reload()
    await desk.paola.live()
    await expect(row).to_be_visible()
    await page.keyboard.press("a")
    await page.wait_for_url(f"**/casos/{shared}")
    await desk.paola.live()
    await page.keyboard.press("Alt+x")
    await page.wait_for_url("**/casos")
    await desk.paola.live()
    await expect(row).to_be_visible()
    other = await colleague(desk)
    async with desk.site.house.work() as work:
        await work.session.execute(update(Case).where(Case.number == shared).values(agent_id=other))
    await desk.give(desk.cases[3])
    await desk.take_first()
    assert page.url.rsplit("/", 1)[1] != str(shared)
