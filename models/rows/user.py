"""Users as administrators and supervisors list them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ..people.user import User
from ..permissions import Role

_BY_NAME = (User.name, User.id)


async def users_by_name(session: AsyncSession, *, shut_out: bool) -> Sequence[User]:
    """Users by name, with those who were shut out or without them."""
    statement = select(User).order_by(*_BY_NAME)
    return (await session.scalars(statement if shut_out else statement.where(User.active))).all()


async def users_shut_out_last(session: AsyncSession) -> Sequence[User]:
    """Everybody by name, those who may not enter last."""
    return (await session.scalars(select(User).order_by(User.active.desc(), *_BY_NAME))).all()


async def users_agents_first(session: AsyncSession) -> Sequence[User]:
    """Active users, whom a campaign may be given: agents first, then by name."""
    return (await session.scalars(select(User).where(User.active).order_by(User.role != Role.AGENT, User.name))).all()
