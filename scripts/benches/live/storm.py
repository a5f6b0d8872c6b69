"""Three thousand screens lose their line at once and come back; each missed a hundred events."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import orjson
from redis.asyncio import Redis

from atiende.realtime.events import SectionsCounted
from atiende.realtime.line.stream import EventStream

from ..shared.data import database
from ..shared.harness import Figure, Run
from ..shared.screens import Screen, masked
from ..shared.web import Web, web
from .connections import agents_screens, allow_many_files
from .fanout import CAMPAIGN, all_in_one_campaign

WHAT = "3,000 screens (500) come back at once with 100 missed events each: seconds until all are live"
SCREENS, SCREENS_SMALL, SCREENS_TINY = 3000, 500, 30
MISSED = 100


async def bench(run: Run) -> list[Figure]:
    """Everybody of one campaign misses the same events."""
    allow_many_files()
    count = run.size(SCREENS, SCREENS_SMALL, SCREENS_TINY)
    url = await database(run, customers=1000, cases=1000, agents=count)
    await all_in_one_campaign(run, url)
    redis = Redis.from_url(run.servers.redis.url())
    times: list[float] = []
    try:
        with web(run, url) as site:
            for _ in range(run.rounds):
                times.append(await _once(site, EventStream(redis), count))
    finally:
        await redis.aclose()
    middle = sorted(times)[len(times) // 2]
    return [Figure(f"until all {count} are live, with {MISSED} missed events each", middle, "s", "<= 10", rounds=times)]


async def _once(site: Web, stream: EventStream, count: int) -> float:
    """Open them all, break every line, tell events, come back; seconds until each has all it missed."""
    before = agents_screens(site)
    before.open(range(1, count + 1))
    before.quiet()
    cursor = await stream.cursor()
    before.close()
    event = SectionsCounted(at=datetime.now(UTC), campaign_id=CAMPAIGN, version=1, counts={"open": 1})
    told = (event.topics(), {"type": event.type, **event.model_dump(mode="json")})
    await stream.publish([told] * MISSED)
    resume = masked(orjson.dumps({"type": "resume", "since": cursor}))
    began = time.monotonic()
    after = agents_screens(site)

    def resumes(_: Screen) -> bytes:
        return resume

    after.open(range(1, count + 1), resumes)
    after.wait(count * (MISSED + 1))  # `hello` counts too
    took = time.monotonic() - began
    short = [screen.number for screen in after.all if screen.received < MISSED + 1]
    after.close()
    if short:
        raise RuntimeError(f"{len(short)} screens did not get all they missed")
    return took
