"""Lets the outbox out: events to the stream, jobs to arq, commands to the stream of their PBX.

At least once: a row is released again when its first release was not written down. Repetition does no harm: events
carry versions, a job has the id of its row, and a command carries an id and a time limit, so that a bridge does not
repeat it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import orjson
import structlog
from arq.connections import ArqRedis
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import ColumnElement, CursorResult, Select, and_, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ..models.records import OutboxRow
from ..realtime.line.stream import EventStream
from .work import Let

log = structlog.get_logger()

LEFT_BEHIND = timedelta(seconds=2)  # an unreleased row this old was left by a crash, or by a Redis that was away
KEPT = timedelta(hours=1)
BATCH = 500
COMMANDS_KEPT = 1000
_PATIENCE = 1.0  # seconds an action waits for Redis
_PAUSE = 1.0  # and how long the next ones do not even ask

Waiting = Sequence[tuple[int, Let]]


class Releaser:
    """`release` is `House.release`: it never raises, and answers the ids of the rows that went out."""

    def __init__(self, stream: EventStream, arq_pool: ArqRedis, redis: Redis) -> None:
        self.stream = stream
        self.arq_pool = arq_pool
        self.redis = redis
        self._away_until = 0.0

    async def release(self, waiting: Waiting) -> list[int]:
        """Let rows out, events in their order. While Redis is away actions do not wait: the sweeper releases later."""
        gone: list[int] = []
        if time.monotonic() < self._away_until:
            return gone
        try:
            async with asyncio.timeout(_PATIENCE):
                for let_out in (self._events, self._commands, self._jobs):
                    gone += await let_out(waiting)
        except (RedisError, OSError) as why:
            self._away_until = time.monotonic() + _PAUSE
            log.warning("outbox.redis_away", rows=len(waiting) - len(gone), why=str(why) or type(why).__name__)
        return gone

    async def _events(self, waiting: Waiting) -> list[int]:
        mine = _of_kind(waiting, "event")
        await self.stream.publish([(let.payload["topics"], let.payload["event"]) for _, let in mine])
        return [row for row, _ in mine]

    async def _commands(self, waiting: Waiting) -> list[int]:
        mine = _of_kind(waiting, "command")
        async with self.redis.pipeline(transaction=False) as pipeline:
            for row, let in mine:
                fields: Any = {
                    "id": row,
                    "name": let.payload["name"],
                    "arguments": orjson.dumps(let.payload["arguments"]),
                    "until": let.payload["until"],
                }
                pipeline.xadd(f"pbx:{let.payload['pbx']}", fields, maxlen=COMMANDS_KEPT, approximate=True)
            await pipeline.execute()
        return [row for row, _ in mine]

    async def _jobs(self, waiting: Waiting) -> list[int]:
        mine = _of_kind(waiting, "job")
        for row, let in mine:
            await self.arq_pool.enqueue_job(let.payload["job"], _job_id=f"outbox-{row}", **let.payload["arguments"])
        return [row for row, _ in mine]


def _of_kind(waiting: Waiting, kind: str) -> list[tuple[int, Let]]:
    return [(row, let) for row, let in waiting if let.kind == kind]


async def sweep(engine: AsyncEngine, releaser: Releaser) -> int:
    """Release what stayed behind and what has become due; forget what went out an hour ago. How many were released."""
    released = 0
    async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        waits, old = (await connection.execute(_ANYTHING)).one()
    while waits and (batch := await _sweep_batch(engine, releaser)):
        released += batch
    if old:
        async with engine.begin() as connection:
            await _forget_old(connection)
    return released


async def _sweep_batch(engine: AsyncEngine, releaser: Releaser) -> int:
    """One batch in one transaction; its rows are locked, and rows locked by another sweeper are left to it."""
    async with engine.begin() as connection:
        rows = (await connection.execute(_left_behind())).all()
        gone = await releaser.release([(row.id, Let(row.kind, row.payload)) for row in rows]) if rows else []
        if gone:
            released = update(OutboxRow).where(OutboxRow.id.in_(gone)).values(released_at=func.clock_timestamp())
            await connection.execute(released)
    return len(gone)


def _left_behind() -> Select[tuple[int, str, dict[str, Any]]]:
    rows = select(OutboxRow.id, OutboxRow.kind, OutboxRow.payload).where(_waits())
    return rows.order_by(OutboxRow.id).limit(BATCH).with_for_update(skip_locked=True)


def _waits() -> ColumnElement[bool]:
    now = func.clock_timestamp()
    waited = and_(OutboxRow.not_before.is_(None), OutboxRow.created_at < now - LEFT_BEHIND)
    return and_(OutboxRow.released_at.is_(None), or_(waited, OutboxRow.not_before <= now))


def _is_old() -> ColumnElement[bool]:
    return OutboxRow.released_at < func.clock_timestamp() - KEPT


_ANYTHING = select(exists().where(_waits()), exists().where(_is_old()))


async def _forget_old(connection: AsyncConnection) -> int:
    some = select(OutboxRow.id).where(_is_old()).limit(10 * BATCH).scalar_subquery()
    gone: CursorResult[Any] = await connection.execute(delete(OutboxRow).where(OutboxRow.id.in_(some)))
    return gone.rowcount
