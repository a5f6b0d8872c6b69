"""One piece of work: a transaction, and what is let out after it.

    async with house.work(actor) as work:
        await pause_agent(work, agent_id, reason)   # changes rows; work.tell(event); work.later("job", ...)
    # committed: events go to the stream, jobs to arq, commands to the PBX. An exception: none of them.

Everything told is written as an outbox row in the same transaction, so that a crash between commit and release loses
nothing: the sweeper releases what stayed behind. Nobody calls `session.commit()`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import structlog
from pydantic_core import to_jsonable_python
from sqlalchemy import bindparam, func, insert, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from ..models.clock import database_now
from ..models.permissions import Role
from ..models.records import AuditRow, OutboxRow
from ..models.rows.values import Named
from ..models.rows.wallboard import WallboardLimits
from ..realtime.events import Event
from .lease import Fence, stand

log = structlog.get_logger()
T = TypeVar("T")

# Serialization failure and deadlock: the work had no effect and may be done again from its start.
_RETRY = frozenset({"40001", "40P01"})

_RELEASED = (
    update(OutboxRow)
    .where(OutboxRow.id.in_(bindparam("ids", expanding=True)))
    .values(released_at=func.clock_timestamp())
)
_LET = insert(OutboxRow).returning(OutboxRow.id, sort_by_parameter_order=True)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person, or the server itself (`SERVER`); from which address, and with which session or token."""

    id: int | None
    name: str
    role: Role
    address: str | None = None
    via: str | None = None

    @property
    def named(self) -> Named | None:
        return Named(id=self.id, name=self.name) if self.id else None


SERVER = Actor(None, "Atiende", Role.ADMIN)


@dataclass(slots=True)
class Let:
    """One thing to let out after the commit."""

    kind: str  # event, command, job
    payload: dict[str, Any]
    not_before: datetime | None = None


@dataclass(slots=True)
class Work:
    """What an action works with: `session` for rows, `now` (the database's time), `actor`, and what it lets out."""

    session: AsyncSession
    actor: Actor
    now: datetime
    house: House
    _let: list[Let] = field(default_factory=list)

    @property
    def me(self) -> int:
        """The id of the person who acts; only actions of people may ask."""
        assert self.actor.id is not None, "a person acts here"
        return self.actor.id

    def tell(self, *events: Event) -> None:
        """Tell screens, after the commit, in this order."""
        for event in events:
            topics = sorted(event.topics())
            payload = {"type": event.type, **event.model_dump(mode="json")}
            self._let.append(Let("event", {"topics": topics, "event": payload}))

    def later(self, job: str, *, at: datetime | None = None, **arguments: Any) -> None:
        """Let the worker run `job`, not before `at`. Jobs are at-least-once: make them idempotent."""
        self._let.append(Let("job", {"job": job, "arguments": arguments}, at))

    def command(self, pbx: str, name: str, *, within: float = 15.0, **arguments: Any) -> None:
        """Ask the bridge of `pbx` for something, once however often it is asked here; not done after `within` seconds.

        A command may be read twice: make it harmless to do twice, or write down that it was begun.
        """
        until = (self.now + timedelta(seconds=within)).isoformat()
        let = Let("command", {"pbx": pbx, "name": name, "arguments": arguments, "until": until})
        if let not in self._let:
            self._let.append(let)

    async def audit(self, action: str, subject: str, **detail: Any) -> None:
        """Write down who did what to what; `before` and `after` are the values that a change took from and to."""
        who = {"actor_id": self.actor.id, "address": self.actor.address, "via": self.actor.via}
        row = {**who, "action": action, "subject": subject, "detail": to_jsonable_python(detail)}
        await self.session.execute(insert(AuditRow).values(row))


Release = Callable[[list[tuple[int, Let]]], Awaitable[list[int]]]


@dataclass(slots=True)
class House:
    """The connections and the few plain settings that every action may need. Only `server/` builds and closes it.

    `release` lets outbox rows out (to Redis) and answers the ids that went; it never raises. `has_room` says whether
    uploads may take more of the disk.
    """

    engine: AsyncEngine
    release: Release
    region: str  # default country of phone numbers, e.g. "CO"
    time_zone: ZoneInfo
    locale: str
    data_dir: str
    limits: WallboardLimits = field(default_factory=WallboardLimits)  # of the wall board
    has_room: Callable[[], bool] = lambda: True
    at_once: AsyncEngine = field(init=False)  # each statement is a transaction: one round trip, not three

    def __post_init__(self) -> None:
        self.at_once = self.engine.execution_options(isolation_level="AUTOCOMMIT")

    @asynccontextmanager
    async def work(self, actor: Actor = SERVER, fence: Fence | None = None) -> AsyncIterator[Work]:
        """One transaction; at its end what was told is let out. Raises whatever the body raises, with nothing done.

        With a `fence` it begins only while that is the holder's (see `stand`); raises LeaseLost.
        """
        async with self._session() as session:
            async with session.begin():
                now = await stand(session, fence) if fence else await database_now(session)
                work = Work(session, actor, now, self)
                yield work
                await session.flush()
                waiting = await _write_outbox(session, work)
            await self._let_out(waiting)

    @asynccontextmanager
    async def look(self) -> AsyncIterator[AsyncSession]:
        """A read-only transaction in which all queries see the same moment."""
        async with self._session() as session:
            await session.connection(
                execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
            )
            yield session

    def _session(self) -> AsyncSession:
        # Row builders show phones as this region reads them, and use this time zone for customers without their own.
        info = {"region": self.region, "time_zone": self.time_zone}
        return AsyncSession(self.engine, expire_on_commit=False, info=info)

    async def _let_out(self, waiting: list[tuple[int, Let]]) -> None:
        """Release what this work told. What fails here is released by the sweeper."""
        if not waiting:
            return
        try:
            await self._mark_released(await self.release(waiting))
        except (DBAPIError, OSError) as why:
            log.warning("outbox.left_to_sweeper", rows=len(waiting), why=str(why))

    async def _mark_released(self, ids: list[int]) -> None:
        """Remember that these outbox rows went out."""
        if ids:
            async with self.at_once.connect() as connection:
                await connection.execute(_RELEASED, {"ids": ids})


async def _write_outbox(session: AsyncSession, work: Work) -> list[tuple[int, Let]]:
    """Store what is to be let out; answer what can go at once, with its row ids."""
    let = work._let
    if not let:
        return []
    rows = [{"kind": x.kind, "payload": x.payload, "not_before": x.not_before} for x in let]
    ids = (await session.execute(_LET, rows)).scalars().all()
    return [(i, x) for i, x in zip(ids, let, strict=True) if x.not_before is None]


async def again(act: Callable[[], Awaitable[T]], times: int = 3) -> T:
    """Do a whole piece of work again when the database says that two of them collided (deadlock, serialization)."""
    for left in range(times - 1, -1, -1):
        try:
            return await act()
        except DBAPIError as why:
            if left == 0 or getattr(why.orig, "sqlstate", None) not in _RETRY:
                raise
    raise AssertionError("unreachable")
