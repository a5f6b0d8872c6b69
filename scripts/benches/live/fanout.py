"""One event to 1,000 screens through the real web process, against Bun publishing the same bytes."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import orjson
from redis.asyncio import Redis

from atiende.realtime.events import SectionsCounted
from atiende.realtime.line.frames import Frame, text_of
from atiende.realtime.line.stream import Cursor, Entry, EventStream

from ..shared import bun
from ..shared.data import connect, database, secret_of
from ..shared.harness import Figure, Run, cpu_seconds
from ..shared.screens import Screens
from ..shared.web import web

WHAT = "one event to 1,000 screens (100): CPU per delivery, deliveries/s with 8 in flight; against Bun"
SCREENS, SCREENS_TINY = 1000, 20
TOGETHER = 8
TEND_EVERY = 1.0  # seconds
CAMPAIGN = 1

Publish = Callable[[int], Awaitable[Any]]


async def bench(run: Run) -> list[Figure]:
    """The same event for everybody of a campaign and for supervisors."""
    count = run.size(SCREENS, SCREENS, SCREENS_TINY)
    url = await database(run, customers=1000, cases=1000, agents=count)
    await all_in_one_campaign(run, url)
    run.versions["bun"] = bun.install()
    redis = Redis.from_url(run.servers.redis.url())
    try:
        return await _bench(run, url, count, EventStream(redis))
    finally:
        await redis.aclose()


async def _bench(run: Run, url: str, count: int, stream: EventStream) -> list[Figure]:
    with ExitStack() as stack:
        site = stack.enter_context(web(run, url))
        ours = Screens(site.host, site.port, lambda n: f"/api/v1/live?tab=t{n}", lambda n: f"atiende={secret_of(n)}")
        stack.callback(ours.close)
        ours.open(range(1, count + 1))
        ours.quiet()
        told = _event()
        frame = _frame(await stream.where(), told)
        payload = run.folder / "payload.json"
        payload.write_text(text_of(frame))
        peer = stack.enter_context(bun.serving(payload))
        theirs = Screens("127.0.0.1", peer.port, lambda _: "/")
        stack.callback(theirs.close)
        theirs.open(range(count))
        theirs.quiet()

        async def publish(times: int) -> None:
            await stream.publish([told] * times)

        async def publish_there(times: int) -> None:
            peer.publish(times)

        here = _Side(ours, site.pid, publish, len(frame), count, theirs)
        there = _Side(theirs, peer.pid, publish_there, len(frame), count, ours)
        events = run.size(400, 100, 5)
        for side in (here, there):  # code that runs the first time, pages that are touched the first time
            await side.push(max(5, events // 4), 1)
        figures = await _compared(run, here, there, events, count)
        figures.append(Figure("screens lost meanwhile", ours.lost, "", "<= 0"))
        return figures


async def _compared(run: Run, here: _Side, there: _Side, events: int, count: int) -> list[Figure]:
    return [
        await run.compare(
            f"CPU s per million deliveries, one event at a time, {count} screens",
            "s",
            "<= 1.3",
            lambda: here.cpu(events),
            ("Bun", lambda: there.cpu(events)),
        ),
        await run.compare(
            f"deliveries/s, {TOGETHER} in flight, {count} screens",
            "/s",
            ">= 0.8",
            lambda: here.rate(events * 2),
            ("Bun", lambda: there.rate(events * 2)),
        ),
    ]


class _Side:
    """A server with its screens."""

    def __init__(self, screens: Screens, pid: int, publish: Publish, size: int, count: int, others: Screens) -> None:
        """`others` are the screens of the other side, which live on while this one is measured."""
        self.screens, self.pid, self.publish, self.count, self.others = screens, pid, publish, count, others
        screens.size = size
        self._tended = time.monotonic()

    async def push(self, events: int, together: int) -> None:
        """Publish, and wait until everybody has it, `together` at a time."""
        for _ in range(events // together):
            before = self.screens.received
            await self.publish(together)
            self.screens.wait(before + together * self.count)
            if time.monotonic() - self._tended > TEND_EVERY:
                self.others.tend()
                self._tended = time.monotonic()

    async def cpu(self, events: int) -> float:
        """CPU seconds of the server for a million deliveries."""
        before = cpu_seconds(self.pid)
        await self.push(events, 1)
        return (cpu_seconds(self.pid) - before) * 1e6 / (events * self.count)

    async def rate(self, events: int) -> float:
        """Deliveries a second."""
        events -= events % TOGETHER
        began = time.monotonic()
        await self.push(events, TOGETHER)
        return events * self.count / (time.monotonic() - began)


async def all_in_one_campaign(run: Run, url: str) -> None:
    """Have all agents work in the first campaign."""
    connection = await connect(run, url)
    everybody = "INSERT INTO campaign_agents (campaign_id, user_id) SELECT $1, id FROM users ON CONFLICT DO NOTHING"
    await connection.execute(everybody, CAMPAIGN)
    await connection.close()


def _event() -> tuple[frozenset[str], dict[str, Any]]:
    """A real event of about 300 bytes, always of the same length."""
    sections = ("assigned", "suspended", "arrears", "withdrawn", "active", "closed")
    counts = {f"{name}{more}": 123456 for name in sections for more in ("", "_today")}
    event = SectionsCounted(at=datetime(2026, 1, 2, tzinfo=UTC), campaign_id=CAMPAIGN, version=1, counts=counts)
    return event.topics(), {"type": event.type, **event.model_dump(mode="json")}


def _frame(at: Cursor, told: tuple[frozenset[str], dict[str, Any]]) -> bytes:
    """What a screen will get of it."""
    return Frame.of(Entry(at.epoch, at.number, told[1]["type"], tuple(told[0]), orjson.dumps(told[1]))).wire
