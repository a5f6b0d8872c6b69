"""An agent at a browser with some cases, for the tests of the agent's screens."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from playwright.async_api import Page
from sqlalchemy import insert, select, update

from atiende.models.campaigns.campaign import ResultNode
from atiende.models.cases.case import Case
from atiende.models.contact.channels import ContactKind
from atiende.models.customers.customer import Account, ContactPoint, Customer
from atiende.models.customers.names import full_name, search_key, sort_key
from atiende.models.permissions import Role
from atiende.models.rows.campaign import CampaignRow
from atiende.models.rows.case import case_row
from atiende.queue.calls import answering, ending, known_calls, ringing
from atiende.queue.people import agents
from atiende.queue.work import Actor
from atiende.realtime.events import CaseAssigned
from atiende.server.settings import Settings
from atiende.tests.support.browser import Person, chromium
from atiende.tests.support.client import Site
from atiende.tests.support.floors.sharing import Floor
from atiende.tests.support.site_on_port import at_browser, served

NAMES = [("Luz", "Rodríguez"), ("Óscar", "Muñoz"), ("José", "Güiza"), ("Íngrid", "Peñaloza"), ("Diana", "Quiñones")]
HOME_PHONE = "+576015557730"  # the first two customers share it
EXTENSION = "1042"


@dataclass
class DeskFloor:
    """Paola's screen; five customers with one case each; `boss` gives cases."""

    site: Site
    floor: Floor
    address: str
    paola: Person
    paola_id: int
    boss: Actor
    campaign: CampaignRow
    customers: list[int]
    cases: list[int]

    async def give(self, *numbers: int) -> None:
        """The boss gives these cases to Paola, one by one."""
        async with self.site.house.work(self.boss) as work:
            for number in numbers:
                given = {"agent_id": self.paola_id, "assigned_at": work.now, "assigned_by": self.boss.id}
                await work.session.execute(
                    update(Case).where(Case.number == number).values(**given, version=Case.version + 1)
                )
                row = await case_row(work.session, number, work.now)
                work.tell(CaseAssigned(at=work.now, case=row, by=self.boss.named))

    async def take_first(self) -> Page:
        """Paola presses A on her list; the page of her case."""
        await self.paola.go("/casos")
        await self.paola.page.keyboard.press("a")
        await self.paola.page.wait_for_url(re.compile(r"/casos/\d+$"))
        await self.paola.live()
        return self.paola.page

    async def ring(self, call: str, number: str) -> None:
        """Paola's phone rings."""
        async with self.site.house.work() as work:
            heard = await known_calls.hear_of_call(work, "main", call, "inbound", (number, ""), "cobranza")
            assert heard is not None
            await ringing.ring(work, heard, EXTENSION)

    async def answer(self, call: str) -> None:
        """She answers."""
        async with self.site.house.work() as work:
            found = await known_calls.find_call(work, "main", call)
            assert found is not None
            await answering.answer(work, found, self.paola_id)

    async def hang_up(self, call: str) -> None:
        """The call ends, as a PBX says it: first her part, then the call."""
        for part in (partial(ending.leave_call, agent_id=self.paola_id), partial(ending.end, cause=16)):
            async with self.site.house.work() as work:
                found = await known_calls.find_call(work, "main", call)
                assert found is not None
                await part(work, found)


@asynccontextmanager
async def desk_floor(settings: Settings) -> AsyncIterator[DeskFloor]:
    """The floor, with Paola EN ESPERA and two cases hers."""
    async with served(settings) as (site, address), chromium() as browser:
        boss = Actor(await site.user(Role.SUPERVISOR, name="Hernán Castaño"), "Hernán Castaño", Role.SUPERVISOR)
        paola_id = await site.user(Role.AGENT, name="Paola Rincón", extension=EXTENSION)
        floor = Floor(site.house, supervisor=boss)
        paola = Actor(paola_id, "Paola Rincón", Role.AGENT)
        campaign = await floor.campaign("Mora", [paola], type="collections", queue="cobranza")
        customers, cases = await _people(site, campaign)
        async with site.house.work() as work:
            await agents.sign_in(work, paola_id)
        person = await at_browser(browser, site, address, paola_id)
        made = DeskFloor(site, floor, address, person, paola_id, boss, campaign, customers, cases)
        await made.give(*cases[:2])
        yield made
        await person.context.close()


async def _people(site: Site, campaign: CampaignRow) -> tuple[list[int], list[int]]:
    customers, cases = [], []
    async with site.house.work() as work:
        for place, (first, surname) in enumerate(NAMES):
            document, name = str(52318900 + place), full_name(first, "", surname, "")
            values: dict[str, Any] = {"document_type": "CC", "document": document, "first_name": first}
            values |= {"first_surname": surname, "full_name": name, "search_key": search_key(name, document)}
            customer = Customer(**values, sort_key=sort_key(first, "", surname, ""))
            work.session.add(customer)
            await work.session.flush()
            phones = [(ContactKind.MOBILE, f"+57310555014{place}"), (ContactKind.EMAIL, f"c{place}@correo.example")]
            phones += [(ContactKind.LANDLINE, HOME_PHONE)] if place < 2 else []
            points = [
                ContactPoint(customer_id=customer.id, kind=k, value=v, position=i) for i, (k, v) in enumerate(phones)
            ]
            account = Account(customer_id=customer.id, number=f"104822{place}", plan="Hogar 300")
            work.session.add_all([*points, account])
            await work.session.flush()
            case = {"campaign_id": campaign.id, "campaign_priority": 5, "customer_id": customer.id}
            number = await work.session.scalar(
                insert(Case).values(**case, account_id=account.id).returning(Case.number)
            )
            customers.append(customer.id)
            cases.append(number or 0)
    return customers, cases


async def level_one(site: Site, campaign: CampaignRow) -> list[str]:
    """Names of the campaign's results of level 1, in their order."""
    async with site.house.look() as session:
        nodes = select(ResultNode.name).where(ResultNode.campaign_id == campaign.id, ResultNode.parent_id.is_(None))
        return list(await session.scalars(nodes.order_by(ResultNode.position, ResultNode.id)))
