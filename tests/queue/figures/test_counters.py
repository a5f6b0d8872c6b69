"""Counters that screens are told, and the folding of what they are sums of."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson
import pytest
from redis.asyncio import Redis
from sqlalchemy import delete, func, select, update

from atiende.models.cases.case import Case, CaseCountDelta, CaseStatus, Disposition
from atiende.models.customers.service_states import ServiceState
from atiende.models.records import Lease
from atiende.queue.figures.counters import Counting, fold
from atiende.queue.lease import hold
from atiende.queue.work import Actor
from atiende.realtime.line.stream import EventStream
from atiende.tests.support.floors.sharing import Floor, sharing_floor


@dataclass
class Counted:
    floor: Floor
    stream: EventStream
    counting: Counting

    async def tick(self) -> list[dict[str, Any]]:
        """What one tick tells."""
        at = await self.stream.where()
        told = await self.counting.tick()
        entries = await self.stream.replay(at)
        assert entries is not None
        assert len(entries) == told
        return [orjson.loads(entry.payload) for entry in entries]


@pytest.fixture
async def counted(database_url: str, redis_url: str) -> AsyncIterator[Counted]:
    redis = Redis.from_url(redis_url)
    stream = EventStream(redis)
    async with sharing_floor(database_url) as floor:
        yield Counted(floor, stream, Counting(floor.house, stream))
    await redis.aclose()


async def save(floor: Floor, agent: Actor, number: int, **values: Any) -> None:
    async with floor.house.work(agent) as work:
        case = await work.session.get_one(Case, number)
        row = {"case_number": number, "customer_id": case.customer_id, "campaign_id": case.campaign_id}
        work.session.add(Disposition(agent_id=agent.id, created_by=agent.id, **(row | values)))


@pytest.mark.proves("S2-11", "S2-12", "S2-13", "S2-14", "S2-15")
async def test_sections_are_told_when_they_changed_and_only_then(counted: Counted) -> None:
    """Cases of every state, counted as the lists show them."""
    floor = counted.floor
    [agent] = await floor.people(1)
    campaign = await floor.campaign(agents=[agent])
    numbers = await floor.cases(campaign, await floor.customers(7))
    async with floor.work() as work:
        for number, values in zip(
            numbers,
            [
                {"status": CaseStatus.CLOSED},
                {"status": CaseStatus.SUSPENDED},
                {"service_state": ServiceState.SUSPENDED},
                {"service_state": ServiceState.IN_ARREARS, "agent_id": agent.id},
                {"service_state": ServiceState.WITHDRAWN},
            ],
            strict=False,
        ):
            await work.session.execute(update(Case).where(Case.number == number).values(**values))
    events = await counted.tick()
    [sections] = [event for event in events if event["type"] == "sections.counted"]
    assert sections["campaign_id"] == campaign.id
    assert sections["counts"] == {"suspended": 2, "arrears": 1, "withdrawn": 1, "active": 2, "closed": 1}
    assert {e["agent_id"]: e["assigned"] for e in events if e["type"] == "day.counted"}[agent.id] == 1
    assert await counted.tick() == []
    async with floor.work() as work:
        await work.session.execute(update(Case).where(Case.number == numbers[6]).values(status=CaseStatus.CLOSED))
    [again] = await counted.tick()
    assert again["counts"]["closed"] == 2
    assert again["version"] > sections["version"]


async def test_an_agents_day_is_told_to_him_when_it_changed(counted: Counted) -> None:
    """Cases assigned now, today's gestiones, the effective ones and their mean time."""
    floor = counted.floor
    agent, other = await floor.people(2)
    campaign = await floor.campaign(agents=[agent, other])
    numbers = await floor.cases(campaign, await floor.customers(2), agent_id=agent.id)
    await counted.tick()
    await save(floor, agent, numbers[0], effective=True, seconds=100)
    await save(floor, agent, numbers[1], seconds=51)
    [day] = await counted.tick()
    assert {name: day[name] for name in ("agent_id", "assigned", "dispositions", "effective", "mean_seconds")} == {
        "agent_id": agent.id,
        "assigned": 2,
        "dispositions": 2,
        "effective": 1,
        "mean_seconds": 76,
    }
    async with floor.work() as work:
        await work.session.execute(update(Case).where(Case.number == numbers[0]).values(agent_id=other.id))
    days = await counted.tick()
    assert {d["agent_id"]: d["assigned"] for d in days} == {agent.id: 1, other.id: 1}
    async with floor.work() as work:  # it happened yesterday
        await work.session.execute(update(Disposition).values(created_at=func.now() - timedelta(days=1)))
    counted.counting._since = None  # midnight
    assert {d["agent_id"]: d["dispositions"] for d in await counted.tick()}[agent.id] == 0


async def test_one_process_counts_and_another_takes_over_when_it_is_gone(counted: Counted) -> None:
    """By a lease on the database's clock, whose fence grows."""
    floor = counted.floor
    await floor.cases(await floor.campaign(), await floor.customers(1))
    first = await hold(floor.house.engine, "counting", 30, "another process")
    assert await counted.tick() == []
    async with floor.work() as work:
        await work.session.execute(update(Lease).values(until_at=func.now() - timedelta(seconds=1)))
    assert await counted.tick() != []
    async with floor.work() as work:
        fence = await work.session.scalar(select(Lease.fence))
    assert (first, fence) == (1, 2)


async def test_counts_that_could_not_be_told_are_told_later(counted: Counted) -> None:
    """Redis was away for one tick."""
    floor = counted.floor
    await floor.cases(await floor.campaign(), await floor.customers(1))
    living, dead = counted.stream, EventStream(Redis.from_url("redis://127.0.0.1:1"))
    counted.counting.stream = dead
    assert await counted.counting.tick() == 0
    counted.counting.stream = living
    assert "sections.counted" in [event["type"] for event in await counted.tick()]


async def test_folding_changes_no_sum_and_leaves_one_row_of_a_kind(counted: Counted) -> None:
    floor = counted.floor
    campaign = await floor.campaign()
    numbers = []
    for _ in range(5):
        numbers += await floor.cases(campaign, await floor.customers(3))
    async with floor.work() as work:
        await work.session.execute(delete(Case).where(Case.number.in_(numbers[:4])))
    kinds = [CaseCountDelta.campaign_id, CaseCountDelta.agent_id, CaseCountDelta.status, CaseCountDelta.service_state]

    async def sums() -> list[Any]:
        async with floor.house.look() as session:
            return list(await session.execute(select(*kinds, func.sum(CaseCountDelta.n)).group_by(*kinds)))

    before = await sums()
    async with floor.house.engine.begin() as connection:
        await fold(connection)
    async with floor.house.look() as session:
        assert await session.scalar(select(func.count()).select_from(CaseCountDelta)) == 1
    assert await sums() == before
    async with floor.work() as work:
        await work.session.execute(delete(Case))
    async with floor.house.engine.begin() as connection:
        await fold(connection)
    assert await sums() == []
