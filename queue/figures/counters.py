"""Tells counters when they changed: sections of campaigns, and each agent's own day. It also folds the delta rows.

One process does it, under a lease, and keeps in memory what it told last. A process that takes over tells everything
once, which costs little and does no harm.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import structlog
from redis.exceptions import RedisError
from sqlalchemy import CursorResult, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from ...models.clock import midnight
from ...models.people.agent import Agent, State
from ...models.rows.counters import Day, agents_who_saved, assigned, campaign_sections, days, kinds_of_cases
from ...realtime.events import DayCounted, Event, SectionsCounted
from ...realtime.line.stream import EventStream
from ..lease import hold
from ..work import House

log = structlog.get_logger()

LEASE = "counting"
LEASE_SECONDS = 5.0
FOLD_EVERY = timedelta(seconds=10)
_LONGEST_WORK = timedelta(seconds=20)  # a gestión becomes visible at its commit, at most this long after its time

# Several rows of one kind become one row; a kind whose sum is 0 has no row afterwards.
_FOLD = text(
    """
    WITH many AS (
        SELECT campaign_id, agent_id, status, service_state FROM case_count_deltas
        GROUP BY 1, 2, 3, 4 HAVING count(*) > 1
    ), gone AS (
        DELETE FROM case_count_deltas d USING many m
        WHERE (d.campaign_id, d.agent_id, d.status, d.service_state)
            = (m.campaign_id, m.agent_id, m.status, m.service_state)
        RETURNING d.*
    )
    INSERT INTO case_count_deltas (campaign_id, agent_id, status, service_state, n)
    SELECT campaign_id, agent_id, status, service_state, sum(n) FROM gone
    GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0
    """
)


_NOW_AND_SNAPSHOT = text("SELECT clock_timestamp(), pg_current_snapshot()::text")


class Counting:
    """`tick` it about once a second from any number of processes; one of them does the work."""

    def __init__(self, house: House, stream: EventStream) -> None:
        self.house = house
        self.stream = stream
        self._sections: dict[int, dict[str, int]] = {}
        self._days: dict[int, Day] = {}
        self._since: datetime | None = None  # the day that `_days` is of
        self._looked_at: datetime | None = None
        self._folded_at: datetime | None = None
        self._snapshot = ""  # what the last count saw, as PostgreSQL names it

    async def tick(self) -> int:
        """Count and tell what changed; how many events that were.

        While nothing at all was written to the database, and it is the same day, nothing can have changed.
        """
        if await self._nothing_was_written():
            return 0
        if await hold(self.house.engine, LEASE, LEASE_SECONDS) is None:
            self._forget()
            return 0
        async with self.house.look() as session:
            now, snapshot = (await session.execute(_NOW_AND_SNAPSHOT)).one()
            kinds = await kinds_of_cases(session)
            sections = campaign_sections(kinds)
            days = await self._changed_days(session, now)
        if not await self._tell(now, sections, days):
            self._forget()
            return 0
        told = sum(counts != self._sections.get(i) for i, counts in sections.items()) + len(days)
        self._sections, self._days, self._looked_at = sections, self._days | days, now
        self._snapshot = snapshot
        await self._fold(now)
        return told

    async def _nothing_was_written(self) -> bool:
        """Whether no transaction began to write since the last count, and none was at it then."""
        async with self.house.at_once.connect() as connection:
            now, snapshot = (await connection.execute(_NOW_AND_SNAPSHOT)).one()
        same = snapshot == self._snapshot and snapshot.endswith(":")  # the names of those at work stand behind it
        return bool(same and midnight(now, self.house.time_zone) == self._since)

    def _forget(self) -> None:
        self._sections, self._days, self._since, self._snapshot = {}, {}, None, ""

    async def _changed_days(self, session: AsyncSession, now: datetime) -> dict[int, Day]:
        """The days that differ from what was told last. At midnight a new day begins for everybody."""
        since = midnight(now, self.house.time_zone)
        have = await assigned(session)
        if since != self._since or self._looked_at is None:
            at_work = select(Agent.user_id).where(Agent.state != State.OFFLINE)
            who = set((await session.execute(at_work)).scalars()) | set(have)
            self._days, self._since = {}, since
        else:
            who = {agent for agent in {*have, *self._days} if have.get(agent, 0) != self._assigned_told(agent)}
            who |= await agents_who_saved(session, max(since, self._looked_at - _LONGEST_WORK))
        found = await days(session, who, since, have)
        return {agent: day for agent, day in found.items() if day != self._days.get(agent)}

    def _assigned_told(self, agent: int) -> int:
        return self._days.get(agent, Day()).assigned

    async def _tell(self, now: datetime, sections: dict[int, dict[str, int]], days: dict[int, Day]) -> bool:
        """Tell screens; False when Redis is away, so that it is told the next time."""
        version = int(now.timestamp() * 1000)
        events: list[Event] = [
            SectionsCounted(at=now, campaign_id=i, version=version, counts=counts)
            for i, counts in sections.items()
            if counts != self._sections.get(i)
        ]
        for agent, day in days.items():
            events.append(
                DayCounted(
                    at=now,
                    agent_id=agent,
                    version=version,
                    assigned=day.assigned,
                    dispositions=day.dispositions,
                    effective=day.effective,
                    mean_seconds=day.mean_seconds,
                )
            )
        try:
            await self.stream.publish([(e.topics(), {"type": e.type, **e.model_dump(mode="json")}) for e in events])
        except (RedisError, OSError) as why:
            log.warning("counters.not_told", why=str(why) or type(why).__name__)
            return False
        return True

    async def _fold(self, now: datetime) -> None:
        if self._folded_at is not None and now - self._folded_at < FOLD_EVERY:
            return
        async with self.house.engine.begin() as connection:
            await fold(connection)
        self._folded_at = now


async def fold(connection: AsyncConnection) -> int:
    """Put the delta rows of each kind together; how many rows replace them."""
    folded: CursorResult[Any] = await connection.execute(_FOLD)
    return folded.rowcount
