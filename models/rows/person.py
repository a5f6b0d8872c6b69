"""Builds rows of people: name, role, agent state, call."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from ..people.agent import Agent, PauseReason
from ..people.user import User
from ..refused import NotFound
from .values import PersonRow

_pending = aliased(PauseReason, name="pending_reason")
_PEOPLE = (
    select(User, Agent, PauseReason.name, PauseReason.limit_seconds, _pending.name)
    .join(Agent, Agent.user_id == User.id)
    .outerjoin(PauseReason, PauseReason.id == Agent.reason_id)
    .outerjoin(_pending, _pending.id == Agent.pending_reason_id)
    .order_by(User.name, User.id)
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
