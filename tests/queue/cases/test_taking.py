"""Taking, leaving, giving and closing cases, through the actions and a real PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from atiende.models.campaigns.campaign import AssignmentMode
from atiende.models.cases.case import Case, CaseStatus
from atiende.models.people.agent import Agent, State
from atiende.models.refused import BusyWithCase, CaseClosed, CaseTaken, NotAllowed, NotFound, NotHolder
from atiende.queue.campaigns.giving import give_cases
from atiende.queue.cases import closing, taking
from atiende.queue.cases.dispositions import Filled, save_disposition
from atiende.queue.people.agents import choose_state, lock_agent, sign_out
from atiende.queue.work import Actor
from atiende.tests.support.floors.sharing import Floor, sharing_floor


@pytest.fixture
async def floor(database_url: str) -> AsyncIterator[Floor]:
    async with sharing_floor(database_url) as floor:
        yield floor


async def stored(floor: Floor, number: int) -> Case:
    async with floor.house.look() as session:
        return await session.get_one(Case, number)


async def state(floor: Floor, actor: Actor) -> Agent:
    async with floor.house.look() as session:
        return await session.get_one(Agent, actor.id)


async def open_it(floor: Floor, actor: Actor, number: int) -> None:
    async with floor.work(actor) as work:
        await taking.open_case(work, number)


async def next_for(floor: Floor, actor: Actor) -> int | None:
    async with floor.work(actor) as work:
        row = await taking.open_next(work, await lock_agent(work, actor.id or 0))
        return row.number if row else None


@pytest.mark.proves("S2-16", "X9")
async def test_two_agents_pressing_atender_only_one_gets_the_case(floor: Floor) -> None:
    """One atomic claim; the second taker is told who has it."""
    agents = await floor.people(6)
    campaign = await floor.campaign(agents=agents)
    (number,) = await floor.cases(campaign, await floor.customers(1))
    outcomes = await asyncio.gather(*(open_it(floor, a, number) for a in agents), return_exceptions=True)
    won = [agent for agent, outcome in zip(agents, outcomes, strict=True) if outcome is None]
    lost = [outcome for outcome in outcomes if outcome is not None]
    assert len(won) == 1
    assert all(isinstance(outcome, CaseTaken) for outcome in lost)
    assert {outcome.extra["holder"]["name"] for outcome in lost} == {won[0].name}  # type: ignore[union-attr]
    case = await stored(floor, number)
    assert (case.holder_id, case.agent_id) == (won[0].id, won[0].id)


@pytest.mark.proves("S0-08", "S3-03", "S3-27", "S3-28", "M-02")
async def test_opening_a_case_sets_en_gestion_and_leaving_it_en_espera(floor: Floor) -> None:
    (agent,) = await floor.people(1)
    campaign = await floor.campaign(agents=[agent])
    (number,) = await floor.cases(campaign, await floor.customers(1))
    await open_it(floor, agent, number)
    assert (await state(floor, agent)).state is State.HANDLING
    async with floor.work(agent) as work:
        await taking.leave_case(work, number)
    assert (await state(floor, agent)).state is State.WAITING
    told = [event["event"]["type"] for event in floor.let_out]
    opened = ["case.assigned", "case.opened", "agent.state_changed"]
    assert [t for t in told if t != "campaign.changed"][-5:] == [*opened, "case.left", "agent.state_changed"]


async def test_opening_twice_is_opening_once(floor: Floor) -> None:
    (agent,) = await floor.people(1)
    campaign = await floor.campaign(agents=[agent])
    (number,) = await floor.cases(campaign, await floor.customers(1))
    await open_it(floor, agent, number)
    version = (await stored(floor, number)).version
    await open_it(floor, agent, number)
    assert (await stored(floor, number)).version == version


async def test_an_agent_has_one_case_open_at_a_time(floor: Floor) -> None:
    (agent,) = await floor.people(1)
    campaign = await floor.campaign(agents=[agent])
    first, second = await floor.cases(campaign, await floor.customers(2))
    await open_it(floor, agent, first)
    with pytest.raises(BusyWithCase):
        await open_it(floor, agent, second)


async def test_a_case_of_another_campaign_is_not_known(floor: Floor) -> None:
    """Another campaign's case is refused as if it did not exist."""
    inside, outside = await floor.people(2)
    campaign = await floor.campaign(agents=[inside])
    (number,) = await floor.cases(campaign, await floor.customers(1))
    with pytest.raises(NotFound):
        await open_it(floor, outside, number)


async def test_in_a_directed_campaign_agents_do_not_take_cases_themselves(floor: Floor) -> None:
    """Modo de asignación dirigida."""
    (agent,) = await floor.people(1)
    campaign = await floor.campaign(agents=[agent], assignment_mode=AssignmentMode.DIRECTED)
    (number,) = await floor.cases(campaign, await floor.customers(1))
    with pytest.raises(NotAllowed):
        await open_it(floor, agent, number)
    assert await next_for(floor, agent) is None


@pytest.mark.proves("S3-25")
async def test_a_closed_case_is_closed_for_good_and_cannot_be_opened(floor: Floor) -> None:
    """Irreversible, and the agent is EN ESPERA."""
    (agent,) = await floor.people(1)
    campaign = await floor.campaign(agents=[agent])
    (number,) = await floor.cases(campaign, await floor.customers(1))
    await open_it(floor, agent, number)
    async with floor.work(agent) as work:
        await closing.close_for_good(work, number)
    assert (await state(floor, agent)).state is State.WAITING
    for act in (taking.open_case, closing.reopen_case):
        with pytest.raises(CaseClosed):
            async with floor.work(agent) as work:
                await act(work, number)


async def test_only_the_holder_leaves_a_case(floor: Floor) -> None:
    holder, other = await floor.people(2)
    campaign = await floor.campaign(agents=[holder, other])
    (number,) = await floor.cases(campaign, await floor.customers(1))
    await open_it(floor, holder, number)
    with pytest.raises(NotHolder):
        async with floor.work(other) as work:
            await taking.leave_case(work, number)


@pytest.mark.proves("S0-19", "X2")
async def test_the_next_case_is_my_own_due_one_then_mine_then_a_free_one_in_the_order_of_x2(floor: Floor) -> None:
    """What is due, then campaign priority, case priority, longest without contact."""
    (agent,) = await floor.people(1)
    low = await floor.campaign("Baja", agents=[agent], priority=8)
    high = await floor.campaign("Alta", agents=[agent], priority=1)
    people = await floor.customers(5)
    async with floor.house.look() as session:
        now = (await session.get_one(Agent, agent.id)).since
    hour = timedelta(hours=1)
    (mine_due,) = await floor.cases(low, people[:1], agent_id=agent.id, due_at=now - hour)
    (mine_plain,) = await floor.cases(low, people[1:2], agent_id=agent.id)
    (mine_later,) = await floor.cases(high, people[2:3], agent_id=agent.id, due_at=now + hour)
    (free_contacted,) = await floor.cases(high, people[3:4], last_contact_at=now - hour)
    (free_urgent,) = await floor.cases(high, people[4:5], priority=1)
    given = []
    for _ in range(4):
        number = await next_for(floor, agent)
        assert number is not None
        given.append(number)
        async with floor.work(agent) as work:
            await closing.close_for_good(work, number)
    assert given == [mine_due, mine_plain, free_urgent, free_contacted]
    assert await next_for(floor, agent) is None, f"{mine_later} waits for its hour"


@pytest.mark.proves("S3-79", "X2")
async def test_what_is_due_for_anybody_is_given_before_my_own_cases_without_a_date(floor: Floor) -> None:
    """The oldest first, whether it is anybody's or mine; of what is anybody's only what I may take."""
    agent, colleague = await floor.people(2)
    mixed = await floor.campaign("Mora", agents=[agent, colleague])
    directed = await floor.campaign("Dirigida", agents=[agent], assignment_mode=AssignmentMode.DIRECTED)
    people = await floor.customers(5)
    async with floor.house.look() as session:
        now = (await session.get_one(Agent, agent.id)).since
    hour = timedelta(hours=1)
    await floor.cases(mixed, people[:1], agent_id=agent.id, priority=1)
    (mine_due,) = await floor.cases(mixed, people[1:2], agent_id=agent.id, due_at=now - hour)
    (anybodys,) = await floor.cases(mixed, people[2:3], due_at=now - 2 * hour)
    await floor.cases(mixed, people[3:4], agent_id=colleague.id, due_at=now - 3 * hour)
    await floor.cases(directed, people[4:5], due_at=now - 3 * hour)
    given = []
    for _ in range(2):
        number = await next_for(floor, agent)
        assert number is not None
        given.append(number)
        async with floor.work(agent) as work:
            await closing.close_for_good(work, number)
    assert given == [anybodys, mine_due]


async def test_a_case_that_was_only_opened_is_anybodys_again_when_it_is_left(floor: Floor) -> None:
    """By Salir, by signing out: nothing was done in it. The list of who left it loses it."""
    agent, colleague = await floor.people(2)
    campaign = await floor.campaign(agents=[agent, colleague])
    (number,) = await floor.cases(campaign, await floor.customers(1))
    for leaves in (taking.leave_case, lambda work, _: sign_out(work, agent.id or 0)):
        await open_it(floor, agent, number)
        async with floor.work(agent) as work:
            await leaves(work, number)
        case = await stored(floor, number)
        assert (case.holder_id, case.agent_id, case.assigned_at, case.assigned_by) == (None, None, None, None)
        left = floor.told("case.left")[-1]["event"]
        assert (left["case"]["agent"], left["former_agent_id"]) == (None, agent.id)
    await open_it(floor, colleague, number)


async def test_a_case_that_was_ones_own_before_stays_so_when_it_is_left(floor: Floor) -> None:
    """Given by a supervisor, or kept by a comment."""
    (agent,) = await floor.people(1)
    campaign = await floor.campaign(agents=[agent])
    given, taken = await floor.cases(campaign, await floor.customers(2))
    async with floor.work() as work:
        await give_cases(work, {given: agent.id})
    await open_it(floor, agent, taken)
    async with floor.work(agent) as work:
        await save_disposition(work, taken, Filled(observations="Vuelvo a llamar", go_on=False))
    for number in (given, taken):
        await open_it(floor, agent, number)
        async with floor.work(agent) as work:
            await taking.leave_case(work, number)
        assert (await stored(floor, number)).agent_id == agent.id


async def test_many_agents_asking_for_the_next_case_never_share_one(floor: Floor) -> None:
    """Eight at once, eight different cases."""
    agents = await floor.people(8)
    campaign = await floor.campaign(agents=agents)
    await floor.cases(campaign, await floor.customers(8))
    given = await asyncio.gather(*(next_for(floor, agent) for agent in agents))
    assert None not in given
    assert len(set(given)) == 8


async def test_signing_out_leaves_the_open_case_to_others(floor: Floor) -> None:
    """Any way out of the case lets it go."""
    agent, other = await floor.people(2)
    campaign = await floor.campaign(agents=[agent, other])
    (number,) = await floor.cases(campaign, await floor.customers(1))
    await open_it(floor, agent, number)
    async with floor.work(agent) as work:
        await sign_out(work, agent.id or 0)
    case = await stored(floor, number)
    assert (case.holder_id, case.status) == (None, CaseStatus.OPEN)
    assert (await state(floor, agent)).state is State.OFFLINE


async def test_a_pause_asked_in_a_case_waits_for_the_way_out(floor: Floor) -> None:
    """PRODUCT, agent states: pending, replaceable, in force when the case is left."""
    (agent,) = await floor.people(1)
    campaign = await floor.campaign(agents=[agent])
    (number,) = await floor.cases(campaign, await floor.customers(1))
    await open_it(floor, agent, number)
    for code in ("lunch", "break"):
        async with floor.work(agent) as work:
            await choose_state(work, agent.id or 0, State.PAUSED, code)
    assert (await state(floor, agent)).state is State.HANDLING
    async with floor.work(agent) as work:
        await taking.leave_case(work, number)
    now = await state(floor, agent)
    assert now.state is State.PAUSED
    assert floor.told("agent.state_changed")[-1]["event"]["agent"]["reason"] == "Descanso"
