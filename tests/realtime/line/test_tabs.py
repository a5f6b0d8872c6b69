"""The active tab, seen by two web processes."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from atiende.realtime.line.hub import Hub
from atiende.realtime.line.listener import Close
from atiende.realtime.line.stream import EventStream
from atiende.realtime.line.tabs import ActiveTabs
from atiende.tests.support.sockets import Screen


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    client = Redis.from_url(redis_url)
    yield client
    await client.aclose()


def process(redis: Redis) -> ActiveTabs:
    stream = EventStream(redis)
    return ActiveTabs(redis, stream, Hub(stream))


async def test_a_reload_through_another_process_keeps_the_tab_though_the_old_socket_goes_later(redis: Redis) -> None:
    """The old socket's leaving must not free the key that the new one holds."""
    one, two = process(redis), process(redis)
    old, new, other = (Screen(1, tab=tab).listener for tab in ("a", "a", "b"))
    assert await one.claim(old, take=False)
    assert await two.claim(new, take=False)
    await one.let_go(old)
    assert not await one.claim(other, take=False)
    await two.let_go(new)
    assert await one.claim(other, take=False)


async def test_a_tab_replaced_elsewhere_closes_at_the_next_refresh(redis: Redis) -> None:
    """Also when the word of it was lost."""
    one, two = process(redis), process(redis)
    old, new = Screen(1, tab="a").listener, Screen(1, tab="b").listener
    assert await one.claim(old, take=False)
    assert await two.claim(new, take=True)
    await one.refresh()
    await two.refresh()
    assert old.code is Close.TAB_TAKEN
    assert new.code is None


async def test_after_redis_lost_everything_the_first_to_refresh_is_active(redis: Redis) -> None:
    one = process(redis)
    tab, other = Screen(1, tab="a").listener, Screen(1, tab="b").listener
    assert await one.claim(tab, take=False)
    await redis.flushall()
    await one.refresh()
    assert not await one.claim(other, take=False)


async def test_without_redis_every_tab_is_active() -> None:
    nowhere = process(Redis.from_url("redis://127.0.0.1:1"))
    assert await nowhere.claim(Screen(1, tab="a").listener, take=False)
    assert await nowhere.claim(Screen(1, tab="b").listener, take=True)


async def test_a_tab_whose_name_begins_alike_is_another(redis: Redis) -> None:
    one = process(redis)
    assert await one.claim(Screen(1, tab="ab").listener, take=False)
    assert not await one.claim(Screen(1, tab="a").listener, take=False)
