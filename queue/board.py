"""Tells the wall board's figures: once a second, by one process, while anybody looks (M-06)."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ..realtime.board_rows import Board, Today
from ..realtime.events import WallboardFigures
from ..realtime.stream import EventStream
from ..realtime.wallboard import figures
from ..realtime.watchers import anybody_watches
from .lease import hold
from .work import House

log = structlog.get_logger()

LEASE = "wallboard"
LEASE_SECONDS = 3.0
DAY_LASTS = timedelta(seconds=5)  # how old the sums of the day may be
_SHARE = 1 / 30  # of the time, at most, that goes into the figures


async def board_now(session: AsyncSession, house: House, today: Today | None = None) -> Board:
    """The figures as the database has them at this moment; `today`'s sums are used while they are fresh."""
    now = (await session.execute(select(func.clock_timestamp()))).scalar_one()
    fresh = today if today and now - today.as_of < DAY_LASTS else None
    return await figures(session, now, house.time_zone, fresh)


class BoardTeller:
    """`tick` it about once a second from any number of processes; one of them does the work."""

    def __init__(self, house: House, stream: EventStream, redis: Redis) -> None:
        self.house = house
        self.stream = stream
        self.redis = redis
        self._today: Today | None = None
        self._rest_until = 0.0

    async def tick(self) -> bool:
        """Work out and tell the figures, if somebody looks and nobody else does it. Whether they were told."""
        began = time.monotonic()
        try:
            if began < self._rest_until or not await anybody_watches(self.redis):
                return False
            if await hold(self.house.engine, LEASE, LEASE_SECONDS) is None:
                return False
            await self._tell()
        except (RedisError, OSError) as why:
            log.warning("wallboard.not_told", why=str(why) or type(why).__name__)
            return False
        took = time.monotonic() - began
        self._rest_until = began + took / _SHARE if took / _SHARE > 1 else 0.0
        return True

    async def _tell(self) -> None:
        async with self.house.look() as session:
            board = await board_now(session, self.house, self._today)
        self._today = board.today
        event = WallboardFigures(at=datetime.now(UTC), figures=board.model_dump(mode="json"))
        told = (event.topics(), {"type": event.type, "at": event.at, "figures": event.figures})
        await self.stream.publish([told], passing=True)
