"""The reasons to choose a pause from."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ..people.agent import GIVEN_REASONS, PauseReason
from .values import Row


class PauseReasonRow(Row):
    """A reason for a pause, and the seconds after which the board raises an alarm."""

    code: str
    name: str
    productive: bool
    limit_seconds: int | None


async def pause_reason_rows(session: AsyncSession) -> list[PauseReasonRow]:
    """The reasons that an agent may choose, in their order."""
    chosen = PauseReason.active, PauseReason.code.not_in(GIVEN_REASONS)
    reasons = await session.scalars(select(PauseReason).where(*chosen).order_by(PauseReason.position, PauseReason.id))
    return [PauseReasonRow.model_validate(reason) for reason in reasons]
