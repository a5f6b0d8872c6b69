"""Who has a live screen is written down for everybody at once, and waits for nobody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime

import pytest
from redis.asyncio import Redis
from sqlalchemy import event, select

from atiende.models.people.agent import Agent
from atiende.queue.people.agents import lock_agent
from atiende.realtime.line.hub import Hub
from atiende.realtime.line.presence import Presence, seen
from atiende.realtime.line.stream import EventStream
from atiende.tests.support.floors.sharing import Floor, sharing_floor


@pytest.fixture
async def floor(database_url: str) -> AsyncIterator[Floor]:
    async with sharing_floor(database_url) as floor:
        yield floor


async def seen_at(floor: Floor) -> dict[int, datetime | None]:
    async with floor.house.look() as session:
        rows = await session.execute(select(Agent.user_id, Agent.seen_at))
        return {row.user_id: row.seen_at for row in rows}


async def test_a_row_that_an_action_holds_is_written_the_next_time(floor: Floor) -> None:
    """The heartbeat of two hundred screens never waits for, nor meets in a deadlock, one agent's action."""
    held, free, away = await floor.people(3)
    people = {held.id or 0, free.id or 0}
    async with floor.work() as work:
        await lock_agent(work, held.id or 0)
        async with asyncio.timeout(20):
            await seen(floor.house.engine, people)
        now = await seen_at(floor)
        assert (now[held.id], now[away.id]) == (None, None)
        assert now[free.id]
    await seen(floor.house.engine, people)
    now = await seen_at(floor)
    assert now[held.id]
    assert now[away.id] is None


async def test_who_came_is_written_together_and_soon(floor: Floor, redis_url: str) -> None:
    """A storm of returning screens is one statement."""
    people = await floor.people(20)
    redis = Redis.from_url(redis_url)
    presence = Presence(floor.house.engine, Hub(EventStream(redis)))
    running = asyncio.create_task(presence.run())
    written: list[str] = []
    engine = floor.house.engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda _c, _k, statement, *_: written.append(statement))
    for person in people:
        presence.came(person.id or 0)
    async with asyncio.timeout(20):
        while sum(at is not None for at in (await seen_at(floor)).values()) < 20:
            await asyncio.sleep(0.01)
    assert len([statement for statement in written if statement.startswith("UPDATE agents")]) == 1
    running.cancel()
    await redis.aclose()
