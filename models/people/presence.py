"""Who has a live screen, and how far what we know of it goes.

A screen that was not seen may be gone, or nobody could write down that it was there: the database stood still, or the
process that holds the screen did. Only what every process of the installation told, without a gap, is known.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, ForeignKey, and_, case, func, select
from sqlalchemy.orm import Mapped, mapped_column

from ..base import Base
from .agent import Agent, CallState, State

TOLD_EVERY = timedelta(seconds=10)
LAPSE = 2.5 * TOLD_EVERY  # a longer silence of a process is a gap in what is known
FORGOTTEN_AFTER = timedelta(minutes=10)  # a process silent for so long was taken away for good
GONE_AFTER = timedelta(seconds=45)  # no screen, and no call → DESCONECTADO


class ScreenSeen(Base):
    """The last sign of a person's live screen. No action that holds the agent's row keeps it back."""

    __tablename__ = "screens_seen"
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime]


class ScreenTeller(Base):
    """A web process that tells whose screens live: all of them, at `told_at`, and without a gap from `since` on."""

    __tablename__ = "screen_tellers"
    process: Mapped[str] = mapped_column(primary_key=True)  # "machine:port": the next one there takes its place
    since: Mapped[datetime]
    told_at: Mapped[datetime]


def is_gone() -> ColumnElement[bool]:
    """Whether this agent, who is not in a call, surely had no screen for `GONE_AFTER`; false when it is not known."""
    now = func.clock_timestamp()
    whole = func.min(ScreenTeller.told_at) >= now - LAPSE
    known = select(case((whole, func.max(ScreenTeller.since)))).where(ScreenTeller.told_at > now - FORGOTTEN_AFTER)
    seen = select(ScreenSeen.at).where(ScreenSeen.user_id == Agent.user_id).scalar_subquery()
    since = func.greatest(Agent.since, seen)  # who just changed their state was here, seen or not
    limit = now - GONE_AFTER
    away = and_(since < limit, known.scalar_subquery() < limit)
    return and_(Agent.state != State.OFFLINE, Agent.call == CallState.NONE, away)
