"""Sharing customers out: equal, at random, complete, and never from under an agent's hands."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from atiende.models.cases.case import Appointment, Case
from atiende.models.customers.service_states import ServiceState
from atiende.models.records import AuditRow
from atiende.models.refused import BadInput, CaseTaken, Conflict, FewerCustomers, NotAllowed
from atiende.queue.campaigns.assignment import Sharing, assign, preview, share, sizes, unassign
from atiende.queue.campaigns.form import CampaignChanges
from atiende.queue.campaigns.lifecycle import change_campaign
from atiende.queue.cases.taking import open_case
from atiende.queue.customers.filter import RULES, Filter, Op, Records
from atiende.queue.customers.search import Search
from atiende.tests.support.floors.sharing import Floor, sharing_floor


@pytest.fixture
async def floor(database_url: str) -> AsyncIterator[Floor]:
    async with sharing_floor(database_url) as made:
        yield made


def one(field: str, op: str, value: str) -> list[Filter]:
    return [Filter(field=field, op=Op(op), value=value)]


@pytest.mark.proves("S4-50", "S4-51")
@given(st.lists(st.integers(), unique=True), st.lists(st.integers(), unique=True, min_size=1), st.randoms())
def test_shares_differ_by_at_most_one_and_nothing_is_lost_or_doubled(
    ids: list[int], agents: list[int], rng: Random
) -> None:
    """Proportional, at random; fewer customers than agents is refused."""
    if len(ids) < len(agents):
        with pytest.raises(FewerCustomers):
            share(ids, agents, rng)
        return
    parts = share(ids, agents, rng)
    counts = {agent: len(part) for agent, part in parts.items()}
    assert list(parts) == agents
    assert sorted(i for part in parts.values() for i in part) == sorted(ids)
    assert max(counts.values()) - min(counts.values()) <= 1
    assert counts == sizes(len(ids), agents)


@pytest.mark.proves("S4-50")
def test_two_dealings_differ() -> None:
    """Who gets whom is chance."""
    dealt = [tuple(share(range(100), [1, 2], Random(seed))[1]) for seed in range(5)]
    assert len(set(dealt)) == 5


@pytest.mark.proves("S4-50")
async def test_a_hundred_customers_among_five_agents_are_twenty_each(floor: Floor) -> None:
    """All of them, in equal parts; who has no case gets one; each case is told."""
    agents = await floor.people(5)
    campaign = await floor.campaign(agents=agents)
    customers = await floor.customers(100)
    await floor.cases(campaign, customers[:40])
    asked = Sharing(campaign=campaign.id, agents=[a.id for a in agents])
    async with floor.work() as work:
        before = await preview(work, asked)
    async with floor.work() as work:
        done = await assign(work, asked)
    cases = await floor.all_cases()
    assert [part.count for part in before.agents] == [part.count for part in done.agents] == [20] * 5
    assert (before.customers, before.created, before.enough) == (100, 60, True)
    assert (done.customers, done.cases, done.created) == (100, 100, 60)
    assert Counter(case.agent_id for case in cases) == {a.id: 20 for a in agents}
    assert {case.customer_id for case in cases} == set(customers)
    told = floor.told("case.assigned")
    assert {event["event"]["case"]["number"] for event in told} == {case.number for case in cases}
    assert (
        f"user:{cases[0].agent_id}"
        in next(e for e in told if e["event"]["case"]["number"] == cases[0].number)["topics"]
    )
    assert await floor.counted() == 100


@pytest.mark.proves("S4-51")
async def test_five_customers_go_to_two_agents_and_not_to_six(floor: Floor) -> None:
    """5 to 2 is 3 and 2; 5 to 6 is refused and nothing is done."""
    agents = await floor.people(6)
    campaign = await floor.campaign(agents=agents)
    await floor.customers(5)
    with pytest.raises(FewerCustomers):
        async with floor.work() as work:
            await assign(work, Sharing(campaign=campaign.id, agents=[a.id for a in agents]))
    assert await floor.all_cases() == []
    async with floor.work() as work:
        done = await assign(work, Sharing(campaign="Mora", agents=[a.id for a in agents[:2]]))
    assert [part.count for part in done.agents] == [3, 2]


async def test_many_rows_are_one_event_for_each_agent(floor: Floor) -> None:
    """Past fifty rows an agent hears one `list.changed` with their own count; supervisors one more."""
    agents = await floor.people(3)
    campaign = await floor.campaign(agents=agents)
    await floor.customers(153)
    async with floor.work() as work:
        await assign(work, Sharing(campaign=campaign.id, agents=[a.id for a in agents[:2]]))
    told = [(event["topics"], event["event"]["count"]) for event in floor.told("list.changed")]
    assert floor.told("case.assigned") == []
    assert told == [
        ([f"user:{agents[0].id}"], 77),
        ([f"user:{agents[1].id}"], 76),
        (["supervisors", f"user:{agents[2].id}"], 153),
    ]


@pytest.mark.proves("S4-48", "S4-49")
async def test_kinds_of_records_and_the_maximum_limit_what_is_shared(floor: Floor) -> None:
    """All, only assigned, only unassigned; never more than the maximum."""
    first, second = await floor.people(2)
    campaign = await floor.campaign(agents=[first, second])
    customers = await floor.customers(10)
    await floor.cases(campaign, customers[:4], agent_id=first.id)
    await floor.cases(campaign, customers[4:6])

    async def found(records: Records, most: int | None = None) -> int:
        async with floor.work() as work:
            return (await preview(work, Search(campaign=campaign.id, records=records, max=most))).customers

    assert await found(Records.ALL) == 10
    assert await found(Records.ASSIGNED) == 4
    assert await found(Records.UNASSIGNED) == 6
    assert await found(Records.ALL, 3) == 3
    async with floor.work() as work:
        await assign(work, Sharing(campaign=campaign.id, records=Records.UNASSIGNED, max=5, agents=[second.id]))
    cases = await floor.all_cases()
    assert Counter(case.agent_id for case in cases) == {first.id: 4, second.id: 5}


@pytest.mark.proves("S4-41", "S4-42", "S4-43")
async def test_filters_are_joined_by_and(floor: Floor) -> None:
    """Field, condition and text; any number; leaving one out finds more."""
    campaign = await floor.campaign()
    here = await floor.customers(3, "Bogotá, Suba")
    await floor.customers(2, "Cali")
    await floor.account(here[0], ServiceState.IN_ARREARS, "Fibra 300")
    await floor.account(here[1], ServiceState.ACTIVE, "Fibra 300")
    wanted = [
        *one("city", "contains", "bogota"),
        *one("service_state", "equals", "Moroso"),
        *one("plan", "differs", "Cobre"),
    ]

    async def found(filters: list[Filter]) -> list[int]:
        async with floor.work() as work:
            items = (await preview(work, Search(campaign=campaign.id, filters=filters))).items
            return sorted(item.id for item in items)

    assert await found(wanted) == [here[0]]
    assert await found(wanted[:1]) == here
    assert await found([wanted[0], *one("service_state", "differs", "moroso")]) == here[1:]
    assert await found(one("document", "equals", "1003")) != []
    assert await found(one("name", "contains", "100%")) == []
    assert len(await found([])) == 5  # S4-45: without filters, everybody


async def test_every_field_takes_every_condition(floor: Floor) -> None:
    """None breaks on quotes, percent signs or backslashes, and *distinto* is the rest of *igual*."""
    campaign = await floor.campaign()
    customers = await floor.customers(3)
    await floor.cases(campaign, customers[:1])

    async def found(field: str, op: str, text: str) -> int:
        async with floor.work() as work:
            return (await preview(work, Search(campaign=campaign.id, filters=one(field, op, text)))).customers

    for field in (*RULES, "custom.zona"):
        for text in ("Bogotá", "'; DROP TABLE cases; --", "100%_\\", "311 555 0100"):
            await found(field, "contains", text)
            assert await found(field, "differs", text) == 3 - await found(field, "equals", text)


async def test_an_unknown_field_is_refused_by_its_place(floor: Floor) -> None:
    """Only the fields of the list; nothing reaches the database as a name."""
    campaign = await floor.campaign()
    for field in ("password_hash", "custom.", "1=1"):
        with pytest.raises(BadInput) as why:
            async with floor.work() as work:
                await preview(work, Search(campaign=campaign.id, filters=one(field, "equals", "x")))
        assert why.value.field == "filters[0]"


@pytest.mark.proves("S4-52")
async def test_assigned_customers_can_be_unassigned(floor: Floor) -> None:
    """The cases are free again, told to who had them; a personal appointment becomes anyone's."""
    (agent,) = await floor.people(1)
    campaign = await floor.campaign(agents=[agent])
    customers = await floor.customers(3)
    numbers = await floor.cases(campaign, customers[:2], agent_id=agent.id, due_agent_id=agent.id)
    async with floor.house.work() as work:
        due = work.now + timedelta(days=1)
        work.session.add(Appointment(case_number=numbers[0], at=due, agent_id=agent.id))
    async with floor.work() as work:
        done = await unassign(work, Search(campaign=campaign.id, customers=customers))
    cases = await floor.all_cases()
    assert (done.customers, done.cases, done.held) == (2, 2, 0)
    assert [(case.agent_id, case.due_agent_id, case.version) for case in cases] == [(None, None, 2)] * 2
    assert len(floor.told("case.unassigned")) == 2
    async with floor.house.work() as work:
        assert (await work.session.scalars(select(Appointment.agent_id))).all() == [None]
        said = await work.session.scalars(select(AuditRow.action).where(AuditRow.action.like("cases.%")))
        assert said.all() == ["cases.unassigned"]


async def test_a_case_held_open_stays_with_who_holds_it(floor: Floor) -> None:
    """It is left out of sharing and of unassigning, and counted."""
    holder, other = await floor.people(2)
    campaign = await floor.campaign(agents=[holder, other])
    customers = await floor.customers(4)
    numbers = await floor.cases(campaign, customers, agent_id=holder.id)
    async with floor.work(holder) as work:
        await open_case(work, numbers[0])
    async with floor.work() as work:
        done = await assign(work, Sharing(campaign=campaign.id, agents=[other.id]))
    async with floor.work() as work:
        undone = await unassign(work, Search(campaign=campaign.id))
    held, *rest = await floor.all_cases()
    assert (done.customers, done.held, undone.cases, undone.held) == (3, 1, 3, 1)
    assert (held.agent_id, held.holder_id) == (holder.id, holder.id)
    assert {case.agent_id for case in rest} == {None}


async def test_assigning_while_agents_open_cases_never_makes_two_owners(floor: Floor) -> None:
    """Each case ends with one agent, and who holds it is whose it is."""
    takers, getters = await floor.people(8), await floor.people(2, prefix="otro")
    campaign = await floor.campaign(agents=[*takers, *getters])
    customers = await floor.customers(40)
    numbers = await floor.cases(campaign, customers)
    start = asyncio.Event()

    async def take(at: int) -> None:
        await start.wait()
        try:
            async with floor.work(takers[at]) as work:
                await open_case(work, numbers[at])
        except (CaseTaken, Conflict, NotAllowed):
            pass

    async def give() -> int:
        await start.wait()
        async with floor.work() as work:
            asked = Sharing(campaign=campaign.id, records=Records.UNASSIGNED, agents=[a.id for a in getters])
            return (await assign(work, asked)).held

    tasks = [asyncio.create_task(take(at)) for at in range(8)] + [asyncio.create_task(give()) for _ in range(3)]
    start.set()
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(answer is None or isinstance(answer, int | FewerCustomers) for answer in answers), answers
    for case in await floor.all_cases():
        assert case.holder_id in (None, case.agent_id)
        if case.holder_id:
            assert case.holder_id in {a.id for a in takers}
    assert await floor.counted() == 40


@pytest.mark.proves("S1-19")
async def test_an_agent_of_another_campaign_comes_into_this_one(floor: Floor) -> None:
    """Said before, told to the agent's screens; the agent could not see these cases otherwise."""
    (stranger,) = await floor.people(1)
    campaign = await floor.campaign()
    await floor.customers(2)
    asked = Sharing(campaign=campaign.id, agents=[stranger.id])
    async with floor.work() as work:
        assert (await preview(work, asked)).joining == [stranger.id]
    async with floor.work() as work:
        await assign(work, asked)
    assert [event["event"]["user_id"] for event in floor.told("rights.changed")] == [stranger.id]
    async with floor.work() as work:
        assert (await preview(work, asked)).joining == []


async def test_unknown_agents_and_archived_campaigns_are_refused(floor: Floor) -> None:
    """A clear reason, nothing done."""
    campaign = await floor.campaign()
    await floor.customers(2)
    with pytest.raises(BadInput):
        async with floor.work() as work:
            await assign(work, Sharing(campaign=campaign.id, agents=[999_999]))
    async with floor.work() as work:
        await change_campaign(work, campaign.id, CampaignChanges(archived=True))
    with pytest.raises(Conflict):
        async with floor.work() as work:
            await preview(work, Search(campaign=campaign.id))
    async with floor.house.look() as session:
        assert (await session.scalars(select(Case))).all() == []
