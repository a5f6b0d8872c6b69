"""A lease: who may do a thing alone for some seconds, by the database's clock."""

from __future__ import annotations

import os
import secrets
import socket
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, case, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from ..models.records import Lease

ME = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"


class LeaseLost(Exception):
    """Another holder has the lease now."""


@dataclass(frozen=True, slots=True)
class Fence:
    """What a holder shows to prove that it still holds the lease."""

    name: str
    number: int


_STAND = (
    select(func.clock_timestamp())
    .select_from(Lease)
    .where(Lease.name == bindparam("name"), Lease.fence == bindparam("number"))
    .with_for_update(read=True)
)


async def stand(session: AsyncSession, fence: Fence) -> datetime:
    """Until the end of this transaction nobody else gets the lease; the database's time. Raises LeaseLost when
    somebody already has it.

    A process that was stopped for a while asks here before it changes anything, because what it knows may be old.
    """
    now: datetime | None = (
        await session.execute(_STAND, {"name": fence.name, "number": fence.number})
    ).scalar_one_or_none()
    if now is None:
        raise LeaseLost(fence.name)
    return now


async def hold(engine: AsyncEngine, name: str, seconds: float, holder: str = ME) -> int | None:
    """Take or prolong the lease `name`; its fence, or None while another holder has it.

    The fence grows with each new holder, so that messages of an old holder can be told from the new one's.
    """
    now = func.clock_timestamp()
    until = now + timedelta(seconds=seconds)
    mine = Lease.holder == holder
    fence = case((mine, Lease.fence), else_=Lease.fence + literal(1))
    statement = (
        insert(Lease)
        .values(name=name, holder=holder, until_at=until, fence=1)
        .on_conflict_do_update(
            index_elements=[Lease.name],
            set_={"holder": holder, "until_at": until, "fence": fence},
            where=or_(mine, Lease.until_at < now),
        )
        .returning(Lease.fence)
    )
    async with engine.begin() as connection:
        return (await connection.execute(statement)).scalar_one_or_none()


async def release(engine: AsyncEngine, name: str, holder: str = ME) -> None:
    """Give the lease back, so that the next holder need not wait for its end."""
    async with engine.begin() as connection:
        held = (Lease.name == name) & (Lease.holder == holder)
        await connection.execute(update(Lease).where(held).values(until_at=func.clock_timestamp()))
