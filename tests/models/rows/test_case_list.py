"""Sections and the order of X2, page by page, against a real PostgreSQL."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select, update

from atiende.models.campaigns.campaign import CampaignAgent
from atiende.models.cases.case import Case, CaseStatus
from atiende.models.cases.order import order_key
from atiende.models.cases.priorities import Priority
from atiende.models.cases.sections import Section
from atiende.models.cases.viewer import Viewer, viewer
from atiende.models.clock import database_now
from atiende.models.customers.customer import Customer
from atiende.models.customers.names import search_key
from atiende.models.customers.service_states import ServiceState
from atiende.models.permissions import Role
from atiende.models.refused import BadInput
from atiende.models.rows.case_list import list_cases
from atiende.models.rows.values import CaseRow
from atiende.tests.support.floors.sharing import Floor, sharing_floor
from atiende.web.shell import shell


@pytest.fixture
async def floor(database_url: str) -> AsyncIterator[Floor]:
    async with sharing_floor(database_url) as floor:
        yield floor


async def mixed_cases(floor: Floor, count: int, agent: int | None) -> None:
    """Cases with every combination of what the order looks at."""
    dice = random.Random(3)
    campaigns = [await floor.campaign(f"C{n}", priority=n) for n in (1, 5, 9)]
    customers = await floor.customers(count)
    async with floor.house.work() as work:
        rows = []
        for customer in customers:
            campaign = dice.choice(campaigns)
            due = dice.choice([None, None, timedelta(hours=dice.randint(-9, 9))])
            contact = dice.choice([None, timedelta(hours=-dice.randint(1, 3))])
            rows.append(
                {
                    "campaign_id": campaign.id,
                    "campaign_priority": campaign.priority,
                    "customer_id": customer,
                    "agent_id": agent,
                    "priority": dice.randint(1, 4),
                    "due_at": work.now + due if due else None,
                    "last_contact_at": work.now + contact if contact else None,
                    "service_state": dice.choice(list(ServiceState)),
                    "status": dice.choice([CaseStatus.OPEN, CaseStatus.OPEN, CaseStatus.SUSPENDED]),
                }
            )
        await work.session.execute(insert(Case), rows)


def key_of(row: CaseRow, now: object, rotated: dict[int, object]) -> object:
    rank, at = Priority(row.priority).rank, rotated[row.number]
    return order_key(row.next_contact_at, row.campaign.priority, rank, at, row.number, now)  # type: ignore[arg-type]


@pytest.mark.proves("S1-12", "S3-79", "X2")
async def test_pages_walked_to_the_end_are_the_whole_list_in_the_order_of_x2(floor: Floor) -> None:
    """Appointment due, campaign priority, case priority, longest without contact."""
    (agent,) = await floor.people(1)
    await mixed_cases(floor, 120, agent.id)
    who = Viewer(agent.id or 0, Role.SUPERVISOR, None)
    async with floor.house.look() as session:
        now = await database_now(session)
        seen: list[CaseRow] = []
        cursor = None
        while True:
            page = await list_cases(session, who, Section.ASSIGNED, now, cursor=cursor, limit=7)
            seen += page.items
            if (cursor := page.next) is None:
                break
            assert page.as_of == now
        rotated = dict((await session.execute(select(Case.number, Case.last_contact_at))).all())
    assert len(seen) == len({row.number for row in seen}) == 120
    assert seen == sorted(seen, key=lambda row: key_of(row, now, rotated))  # type: ignore[arg-type,return-value]


@pytest.mark.parametrize("section", Section)
async def test_a_list_over_several_campaigns_is_merged_page_by_page(floor: Floor, section: Section) -> None:
    """The pages of every section are its one long page, whatever campaigns its cases are of."""
    (agent,) = await floor.people(1)
    await mixed_cases(floor, 90, agent.id)
    who = Viewer(agent.id or 0, Role.SUPERVISOR, None)
    async with floor.house.work() as work:
        first = select(Case.number).order_by(Case.number).limit(20)
        closing = update(Case).where(Case.number.in_(first.scalar_subquery()))
        await work.session.execute(closing.values(status=CaseStatus.CLOSED, closed_at=func.clock_timestamp()))
    async with floor.house.look() as session:
        now = await database_now(session)
        whole = await list_cases(session, who, section, now, limit=200)
        numbers: list[int] = []
        cursor = None
        while True:
            page = await list_cases(session, who, section, now, cursor=cursor, limit=3)
            numbers += [row.number for row in page.items]
            if (cursor := page.next) is None:
                break
    assert whole.items
    assert numbers == [row.number for row in whole.items]


@pytest.mark.proves("S2-05", "S2-10", "S2-11", "S2-12", "S2-13", "S2-14", "S2-15")
async def test_counters_of_sections_are_the_lengths_of_their_lists(floor: Floor) -> None:
    """Sections are saved filters; what the menu says is what the list has."""
    (agent,) = await floor.people(1)
    await mixed_cases(floor, 90, agent.id)
    async with floor.house.work() as work:
        await work.session.execute(update(Case).where(Case.number % 3 == 0).values(agent_id=None))
        done = {"status": CaseStatus.CLOSED, "closed_at": work.now}
        await work.session.execute(update(Case).where(Case.number % 9 == 0).values(**done))
    who = Viewer(agent.id or 0, Role.SUPERVISOR, None)
    async with floor.house.look() as session:
        now = await database_now(session)
        counts = (await shell(session, who.id, who.role, now, floor.house.time_zone)).counts
        lists = {section.value: (await list_cases(session, who, section, now, limit=200)).items for section in Section}
    assert counts == {section: len(rows) for section, rows in lists.items()}
    assert counts["assigned"] == 60
    shown = {section: {(row.status, row.service_state) for row in rows} for section, rows in lists.items()}
    assert shown["arrears"] == {("open", "in_arrears")}
    assert shown["withdrawn"] == {("open", "withdrawn")}
    assert shown["active"] == {("open", "active")}
    assert {status for status, _ in shown["closed"]} == {"closed"}
    assert all(status == "suspended" or service == "suspended" for status, service in shown["suspended"])
    assert {row.agent.id if row.agent else None for row in lists["assigned"]} == {agent.id}


@pytest.mark.proves("S0-03")
async def test_an_agent_sees_the_cases_of_his_campaigns_only(floor: Floor) -> None:
    """One or several campaigns, and no other."""
    (agent,) = await floor.people(1)
    mine, mine_too, foreign = [await floor.campaign(name) for name in ("Mía", "También", "Ajena")]
    async with floor.house.work() as work:
        for campaign in (mine, mine_too):
            work.session.add(CampaignAgent(campaign_id=campaign.id, user_id=agent.id))
    people = await floor.customers(3)
    for campaign, customer in zip((mine, mine_too, foreign), people, strict=True):
        await floor.cases(campaign, [customer])
    async with floor.house.look() as session:
        now = await database_now(session)
        who = await viewer(session, agent.id or 0, Role.AGENT)
        page = await list_cases(session, who, Section.ACTIVE, now)
    assert {row.campaign.name for row in page.items} == {"Mía", "También"}


@pytest.mark.proves("S0-23")
async def test_names_are_found_by_the_beginnings_of_words_without_marks(floor: Floor) -> None:
    """Apellido and/or Nombre."""
    campaign = await floor.campaign()
    (number,) = await floor.cases(campaign, await floor.customers(1))
    async with floor.house.work() as work:
        customer = (await work.session.execute(select(Customer))).scalar_one()
        customer.full_name, customer.search_key = "Óscar Muñoz Ñáñez", search_key("Óscar Muñoz Ñáñez", "1")
    who = Viewer(0, Role.SUPERVISOR, None)
    async with floor.house.look() as session:
        now = await database_now(session)
        for q, found in [("munoz osc", [number]), ("ÑÁÑEZ", [number]), ("pérez", []), ("':*&|!", [])]:
            page = await list_cases(session, who, Section.ACTIVE, now, q=q)
            assert [row.number for row in page.items] == found, q


@pytest.mark.parametrize("cursor", ["x", "W10", "WzEsMiwzXQ", "", "á"])
async def test_a_cursor_that_is_not_ours_is_refused(floor: Floor, cursor: str) -> None:
    who = Viewer(0, Role.SUPERVISOR, None)
    async with floor.house.look() as session:
        now = await database_now(session)
        if cursor:
            with pytest.raises(BadInput):
                await list_cases(session, who, Section.ACTIVE, now, cursor=cursor)


async def test_a_cursor_of_a_list_in_another_order_is_refused(floor: Floor) -> None:
    """Whoever changes the section begins its list again."""
    await mixed_cases(floor, 30, None)
    who = Viewer(floor.supervisor.id or 0, Role.SUPERVISOR, None)
    async with floor.house.work() as work:
        values = {"status": CaseStatus.CLOSED, "closed_at": work.now}
        await work.session.execute(update(Case).where(Case.number.in_(select(Case.number).limit(10))).values(**values))
    async with floor.house.look() as session:
        now = await database_now(session)
        closed = (await list_cases(session, who, Section.CLOSED, now, limit=3)).next
        assert closed is not None
        with pytest.raises(BadInput):
            await list_cases(session, who, Section.ACTIVE, now, cursor=closed)
