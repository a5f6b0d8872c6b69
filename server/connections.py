"""The connections of one process and the house built on them; web, worker and bridge open the same way.

async with connections(settings) as open_ones:
    open_ones.house, open_ones.redis, open_ones.stream, open_ones.releaser
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from arq.connections import ArqRedis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from ..queue.outbox import Releaser
from ..queue.work import House
from ..realtime.line.stream import EventStream
from .database import make_engine
from .disk_space import DiskSpace
from .settings import Settings


@dataclass(frozen=True, slots=True)
class Connections:
    """What a process talks to."""

    house: House
    redis: ArqRedis
    stream: EventStream
    releaser: Releaser


def make_redis(url: str) -> ArqRedis:
    """A client that notices quickly when Redis cannot be reached.

    It has no `socket_timeout`: with one, redis-py writes inside `asyncio.wait_for`, which in Python 3.11 may swallow a
    cancellation, and a process would never end. Each reader limits its own wait.
    """
    client: ArqRedis = ArqRedis.from_url(
        url,
        socket_connect_timeout=1.0,
        health_check_interval=15,
        retry=Retry(NoBackoff(), 1),
        max_connections=64,
    )
    return client


@asynccontextmanager
async def connections(settings: Settings) -> AsyncIterator[Connections]:
    """Open them; neither the database nor Redis need answer yet. Closed at the end."""
    engine, redis = make_engine(settings.database_url or ""), make_redis(settings.redis_url or "")
    stream = EventStream(redis)
    releaser = Releaser(stream, redis, redis)
    house = House(
        engine=engine,
        release=releaser.release,
        region=settings.default_region,
        time_zone=settings.zone,
        locale=settings.locale,
        data_dir=str(settings.data_dir),
        limits=settings.board_limits,
        has_room=DiskSpace(settings.data_dir, settings.disk_floor_mb).takes_uploads,
    )
    try:
        yield Connections(house, redis, stream, releaser)
    finally:
        await redis.aclose()
        await engine.dispose()
