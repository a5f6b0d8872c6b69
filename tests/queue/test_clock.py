"""What time changes: appointments, wrap-up limits, screens that are gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from atiende.models.cases.case import Appointment, Case
from atiende.models.cases.sections import Section
from atiende.models.cases.viewer import Viewer
from atiende.models.people.agent import Agent, AgentStateSpan, CallState, State
from atiende.models.people.presence import ScreenSeen, ScreenTeller
from atiende.models.permissions import Role
from atiende.models.records import AuditRow
from atiende.models.rows.case_list import list_cases
from atiende.models.rows.person import released_case
from atiende.queue import clock
from atiende.queue.cases.taking import leave_case, open_case
from atiende.queue.people.agents import choose_state
from atiende.queue.work import Actor
from atiende.tests.support.floors.sharing import Floor, sharing_floor


@pytest.fixture
async def floor(database_url: str) -> AsyncIterator[Floor]:
    async with sharing_floor(database_url) as floor:
        yield floor


async def agent_row(floor: Floor, user_id: int | None) -> Agent:
    async with floor.house.look() as session:
        return await session.get_one(Agent, user_id)


async def set_agent(floor: Floor, user_id: int | None, **values: object) -> None:
    async with floor.house.work() as work:
        await work.session.execute(update(Agent).where(Agent.user_id == user_id).values(**values))


async def no_screen_of(floor: Floor, *gone: Actor, but_of: Sequence[Actor] = ()) -> None:
    """The one web process told of all screens for a minute: these people had none for 46 seconds, the others have."""
    async with floor.house.work() as work:
        long_ago = work.now - timedelta(seconds=46)
        for people, seen in ((gone, long_ago), (but_of, work.now)):
            work.session.add_all(ScreenSeen(user_id=person.id or 0, at=seen) for person in people)
        work.session.add(ScreenTeller(process="one:8000", since=long_ago, told_at=work.now))
        whose = [person.id for person in (*gone, *but_of)]
        await work.session.execute(update(Agent).where(Agent.user_id.in_(whose)).values(since=long_ago))


@pytest.mark.proves("S3-79")
async def test_an_appointment_fires_once_at_its_hour_and_the_case_is_first(floor: Floor) -> None:
    """First in the list at the estimated time; told once however often the clock looks."""
    (agent,) = await floor.people(1)
    campaign = await floor.campaign(agents=[agent])
    plain, promised = await floor.cases(campaign, await floor.customers(2), agent_id=agent.id)
    async with floor.house.work() as work:
        at = work.now - timedelta(seconds=1)
        work.session.add(Appointment(case_number=promised, at=at, agent_id=agent.id))
        await work.session.execute(update(Case).where(Case.number == promised).values(due_at=at))
    await asyncio.gather(*(clock.tick(floor.house) for _ in range(3)))
    await clock.tick(floor.house)
    (told,) = floor.told("appointment.due")
    assert (told["event"]["case"]["number"], told["event"]["case"]["why"]) == (promised, "due")
    assert f"user:{agent.id}" in told["topics"]
    async with floor.house.work() as work:
        mine = Viewer(agent.id or 0, Role.AGENT, (campaign.id,))
        listed = (await list_cases(work.session, mine, Section.ASSIGNED, work.now)).items
        sooner = (await list_cases(work.session, mine, Section.ASSIGNED, work.now - timedelta(minutes=1))).items
    assert [row.number for row in listed] == [promised, plain]
    assert [row.number for row in sooner] == [plain, promised]


async def test_an_appointment_ahead_waits(floor: Floor) -> None:
    campaign = await floor.campaign()
    (number,) = await floor.cases(campaign, await floor.customers(1))
    async with floor.house.work() as work:
        work.session.add(Appointment(case_number=number, at=work.now + timedelta(hours=1)))
    await clock.tick(floor.house)
    assert floor.told("appointment.due") == []


async def test_wrap_up_past_its_limit_ends_and_the_gestion_stays_open_and_listed(floor: Floor) -> None:
    """PRODUCT, TIPIFICANDO: its time limit (the gestión stays open and is listed) → EN ESPERA."""
    (agent,) = await floor.people(1)
    campaign = await floor.campaign(agents=[agent])
    (number,) = await floor.cases(campaign, await floor.customers(1))
    async with floor.work(agent) as work:
        await open_case(work, number)
        past = work.now - timedelta(seconds=1)
    await set_agent(floor, agent.id, state=State.WRAP_UP, wrap_up_until=past)
    await clock.tick(floor.house)
    assert (await agent_row(floor, agent.id)).state is State.WAITING
    async with floor.house.look() as session:
        case = await session.get_one(Case, number)
        assert (case.holder_id, case.agent_id, case.status.value) == (None, agent.id, "open")


async def test_an_agent_whose_browser_is_gone_for_45_seconds_is_desconectado_unless_he_talks(floor: Floor) -> None:
    """PRODUCT: browser gone 45 s without a call."""
    gone, talking, here = await floor.people(3)
    await no_screen_of(floor, gone, talking, but_of=(here, floor.supervisor))
    await set_agent(floor, talking.id, call=CallState.TALKING)
    await clock.tick(floor.house)
    states = [(await agent_row(floor, person.id)).state for person in (gone, talking, here)]
    assert states == [State.OFFLINE, State.WAITING, State.WAITING]


async def test_an_agent_whose_browser_is_gone_is_told_to_supervisors_and_learns_which_case_was_released(
    floor: Floor,
) -> None:
    """One event and one row of the audit; the agent is told until a case is opened again."""
    (agent,) = await floor.people(1)
    campaign = await floor.campaign(agents=[agent])
    (number,) = await floor.cases(campaign, await floor.customers(1))
    async with floor.work(agent) as work:
        await open_case(work, number)
    await no_screen_of(floor, agent)
    await clock.tick(floor.house)
    await clock.tick(floor.house)
    (told,) = floor.told("agent.gone")
    assert (told["event"]["agent"]["id"], told["event"]["case_number"]) == (agent.id, number)
    async with floor.house.look() as session:
        rows = (await session.scalars(select(AuditRow).where(AuditRow.action == "agent.gone"))).all()
        assert [row.detail["case"] for row in rows] == [number]
        released = await released_case(session, agent.id or 0)
    assert released is not None
    assert (released.number, released.customer) == (number, "Cliente 0")
    async with floor.work(agent) as work:
        await open_case(work, number)
        assert await released_case(work.session, agent.id or 0) is None


async def test_a_pause_past_its_limit_is_told_once_to_the_agent_and_to_supervisors(floor: Floor) -> None:
    """Once for each pause; one within its limit, and one without a limit, are not told."""
    late, within = await floor.people(2)
    for agent in (late, within):
        async with floor.work(agent) as work:
            await choose_state(work, agent.id or 0, State.PAUSED, "break")
    for _ in range(2):
        await set_agent(floor, late.id, since=text("now() - interval '5 hours'"))
        await clock.tick(floor.house)
        await clock.tick(floor.house)
        async with floor.work(late) as work:
            await choose_state(work, late.id or 0, State.WAITING)
            await choose_state(work, late.id or 0, State.PAUSED, "break")
    told = floor.told("agent.overran")
    assert [event["event"]["agent"]["id"] for event in told] == [late.id, late.id]
    assert set(told[0]["topics"]) == {"supervisors", f"user:{late.id}"}


async def test_times_in_states_are_one_unbroken_line(floor: Floor) -> None:
    """KPIS: time in each state; at most one stretch is open."""
    (agent,) = await floor.people(1)
    campaign = await floor.campaign(agents=[agent])
    for number in await floor.cases(campaign, await floor.customers(3)):
        async with floor.work(agent) as work:
            await open_case(work, number)
        async with floor.work(agent) as work:
            await leave_case(work, number)
    async with floor.house.look() as session:
        spans = select(AgentStateSpan).where(AgentStateSpan.user_id == agent.id).order_by(AgentStateSpan.id)
        found = (await session.execute(spans)).scalars().all()
    assert [span.until_at for span in found[:-1]] == [span.from_at for span in found[1:]]
    assert found[-1].until_at is None
