"""Who has a live screen is written down for everybody at once, and what could not be written signs nobody off."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from atiende.models.people.agent import Agent, State
from atiende.models.people.presence import ScreenSeen, ScreenTeller
from atiende.queue import clock
from atiende.queue.people.agents import lock_agent
from atiende.queue.work import Actor
from atiende.realtime.line.presence import Presence
from atiende.tests.support.floors.sharing import Floor, sharing_floor


@pytest.fixture
async def floor(database_url: str) -> AsyncIterator[Floor]:
    async with sharing_floor(database_url) as floor:
        yield floor


class Web(Presence):
    """A web process, as far as presence goes: `held` have a screen there."""

    def __init__(self, floor: Floor, process: str = "one:8000") -> None:
        self.held: list[int] = []
        super().__init__(floor.house.engine, lambda: self.held, process)

    def holds(self, *people: Actor) -> None:
        self.held = [person.id or 0 for person in people]


async def seen_at(floor: Floor) -> dict[int, datetime]:
    async with floor.house.look() as session:
        return {row.user_id: row.at for row in (await session.scalars(select(ScreenSeen))).all()}


async def time_passes(floor: Floor, seconds: float, *, told: bool = False) -> None:
    """Everything written so far becomes so much older; with `told`, every process told all along."""
    by = timedelta(seconds=seconds)
    async with floor.house.work() as work:
        await work.session.execute(update(Agent).values(since=Agent.since - by))
        await work.session.execute(update(ScreenSeen).values(at=ScreenSeen.at - by))
        older = {"since": ScreenTeller.since - by} | ({} if told else {"told_at": ScreenTeller.told_at - by})
        await work.session.execute(update(ScreenTeller).values(older))


async def states(floor: Floor, *people: Actor) -> list[State]:
    await clock.tick(floor.house)
    async with floor.house.look() as session:
        return [(await session.get_one(Agent, person.id)).state for person in people]


async def test_an_agent_in_the_midst_of_an_action_is_seen_like_everybody(floor: Floor) -> None:
    """The heartbeat of two hundred screens waits for no agent's action, and leaves nobody out for it."""
    held, free, away = await floor.people(3)
    web = Web(floor)
    web.holds(held, free)
    async with floor.work() as work:
        await lock_agent(work, held.id or 0)
        async with asyncio.timeout(20):
            await web.tell()
    assert set(await seen_at(floor)) == {held.id, free.id}
    assert away.id not in await seen_at(floor)


async def test_a_busy_agent_with_a_live_screen_is_never_signed_off(floor: Floor) -> None:
    """However often the agent's row was locked when the screens were told."""
    busy, gone = await floor.people(2)
    web = Web(floor)
    web.holds(busy)
    await web.tell()
    for _ in range(6):
        await time_passes(floor, 10, told=True)
        async with floor.work() as work:
            await lock_agent(work, busy.id or 0)
            await web.tell()
    assert await states(floor, busy, gone) == [State.WAITING, State.OFFLINE]


async def test_after_the_database_stood_still_nobody_is_signed_off_for_it(floor: Floor) -> None:
    """Neither before the screens are told again, nor before those that were cut off had time to come back."""
    here, cut, gone = await floor.people(3)
    web = Web(floor)
    web.holds(here, cut)
    await web.tell()
    await time_passes(floor, 300)
    everybody = [State.WAITING] * 3
    assert await states(floor, here, cut, gone) == everybody
    web.holds(here)
    await web.tell()
    assert await states(floor, here, cut, gone) == everybody
    web.holds(here, cut)
    await web.tell()
    await time_passes(floor, 46, told=True)
    await web.tell()
    assert await states(floor, here, cut, gone) == [State.WAITING, State.WAITING, State.OFFLINE]


async def test_of_two_web_processes_the_one_that_cannot_write_signs_nobody_off(floor: Floor) -> None:
    """Its screens live, though only the other's are written; one that stops is not waited for."""
    one, two = Web(floor, "one:8000"), Web(floor, "two:8000")
    first, second = await floor.people(2)
    one.holds(first)
    two.holds(second)
    await one.tell()
    await two.tell()
    await time_passes(floor, 60)
    await one.tell()
    await time_passes(floor, 60, told=False)
    await one.tell()
    assert await states(floor, first, second) == [State.WAITING, State.WAITING]
    await two.stop()
    await time_passes(floor, 46, told=True)
    await one.tell()
    assert await states(floor, first, second) == [State.WAITING, State.OFFLINE]


async def test_a_round_that_fails_leaves_no_trace_and_the_next_starts_afresh(floor: Floor) -> None:
    (agent,) = await floor.people(1)
    web = Web(floor)
    web.holds(agent)
    await web.tell()
    engine, nowhere = web.engine, create_async_engine("postgresql+asyncpg://nobody@127.0.0.1:1/nothing")
    web.engine = nowhere
    with pytest.raises((SQLAlchemyError, OSError)):
        await web.tell()
    web.engine = engine
    await time_passes(floor, 46, told=True)
    await web.tell()
    web.holds()
    await time_passes(floor, 44, told=True)
    assert await states(floor, agent) == [State.WAITING]


async def test_who_came_is_written_together_and_soon(floor: Floor) -> None:
    """A storm of returning screens is one statement."""
    people = await floor.people(20)
    presence = Web(floor)
    running = asyncio.create_task(presence.run())
    written: list[str] = []
    engine = floor.house.engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda _c, _k, statement, *_: written.append(statement))
    for person in people:
        presence.came(person.id or 0)
    async with asyncio.timeout(20):
        while len(await seen_at(floor)) < 20:
            await asyncio.sleep(0.01)
    assert len([statement for statement in written if statement.startswith("INSERT INTO screens_seen")]) == 1
    running.cancel()
