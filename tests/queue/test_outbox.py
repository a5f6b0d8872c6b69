"""The outbox: what a work told comes out once it is committed, whatever dies in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest
from arq.connections import ArqRedis
from arq.worker import Worker, func
from sqlalchemy import func as sql
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from atiende.models.records import OutboxRow
from atiende.queue import outbox
from atiende.queue.outbox import Releaser, sweep
from atiende.queue.work import House, Let
from atiende.realtime.events import PbxLost
from atiende.realtime.line.stream import Cursor, EventStream
from atiende.server.connections import make_redis
from atiende.server.up.redis import PrivateRedis
from atiende.tests.support.folders import temporary_folder


@dataclass
class Yard:
    """A house whose outbox goes to a real Redis."""

    house: House
    engine: AsyncEngine
    redis: ArqRedis
    stream: EventStream
    releaser: Releaser
    start: Cursor

    async def told(self) -> list[int]:
        """The versions of the events in the stream."""
        entries = await self.stream.replay(self.start)
        assert entries is not None
        return [orjson.loads(entry.payload)["version"] for entry in entries]

    async def waiting(self) -> int:
        async with self.engine.connect() as connection:
            rows = select(sql.count()).select_from(OutboxRow).where(OutboxRow.released_at.is_(None))
            return int((await connection.execute(rows)).scalar_one())

    async def age(self, **by: int) -> None:
        """Make every row older."""
        older = timedelta(**by)
        async with self.engine.begin() as connection:
            values = {"created_at": OutboxRow.created_at - older, "released_at": OutboxRow.released_at - older}
            await connection.execute(update(OutboxRow).values(values))

    def crashed(self) -> House:
        """The same house in a process that dies between commit and release."""

        async def die(_waiting: list[tuple[int, Let]]) -> list[int]:
            return []

        return replace(self.house, release=die)


def event(version: int) -> PbxLost:
    at = datetime.now(UTC)
    return PbxLost(at=at, pbx="main", since=at, version=version)


async def build(database_url: str, redis_url: str) -> Yard:
    engine, redis = create_async_engine(database_url), make_redis(redis_url)
    stream = EventStream(redis)
    releaser = Releaser(stream, redis, redis)
    house = House(engine, releaser.release, "CO", ZoneInfo("America/Bogota"), "es", "")
    return Yard(house, engine, redis, stream, releaser, await stream.begin())


@pytest.fixture
async def yard(database_url: str, redis_url: str) -> AsyncIterator[Yard]:
    yard = await build(database_url, redis_url)
    yield yard
    await yard.redis.aclose()
    await yard.engine.dispose()


async def test_what_is_told_is_published_in_order_after_the_commit(yard: Yard) -> None:
    """And an undone work tells nothing."""
    async with yard.house.work() as work:
        work.tell(event(1), event(2))
        work.tell(event(3))
        assert await yard.told() == []
    assert await yard.told() == [1, 2, 3]
    with pytest.raises(ZeroDivisionError):
        async with yard.house.work() as work:
            work.tell(event(4))
            _ = 1 / 0
    assert await yard.told() == [1, 2, 3]
    assert await yard.waiting() == 0


async def test_what_a_crash_left_is_published_once_by_any_number_of_sweepers(yard: Yard) -> None:
    """A process died between commit and release."""
    for version in range(1200):
        async with yard.crashed().work() as work:
            work.tell(event(version))
        if version == 3:
            assert await sweep(yard.engine, yard.releaser) == 0  # too young: its process may still release it
    await yard.age(seconds=5)
    swept = await asyncio.gather(*(sweep(yard.engine, yard.releaser) for _ in range(4)))
    assert sum(swept) == 1200
    assert sorted(await yard.told()) == list(range(1200))
    assert await sweep(yard.engine, yard.releaser) == 0
    assert await yard.waiting() == 0


async def test_a_job_runs_once_though_its_row_is_released_twice(yard: Yard) -> None:
    ran: list[Any] = []

    async def job(_context: Any, number: int) -> None:
        ran.append(number)

    async with yard.house.work() as work:
        work.later("job", number=7)
        work.later("job", at=work.now + timedelta(hours=1), number=8)
    async with yard.engine.begin() as connection:
        await connection.execute(update(OutboxRow).values(released_at=None))
    await yard.age(seconds=5)
    await sweep(yard.engine, yard.releaser)
    worker = Worker([func(job, name="job")], redis_pool=yard.redis, burst=True, poll_delay=0.01, handle_signals=False)
    await worker.async_run()
    assert ran == [7]
    assert await yard.waiting() == 1  # the one that is not due
    async with yard.engine.begin() as connection:
        await connection.execute(update(OutboxRow).values(not_before=sql.now()))
    await sweep(yard.engine, yard.releaser)
    await worker.async_run()
    assert ran == [7, 8]


async def test_a_command_goes_to_the_stream_of_its_pbx(yard: Yard) -> None:
    async with yard.house.work() as work:
        work.command("main", "hang_up", call="abc")
    [[_, fields]] = await yard.redis.xrange("pbx:main")
    assert fields[b"name"] == b"hang_up"
    assert orjson.loads(fields[b"arguments"]) == {"call": "abc"}


async def test_what_went_out_long_ago_is_forgotten(yard: Yard) -> None:
    async with yard.house.work() as work:
        work.tell(event(1))
    await yard.age(minutes=59)
    await sweep(yard.engine, yard.releaser)
    async with yard.house.work() as work:
        work.tell(event(2))
    await yard.age(minutes=2)
    await sweep(yard.engine, yard.releaser)
    async with yard.engine.connect() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM outbox"))).scalar_one() == 1


def asks(yard: Yard, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one whenever a work waits for Redis; who was told that it is away does not ask again for an hour."""
    asked: list[int] = []
    publish = yard.stream.publish

    async def counted(*given: Any, **more: Any) -> Any:
        asked.append(1)
        return await publish(*given, **more)

    monkeypatch.setattr(yard.stream, "publish", counted)
    monkeypatch.setattr(outbox, "_PAUSE", 3600.0)
    return asked


@pytest.mark.faults
async def test_while_redis_is_away_work_saves_without_delay_and_is_published_when_it_is_back(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kill -9 of Redis; nothing that was saved stays untold."""
    server = PrivateRedis(temporary_folder())
    server.start()
    server.wait_ready()
    yard = await build(database_url, server.url())
    try:
        assert server.process is not None
        server.process.kill()
        server.process.wait()
        asked = asks(yard, monkeypatch)
        for version in range(20):
            async with yard.house.work() as work:
                work.tell(event(version))
                work.later("job", number=version)
        assert len(asked) == 1
        monkeypatch.undo()
        yard.releaser._away_until = 0.0
        await yard.age(seconds=5)
        assert await sweep(yard.engine, yard.releaser) == 0
        assert await yard.waiting() == 40
        server.start()
        server.wait_ready()
        yard.start = await yard.stream.begin()
        async with asyncio.timeout(20):
            while await yard.waiting():
                await sweep(yard.engine, yard.releaser)
                await asyncio.sleep(0.05)
        assert await yard.told() == list(range(20))
        assert await yard.redis.zcard("arq:queue") == 20
    finally:
        await yard.redis.aclose()
        await yard.engine.dispose()
        server.stop()


@pytest.mark.faults
async def test_a_redis_that_hangs_is_waited_for_by_one_work_and_not_by_the_next_ones(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SIGSTOP: the connection stands and nothing answers."""
    import os
    import signal

    server = PrivateRedis(temporary_folder())
    server.start()
    server.wait_ready()
    yard = await build(database_url, server.url())
    assert server.process is not None
    try:
        os.kill(server.process.pid, signal.SIGSTOP)
        asked = asks(yard, monkeypatch)
        for version in range(10):
            async with yard.house.work() as work:
                work.tell(event(version))
        assert len(asked) == 1
        assert await yard.waiting() == 10
    finally:
        os.kill(server.process.pid, signal.SIGCONT)
        await yard.redis.aclose()
        await yard.engine.dispose()
        server.stop()
