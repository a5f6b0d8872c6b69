"""The database's clock, which all processes share, and when a day begins."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

_NOW = select(func.clock_timestamp())


async def database_now(session: AsyncSession) -> datetime:
    """The time now (UTC) by the database's clock. Ask once for a request, so that all its rows mean the same moment."""
    now: datetime = (await session.execute(_NOW)).scalar_one()
    return now


def midnight(now: datetime, zone: ZoneInfo) -> datetime:
    """When the day of `now` began in `zone`."""
    return datetime.combine(now.astimezone(zone).date(), time(), zone)
