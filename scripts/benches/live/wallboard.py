"""The wall board of five hundred agents: what one computation a second costs, however many look."""

from __future__ import annotations

import os
import statistics
import time

from redis.asyncio import Redis

from atiende.queue.figures.wallboard import WallboardTeller
from atiende.realtime.line.hub import Hub
from atiende.realtime.line.stream import EventStream
from atiende.realtime.line.watchers import WallboardWatchers
from atiende.server.database import make_engine

from ..cases.case_list import house_of
from ..shared.data import connect, database
from ..shared.harness import Figure, Run

WHAT = "share of a core for the wall board's figures each second, 500 agents and a day of calls"

_DAY = (
    "INSERT INTO calls (id, pbx_id, pbx_call, direction, phase, campaign_id, queue_name, started_at, answered_at,"
    " ended_at) SELECT 'b' || i, 'main', 'b' || i, 'inbound', CASE WHEN i % 400 = 0 THEN 'talking' ELSE"
    " 'ended' END, 1 + i % 10, 'cola', t, CASE WHEN i % 12 > 0 THEN t + interval '9 seconds' END,"
    " CASE WHEN i % 400 > 0 THEN t + interval '3 minutes' END"
    " FROM (SELECT i, date_trunc('day', now() AT TIME ZONE 'America/Bogota') AT TIME ZONE 'America/Bogota'"
    " + i * interval '1 second' AS t FROM generate_series(1, $1::int) i) x"
)


# Each call waited in the queue; of twelve one gave up, and one agent talked in each of the others.
_LEGS = (
    "INSERT INTO call_legs (call_id, kind, queue_name, campaign_id, agent_id, began_at, answered_at, ended_at, outcome)"
    " SELECT id, 'queue', 'cola', campaign_id, NULL, started_at, NULL, coalesce(answered_at, ended_at),"
    " CASE WHEN answered_at IS NULL THEN 'abandoned' ELSE 'answered' END FROM calls WHERE queue_name = 'cola'"
    " UNION ALL SELECT id, 'agent', 'cola', campaign_id, (SELECT min(user_id) FROM agents), started_at, answered_at,"
    " ended_at, CASE WHEN ended_at IS NOT NULL THEN 'ended' END FROM calls WHERE queue_name = 'cola'"
    " AND answered_at IS NOT NULL"
)


async def bench(run: Run) -> list[Figure]:
    """CPU of this process while it works out and tells the figures: once a second in truth, here without a pause."""
    agents = run.size(500, 500, 20)
    url = await database(run, 1000, 1000, agents)
    plain = await connect(run, url)
    calls = run.size(20_000, 4_000, 100)
    if not await plain.fetchval("SELECT count(*) FROM calls"):
        await plain.execute(_DAY, calls)
        await plain.execute(_LEGS)
    await plain.close()
    redis = Redis.from_url(run.servers.redis.url())
    engine = make_engine(url)
    stream = EventStream(redis)
    teller = WallboardTeller(house_of(run, engine), stream, redis)
    shares, seconds = [], []
    try:
        await WallboardWatchers(redis, Hub(stream)).came()
        await teller.tick()
        for _ in range(run.size(60, 20, 2)):
            before, began = os.times(), time.perf_counter()
            if not await teller.tick():
                raise RuntimeError("nothing was told")
            after = os.times()
            shares.append((after.user + after.system - before.user - before.system) * 100)
            seconds.append((time.perf_counter() - began) * 1e3)
            await WallboardWatchers(redis, Hub(stream)).came()
    finally:
        await engine.dispose()
        await redis.aclose()
    return [
        Figure(f"share of a core, {agents} agents, {calls:,} calls today", statistics.mean(shares), "%", "<= 3"),
        Figure("until the figures are told", statistics.median(seconds), "ms", note="the database's part included"),
    ]
