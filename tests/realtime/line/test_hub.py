"""The hub: every screen hears what is its own, once, in order, or is told that it missed something."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from atiende.realtime.events import Event, RightsChanged, TabTaken
from atiende.realtime.line.frames import Ring
from atiende.realtime.line.listener import OUTBOX_BYTES, Close, Listener
from atiende.realtime.line.stream import EventStream
from atiende.server.up.redis import PrivateRedis
from atiende.tests.support.folders import temporary_folder
from atiende.tests.support.sockets import Screen, joined, running_hub, until


@pytest.fixture
async def stream(redis_url: str) -> AsyncIterator[EventStream]:
    client = Redis.from_url(redis_url)
    yield EventStream(client)
    await client.aclose()


def tell(n: int, *topics: str, **more: Any) -> tuple[tuple[str, ...], dict[str, Any]]:
    return topics, {"type": "tried", "n": n, **more}


async def tell_event(stream: EventStream, event: Event) -> None:
    await stream.publish([(event.topics(), {"type": event.type, **event.model_dump(mode="json")})])


async def test_a_screen_hears_each_event_of_its_topics_once(stream: EventStream) -> None:
    """An event on two of its topics comes once; one on none of them does not come."""
    async with running_hub(stream) as hub, joined(hub, Screen(1, "user:1", "campaign:2")) as screen:
        await stream.publish([tell(1, "user:1", "campaign:2"), tell(2, "user:9"), tell(3, "campaign:2", "supervisors")])
        await until(lambda: len(screen.got) == 2)
        assert screen.numbers() == [1, 3]
        assert screen.got[0].keys() == {"id", "type", "n"}
        assert hub.cursor == await stream.cursor()


TOPICS = ["a", "b", "c"]
STORY = st.lists(st.lists(st.sets(st.sampled_from(TOPICS), min_size=1), max_size=4), max_size=8)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    story=STORY,
    hears=st.sets(st.sampled_from(TOPICS)),
    breaks=st.lists(st.integers(0, 7)),
    kept=st.sampled_from([0, 3, 4096]),
)
async def test_who_resumes_hears_exactly_what_was_missed(
    stream: EventStream, story: list[list[set[str]]], hears: set[str], breaks: list[int], kept: int
) -> None:
    """Whatever the batches, wherever the line breaks, from the ring or from Redis."""
    screen, n = Screen(1, *hears), 0
    expected: list[int] = []
    async with running_hub(stream, ring=Ring(kept)) as hub:
        cursor, started = hub.cursor, False
        for at, batch in enumerate(story):
            told = []
            for topics in batch:
                n += 1
                told.append(tell(n, *topics))
                if topics & hears:
                    expected.append(n)
            await stream.publish(told)
            await until_read(hub, stream)
            if at in breaks or at == len(story) - 1:  # the screen comes back for a moment
                async with joined(hub, screen, cursor):
                    started = True
                    await until(lambda: len(screen.got) >= len(expected))
                    cursor = hub.cursor
        assert screen.types() == ["tried"] * len(screen.got)
        assert screen.numbers() == (expected if started else [])


async def until_read(hub: Any, stream: EventStream) -> None:
    cursor = await stream.cursor()
    await until(lambda: hub.cursor == cursor)


async def test_a_new_socket_gets_what_came_before_it_said_from_where_it_resumes(stream: EventStream) -> None:
    """Nothing is handed out of order while the screen has not resumed; without `resume` it comes by itself."""
    async with running_hub(stream) as hub:
        screen, silent = Screen(1, "a"), Screen(2, "a")
        cursor = hub.cursor
        await stream.publish([tell(1, "a")])
        await until_read(hub, stream)
        await hub.join(screen.listener)
        await hub.join(silent.listener)
        reading = [asyncio.create_task(each.read()) for each in (screen, silent)]
        await stream.publish([tell(2, "a")])
        await until_read(hub, stream)
        assert screen.got == silent.got == []
        await hub.resume(screen.listener, cursor)
        await until(lambda: silent.got)
        assert screen.numbers() == [1, 2]
        assert silent.numbers() == [2]
        for task in reading:
            task.cancel()


@pytest.mark.parametrize("since", ["", "nonsense", "0000:17", "epoch:1"])
async def test_a_cursor_of_another_life_means_resync(stream: EventStream, since: str) -> None:
    async with running_hub(stream) as hub, joined(hub, Screen(1, "a"), since) as screen:
        await until(lambda: screen.got)
        assert screen.got == [{"type": "resync", "id": hub.cursor}]


async def test_a_gap_in_the_numbers_means_resync(stream: EventStream) -> None:
    """A reader overtaken by the stream's length does not go on as if nothing were missing."""
    async with running_hub(stream) as hub, joined(hub, Screen(1, "a")) as screen:
        await stream.redis.incr("atiende:events:number")  # a number that nobody will ever see
        await stream.publish([tell(2, "a")])
        await until(lambda: "resync" in screen.types())
        await stream.publish([tell(3, "a")])
        await until(lambda: 3 in screen.numbers())
        assert 2 not in screen.numbers()


async def test_a_flushed_redis_means_resync(stream: EventStream) -> None:
    """Without any new event too, since the numbers are looked at once a second."""
    async with running_hub(stream) as hub, joined(hub, Screen(1, "a")) as screen:
        await stream.publish([tell(1, "a")])
        await until(lambda: screen.numbers() == [1])
        await stream.redis.flushall()
        await until(lambda: "resync" in screen.types())
        assert screen.got[-1]["id"] == await stream.cursor()


async def test_more_missed_than_an_outbox_holds_means_resync(stream: EventStream) -> None:
    async with running_hub(stream) as hub:
        cursor = hub.cursor
        await stream.publish([tell(n, "a", big="x" * 10_000) for n in range(100)])
        await until_read(hub, stream)
        async with joined(hub, Screen(1, "a"), cursor) as screen:
            await until(lambda: screen.got)
            assert screen.types() == ["resync"]


async def test_a_screen_that_does_not_read_is_closed_and_the_others_hear_on(stream: EventStream) -> None:
    """4408 with at most 1 MiB waiting."""
    async with running_hub(stream) as hub, joined(hub, Screen(1, "a")) as screen:
        slow = Screen(2, "a")
        await hub.join(slow.listener)
        await hub.resume(slow.listener, hub.cursor)
        for n in range(30):
            await stream.publish([tell(n, "a", big="x" * 50_000)])
        await until(lambda: len(screen.numbers()) == 30)
        assert slow.listener.code is Close.TOO_SLOW
        assert OUTBOX_BYTES - slow.listener.room < OUTBOX_BYTES
        assert await slow.listener.next() is None


async def test_a_change_of_rights_changes_what_is_heard_and_a_session_that_ended_closes(stream: EventStream) -> None:
    """Another campaign from now on; what is watched and no longer allowed falls silent; 4401."""
    async with running_hub(stream) as hub, joined(hub, Screen(1, "user:1", "campaign:1")) as screen:
        screen.may_watch = frozenset({"case:7"})
        assert await hub.watch(screen.listener, "case:7")
        assert not await hub.watch(screen.listener, "case:8")
        screen.hears, screen.may_watch = frozenset({"user:1", "campaign:2"}), frozenset()
        await tell_event(stream, RightsChanged(at=datetime.now(UTC), user_id=1))
        await until(lambda: "campaign:2" in screen.listener.topics)
        await stream.publish([tell(1, "campaign:1"), tell(2, "case:7"), tell(3, "campaign:2")])
        await until(lambda: screen.numbers() == [3])
        screen.hears = None
        await tell_event(stream, RightsChanged(at=datetime.now(UTC), user_id=1, signed_out=True))
        await until(lambda: screen.listener.code is Close.SIGNED_OUT)
        assert not hub.hears("campaign:2")


async def test_what_was_missed_is_replayed_for_what_may_be_heard_now(stream: EventStream) -> None:
    async with running_hub(stream) as hub:
        cursor = hub.cursor
        await stream.publish([tell(1, "campaign:1"), tell(2, "campaign:2")])
        await until_read(hub, stream)
        async with joined(hub, Screen(1, "campaign:2"), cursor) as screen:
            await until(lambda: screen.got)
            assert screen.numbers() == [2]


async def test_taking_over_closes_the_persons_other_tabs_only(stream: EventStream) -> None:
    async with (
        running_hub(stream) as hub,
        joined(hub, Screen(1, "user:1", tab="old")) as old,
        joined(hub, Screen(1, "user:1", tab="new")) as new,
        joined(hub, Screen(1, "user:1")) as program,
        joined(hub, Screen(2, "user:2", tab="old")) as other,
    ):
        await tell_event(stream, TabTaken(at=datetime.now(UTC), user_id=1, tab="new"))
        await until(lambda: old.listener.code is Close.TAB_TAKEN)
        assert {new.listener.code, program.listener.code, other.listener.code} == {None}


@pytest.mark.faults
async def test_when_redis_is_killed_every_screen_is_told_to_refetch_once_it_is_back() -> None:
    """Kill -9 of Redis; the reader goes on by itself."""
    server = PrivateRedis(temporary_folder())
    server.start()
    server.wait_ready()
    client = Redis.from_url(server.url())
    stream = EventStream(client)
    try:
        async with running_hub(stream) as hub, joined(hub, Screen(1, "a")) as one, joined(hub, Screen(2, "b")) as two:
            await stream.publish([tell(1, "a")])
            await until(lambda: one.numbers() == [1])
            before = hub.cursor
            assert server.process is not None
            server.process.kill()
            server.process.wait()
            await until(lambda: hub.cursor == "")
            await until(lambda: "stream.lost" in one.types())
            async with joined(hub, Screen(3, "a"), before) as late:  # comes while Redis is away
                await until(lambda: late.types() == ["stream.lost"])
            server.start()
            await until(lambda: "resync" in one.types() and "resync" in two.types())
            await stream.publish([tell(2, "a")])
            await until(lambda: one.numbers() == [1, 2])
            assert before.split(":")[0] != hub.cursor.split(":")[0]
    finally:
        await client.aclose()
        server.stop()


def test_a_line_that_closed_meanwhile_stops_nobody() -> None:
    """One screen that just went away must not end the reader of all the others."""

    async def check(_watched: frozenset[str]) -> frozenset[str] | None:
        return frozenset()

    def gone(_wire: bytes) -> None:
        raise RuntimeError("the handler is closed")

    listener = Listener(1, "", check, gone)
    listener.put(b"now")
    listener.congested = True
    listener.put(b"later")
    listener.drain()
    assert listener.code is None
