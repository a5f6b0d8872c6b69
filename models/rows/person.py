"""Builds rows of people (name, role, agent state, call), and lists users."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from ..cases.case import Case
from ..customers.customer import Customer
from ..people.agent import Agent, PauseReason
from ..people.user import User
from ..permissions import Role
from ..refused import NotFound
from .values import PersonRow, Row, UserAccountRow

_BY_NAME = (User.name, User.id)
_pending = aliased(PauseReason, name="pending_reason")
_PEOPLE = (
    select(User, Agent, PauseReason.name, PauseReason.limit_seconds, _pending.name)
    .join(Agent, Agent.user_id == User.id)
    .outerjoin(PauseReason, PauseReason.id == Agent.reason_id)
    .outerjoin(_pending, _pending.id == Agent.pending_reason_id)
    .order_by(*_BY_NAME)
    .execution_options(populate_existing=True)
)
_ACTIVE, _THESE = _PEOPLE.where(User.active), _PEOPLE.where(User.id.in_(bindparam("ids", expanding=True)))


async def person_row(session: AsyncSession, user_id: int) -> PersonRow:
    """One person as they are in this transaction. Raises NotFound."""
    rows = await person_rows(session, [user_id])
    if not rows:
        raise NotFound
    return rows[0]


async def person_rows(session: AsyncSession, ids: Iterable[int] | None = None) -> list[PersonRow]:
    """These people, or every active one; by name."""
    found = await session.execute(_ACTIVE) if ids is None else await session.execute(_THESE, {"ids": list(ids)})
    return [_row(*row) for row in found]


async def anybody(session: AsyncSession) -> bool:
    """Whether there is any user."""
    return (await session.scalar(select(User.id).limit(1))) is not None


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


def account_row(user: User) -> UserAccountRow:
    """What an administrator sees and sets of a person."""
    return UserAccountRow(
        id=user.id,
        name=user.name,
        user_version=user.version,
        username=user.username,
        role=user.role.value,
        extension=user.extension,
        active=user.active,
        has_password=user.password_hash is not None,
    )


def _row(user: User, agent: Agent, reason: str | None, limit: int | None, pending: str | None) -> PersonRow:
    return PersonRow(
        id=user.id,
        version=agent.version,
        username=user.username,
        name=user.name,
        role=user.role.value,
        state=agent.state.value,
        reason=reason,
        reason_limit_seconds=limit,
        since=agent.since,
        call=agent.call.value,
        call_id=agent.call_id,
        call_since=agent.call_since,
        case_number=agent.case_number,
        pending_reason=pending,
        wrap_up_until=agent.wrap_up_until,
        phone=agent.phone,
        extension=user.extension,
    )


class ReleasedCase(Row):
    """The case that was released while an agent had no screen, told at the next sign-in: its number, its customer's
    name, and when."""

    number: int
    customer: str
    at: datetime


async def released_case(session: AsyncSession, user_id: int) -> ReleasedCase | None:
    """What this agent was not told yet; None when there is nothing."""
    statement = (
        select(Case.number, Customer.full_name, Agent.released_at)
        .join(Case, Case.number == Agent.released_case)
        .join(Customer, Customer.id == Case.customer_id)
        .where(Agent.user_id == user_id)
    )
    found = (await session.execute(statement)).one_or_none()
    return ReleasedCase(number=found.number, customer=found.full_name, at=found.released_at) if found else None
