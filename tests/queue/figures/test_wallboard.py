"""The wall board's figures, checked against sums done by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select, update

from atiende.models.calls.call import Call, CallPhase
from atiende.models.calls.leg import CallLeg, LegKind, LegOutcome
from atiende.models.cases.case import Case, Disposition
from atiende.models.people.agent import Agent, AgentStateSpan, CallState, PauseReason, State
from atiende.models.rows.wallboard import Wallboard, WallboardLimits
from atiende.queue.figures.moment import figures
from atiende.queue.work import Actor
from atiende.tests.support.floors.sharing import Floor, sharing_floor

BOGOTA = ZoneInfo("America/Bogota")
NOW = datetime(2026, 11, 21, 15, 42, 7, tzinfo=UTC)  # 10:42 there


@pytest.fixture
async def floor(database_url: str) -> AsyncIterator[Floor]:
    async with sharing_floor(database_url) as floor:
        yield floor


async def board(floor: Floor) -> Wallboard:
    async with floor.house.look() as session:
        return await figures(session, NOW, BOGOTA, WallboardLimits())


async def be(floor: Floor, agent: Actor, **values: Any) -> None:
    async with floor.work() as work:
        await work.session.execute(update(Agent).where(Agent.user_id == agent.id).values(**values))


def ago(seconds: float) -> datetime:
    return NOW - timedelta(seconds=seconds)


@pytest.mark.proves("M-06")
async def test_agents_past_their_limit_come_first(floor: Floor) -> None:
    """Each with the state, for how long, and how long it may last; the counts add up to the tiles."""
    async with floor.work() as work:
        lunch = await work.session.scalar(select(PauseReason.id).where(PauseReason.code == "lunch"))
        if lunch is None:
            values = {"code": "almuerzo-breve", "name": "Almuerzo", "limit_seconds": 1800}
            lunch = await work.session.scalar(insert(PauseReason).values(values).returning(PauseReason.id))
        await work.session.execute(update(PauseReason).where(PauseReason.id == lunch).values(limit_seconds=1800))
    eating, late, waiting, talking, handling, away = await floor.people(6)
    campaign = await floor.campaign("Soporte", agents=[handling])
    [number] = await floor.cases(campaign, await floor.customers(1), holder_id=handling.id)
    await be(floor, eating, state=State.PAUSED, reason_id=lunch, since=ago(3138))
    await be(floor, late, state=State.WRAP_UP, since=ago(206), wrap_up_until=ago(146))
    await be(floor, waiting, state=State.WAITING, since=ago(161))
    await be(floor, talking, state=State.WAITING, since=ago(900), call=CallState.TALKING, call_since=ago(96))
    await be(floor, handling, state=State.HANDLING, since=ago(333), case_number=number)
    await be(floor, away, state=State.OFFLINE)
    shown = await board(floor)
    assert [tile.id for tile in shown.agents] == [late.id, eating.id, waiting.id, talking.id, handling.id]
    assert [tile.over_limit for tile in shown.agents] == [True, True, False, False, False]
    assert [tile.limit_seconds for tile in shown.agents] == [60, 1800, None, None, None]
    assert shown.agents[3].shown == "on_call"
    assert shown.agents[3].since == ago(96)
    assert (shown.agents[4].campaign, shown.agents[4].case_number) == ("Soporte", number)
    assert shown.agent_counts == {"waiting": 1, "on_call": 1, "handling": 1, "wrap_up": 1, "paused": 1}
    assert shown.as_of == NOW


async def call(floor: Floor, campaign: int | None, *legs: dict[str, Any], direction: str = "inbound") -> str:
    """A call with these legs; it goes on while one of them does. Its id."""
    began, ended = min(one["began_at"] for one in legs), [one.get("ended_at") for one in legs]
    over = None if None in ended else max(one for one in ended if one)
    phase = CallPhase.ENDED if over else CallPhase.TALKING
    row = {"id": uuid4().hex, "pbx_id": "main", "pbx_call": uuid4().hex, "direction": direction, "phase": phase}
    async with floor.work() as work:
        await work.session.execute(insert(Call).values(**row, campaign_id=campaign, started_at=began, ended_at=over))
        for one in legs:
            await work.session.execute(insert(CallLeg).values(call_id=row["id"], campaign_id=campaign, **one))
    return str(row["id"])


def waited(begin: float, end: float | None = None, outcome: LegOutcome | None = None) -> dict[str, Any]:
    """In a queue from `begin` to `end` seconds ago."""
    times = {"began_at": ago(begin), "ended_at": None if end is None else ago(end)}
    return {"kind": LegKind.QUEUE, "queue_name": "soporte", "outcome": outcome} | times


def answered(
    rang: float, begin: float | None, end: float | None = None, queue: str | None = "soporte"
) -> dict[str, Any]:
    """At an agent: rang, talked from `begin` to `end` seconds ago."""
    times = {"began_at": ago(rang), "answered_at": None if begin is None else ago(begin)}
    over = {"ended_at": None if end is None else ago(end), "outcome": None if end is None else LegOutcome.ENDED}
    return {"kind": LegKind.AGENT, "queue_name": queue} | times | over


TAKEN, GAVE_UP, WENT = LegOutcome.ANSWERED, LegOutcome.ABANDONED, LegOutcome.LEFT


@pytest.mark.proves("M-06")
async def test_calls_of_today_and_of_this_moment(floor: Floor) -> None:
    """Service level, ASA, abandoned % and talk time as docs of the figures define them."""
    campaign = (await floor.campaign("Soporte")).id
    await call(floor, campaign, waited(3600, 3590, TAKEN), answered(3595, 3590, 3490))  # waited 10, talked 100
    await call(floor, campaign, waited(3000, 2970, TAKEN), answered(2975, 2970, 2770))  # waited 30, talked 200
    await call(floor, campaign, waited(2000, 1980, TAKEN), answered(1985, 1980))  # waited 20, talks on
    await call(floor, campaign, waited(1000, 940, GAVE_UP))
    await call(floor, campaign, waited(900, 897, GAVE_UP))  # short
    await call(floor, campaign, waited(108))
    await call(floor, campaign, waited(31), answered(25, None))  # rings
    await call(floor, None, answered(50, 40, queue=None), direction="outbound")
    yesterday = 11 * 3600
    await call(floor, campaign, waited(yesterday, yesterday, TAKEN), answered(yesterday, yesterday, 10 * 3600))
    agent = floor.supervisor.id
    async with floor.work() as work:
        for seconds in (40, 62):
            span = {"user_id": agent, "state": State.WRAP_UP, "from_at": ago(500), "until_at": ago(500 - seconds)}
            await work.session.execute(insert(AgentStateSpan).values(**span))
    shown = await board(floor)
    day = shown.today.calls
    assert (day.queued, day.answered, day.abandoned, day.left, day.waiting) == (7, 3, 2, 0, 2)
    assert day.abandoned_percent == 40.0
    assert day.service_percent == 50.0  # 2 of 3 + 1
    assert (day.asa_seconds, day.talk_seconds) == (20, 150)
    assert (shown.today.wrap_up_seconds, shown.today.aht_seconds) == (51, 201)
    assert shown.calls_now.model_dump() == {
        "waiting": 2,
        "longest_wait_since": ago(108),
        "ringing": 1,
        "talking": 2,
    }
    [line] = shown.campaigns
    assert (line.waiting, line.longest_wait_since, line.calls) == (2, ago(108), day)


@pytest.mark.proves("M-06")
async def test_a_call_that_comes_back_into_a_queue_is_offered_and_waits_again(floor: Floor) -> None:
    """Offered is always answered, abandoned, left without an agent, or still waiting; talk is each agent's own."""
    campaign = (await floor.campaign("Soporte")).id
    handed_back = (waited(900, 890, TAKEN), answered(895, 890, 840), waited(840, 800, GAVE_UP))
    await call(floor, campaign, *handed_back)  # given back after 50 s, gave up after 40
    outside = {"kind": LegKind.OUTSIDE, "began_at": ago(500), "answered_at": ago(500), "ended_at": ago(100)}
    await call(floor, campaign, waited(600, 580, TAKEN), answered(585, 580, 500), outside)  # talked 80, then outside
    await call(floor, campaign, waited(400, 300, WENT), waited(300))  # time was up, waits in the next queue
    await call(floor, campaign, answered(200, 190, 20, queue=None), direction="internal")
    shown = await board(floor)
    day = shown.today.calls
    assert (day.queued, day.answered, day.abandoned, day.left, day.waiting) == (5, 2, 1, 1, 1)
    assert day.queued == day.answered + day.abandoned + day.left + day.waiting
    assert day.talk_seconds == 65
    assert shown.calls_now.model_dump() == {
        "waiting": 1,
        "longest_wait_since": ago(300),
        "ringing": 0,
        "talking": 0,
    }


async def test_no_order_of_names_hides_a_campaign_past_its_limit(floor: Floor) -> None:
    """Past a limit first, then those with calls waiting, then by name; the wall has room for a few."""
    names = ["Atención", "Bienvenida", "Zonas", "Quejas", "Ventas"]
    ids = {name: (await floor.campaign(name)).id for name in names}
    await call(floor, ids["Zonas"], waited(3600, 3400, TAKEN), answered(3410, 3400, 3300))  # service 0 %
    await call(floor, ids["Ventas"], waited(91))  # waits longer than 90
    await call(floor, ids["Quejas"], waited(20))
    await call(floor, ids["Quejas"], waited(10))
    shown = [line.name for line in (await board(floor)).campaigns]
    assert shown == ["Ventas", "Zonas", "Quejas", "Atención", "Bienvenida"]


async def test_cases_and_results_of_today(floor: Floor) -> None:
    """What was done today, what is left, and which results were the most."""
    [agent] = await floor.people(1)
    campaign = await floor.campaign("Mora", agents=[agent])
    numbers = await floor.cases(campaign, await floor.customers(5))
    await floor.cases(campaign, await floor.customers(2), agent_id=agent.id)
    named = ["Promesa", "Promesa", "No contesta", ""]
    async with floor.work() as work:
        for number, name in zip([numbers[0], numbers[1], numbers[0], numbers[2]], named, strict=True):
            case = await work.session.get_one(Case, number)
            row = {"case_number": number, "customer_id": case.customer_id, "campaign_id": campaign.id}
            row |= {"agent_id": agent.id, "result_name": name, "effective": name == "Promesa", "created_at": ago(60)}
            await work.session.execute(insert(Disposition).values(**row))
    shown = await board(floor)
    assert [(line.name, line.count) for line in shown.today.results] == [("Promesa", 2), ("No contesta", 1)]
    assert (shown.today.dispositions, shown.today.effective, shown.today.worked) == (4, 2, 3)
    [line] = shown.campaigns
    assert (line.free_cases, line.worked_today, line.dispositions_today) == (5, 3, 4)


async def test_a_quiet_floor_divides_nothing_by_nothing(floor: Floor) -> None:
    shown = await board(floor)
    assert shown.today.calls.abandoned_percent is None
    assert shown.today.aht_seconds is None
    assert shown.calls_now.longest_wait_since is None
