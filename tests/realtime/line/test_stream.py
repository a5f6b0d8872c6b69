"""The stream: numbers without gaps, and a reader that knows what it cannot know."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from atiende.realtime.line.stream import Cursor, EventStream
from atiende.server.up.redis import PrivateRedis
from atiende.tests.support.folders import temporary_folder


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    client = Redis.from_url(redis_url)
    yield client
    await client.aclose()


def events(*numbers: int) -> list[tuple[list[str], dict[str, object]]]:
    return [(["everyone"], {"type": "tried", "n": n}) for n in numbers]


async def test_numbers_have_no_gaps_when_many_publish(redis: Redis) -> None:
    """Forty publishers at once get consecutive numbers."""
    stream, other = EventStream(redis), EventStream(redis)
    start = await stream.begin()
    await asyncio.gather(*((stream if n % 2 else other).publish(events(n, n)) for n in range(40)))
    entries = await stream.replay(start, 100)
    assert entries is not None
    assert [entry.number for entry in entries] == [start.number + n for n in range(1, 81)]
    assert str(await stream.where()) == str(entries[-1].cursor) == await stream.cursor()


async def test_a_big_batch_keeps_its_order(redis: Redis) -> None:
    stream = EventStream(redis)
    start = await stream.begin()
    await stream.publish(events(*range(1200)))
    entries = await stream.replay(start, 2000)
    assert entries is not None
    assert [entry.payload for entry in entries] == [b'{"type":"tried","n":%d}' % n for n in range(1200)]


async def test_a_replay_that_is_not_whole_is_refused(redis: Redis) -> None:
    """What was trimmed away, is another epoch's, is too much or lies ahead is not replayed in part."""
    stream = EventStream(redis, keep=100)
    start = await stream.begin()
    await stream.publish(events(*range(1000)))
    end = await stream.where()
    assert await stream.replay(start, 5000) is None
    assert await stream.replay(Cursor(end.epoch, end.number - 10), 9) is None
    assert await stream.replay(Cursor("abcdef", end.number)) is None
    assert await stream.replay(Cursor(end.epoch, end.number + 1)) is None
    assert await stream.replay(end) == []


async def test_a_flushed_redis_begins_a_new_epoch_with_higher_numbers(redis: Redis) -> None:
    stream = EventStream(redis)
    await stream.publish(events(1))
    before = await stream.where()
    await redis.flushall()
    after = await stream.publish(events(2))
    assert after is not None
    assert after.epoch != before.epoch
    assert after.number > before.number
    assert await stream.replay(before) is None


async def test_what_passes_by_is_read_at_once_and_does_not_stay(redis: Redis) -> None:
    """The board's figures would fill the stream."""
    stream = EventStream(redis)
    start = await stream.begin()
    await stream.publish([(["wallboard"], {"type": "wallboard.figures", "x": "y" * 10_000})], passing=True)
    [entry] = await stream.read(start)
    assert entry.passing
    assert len(entry.payload) > 10_000
    assert (await redis.memory_usage("atiende:events")) < 10_000


@pytest.mark.parametrize("text", ["", "a", "a:", ":1", "a:b", "a:-1", "a b:1", "a:1:2", "a:" + "9" * 30, "é:1", "a:²"])
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="cursor"):
        Cursor.read(text)


@pytest.mark.faults
async def test_without_redis_the_cursor_is_empty_and_a_killed_redis_comes_back_as_a_new_epoch() -> None:
    folder: Path = temporary_folder()
    server = PrivateRedis(folder)
    server.start()
    server.wait_ready()
    client = Redis.from_url(server.url())
    stream = EventStream(client)
    try:
        await stream.publish(events(1))
        before = await stream.where()
        assert server.process is not None
        server.process.kill()
        server.process.wait()
        assert await stream.cursor() == ""
        server.start()
        server.wait_ready()
        after = await stream.begin()
        assert after.epoch != before.epoch
        assert after.number > before.number
    finally:
        await client.aclose()
        server.stop()
