"""Tells the wall board's figures: once a second, by one process, while anybody looks (M-06)."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy.ext.asyncio import AsyncSession

from ...models.clock import database_now
from ...models.rows.wallboard import Today
from ...realtime.events import WallboardFigures
from ...realtime.line.stream import EventStream
from ...realtime.line.watchers import anybody_watches
from ..lease import hold
from ..work import House
from .day import sum_up
from .moment import figures

log = structlog.get_logger()

LEASE = "wallboard"
LEASE_SECONDS = 3.0
DAY_LASTS = timedelta(seconds=5)  # how old the sums of the day may be
_DAY_SHARE = 1 / 50  # at most this share of the time goes into those sums, however long they take


class WallboardTeller:
    """`tick` it about once a second from any number of processes; one of them does the work."""

    def __init__(self, house: House, stream: EventStream, redis: Redis) -> None:
        self.house = house
        self.stream = stream
        self.redis = redis
        self._today: Today | None = None
        self._day_lasts = DAY_LASTS

    async def tick(self) -> bool:
        """Work out and tell the figures, if somebody looks and no other process does it; whether they were told."""
        try:
            if not await anybody_watches(self.redis) or await hold(self.house.engine, LEASE, LEASE_SECONDS) is None:
                return False
            await self._tell()
        except (RedisError, OSError) as why:
            log.warning("wallboard.not_told", why=str(why) or type(why).__name__)
            return False
        return True

    async def _tell(self) -> None:
        async with self.house.look() as session:
            now = await database_now(session)
            board = await figures(session, now, self.house.time_zone, self.house.limits, await self._day(session, now))
        event = WallboardFigures(at=now, figures=board.model_dump(mode="json"))
        told = (event.topics(), {"type": event.type, "at": event.at, "figures": event.figures})
        await self.stream.publish([told], passing=True)

    async def _day(self, session: AsyncSession, now: datetime) -> Today:
        """The sums of the day, worked out again when they are old."""
        if self._today is None or now - self._today.as_of >= self._day_lasts:
            began = time.monotonic()
            self._today = await sum_up(session, now, self.house.time_zone)
            took = timedelta(seconds=time.monotonic() - began)
            self._day_lasts = min(max(DAY_LASTS, took / _DAY_SHARE), timedelta(minutes=1))
        return self._today
