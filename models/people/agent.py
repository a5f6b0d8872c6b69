"""The agent's state: the table of `docs/AGENT_STATES.md` as data.

The server decides the state. What the PBX says of calls is a fact; it is kept beside the state, in `call`.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from ..base import Base, BigId, Versioned


class State(StrEnum):
    """What an agent is doing."""

    OFFLINE = "offline"  # DESCONECTADO
    WAITING = "waiting"  # EN ESPERA
    HANDLING = "handling"  # EN GESTIÓN
    WRAP_UP = "wrap_up"  # TIPIFICANDO
    PAUSED = "paused"  # EN PAUSA


class CallState(StrEnum):
    """The agent's part in a call; while it is not `none` the pill reads EN LLAMADA (or rings)."""

    NONE = "none"
    RINGING = "ringing"
    TALKING = "talking"
    HELD = "held"


# Which states may follow a state; the actions of `queue/people/agents.py` add their own conditions.
MAY_FOLLOW: dict[State, frozenset[State]] = {
    State.OFFLINE: frozenset({State.WAITING, State.HANDLING, State.PAUSED}),
    State.WAITING: frozenset({State.HANDLING, State.PAUSED, State.WRAP_UP, State.OFFLINE}),
    State.HANDLING: frozenset({State.WAITING, State.PAUSED, State.WRAP_UP, State.OFFLINE}),
    State.WRAP_UP: frozenset({State.WAITING, State.HANDLING, State.PAUSED, State.OFFLINE}),
    State.PAUSED: frozenset({State.WAITING, State.HANDLING, State.WRAP_UP, State.OFFLINE}),
}


# Reasons that the house gives and no agent chooses: several rings unanswered in a row, a supervisor who asked for it.
GIVEN_REASONS = frozenset({"no_answer", "supervisor"})


class PauseReason(Base, Versioned):
    """Why an agent pauses; `limit_seconds` is when the board raises an alarm."""

    __tablename__ = "pause_reasons"
    id: Mapped[BigId]
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    productive: Mapped[bool] = mapped_column(server_default="false", default=False)
    limit_seconds: Mapped[int | None]
    position: Mapped[int] = mapped_column(server_default="0", default=0)
    active: Mapped[bool] = mapped_column(server_default="true", default=True)


class Agent(Base, Versioned):
    """The working side of a user: one row each, for supervisors too, because a case may reach them (S3-19)."""

    __tablename__ = "agents"
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[State] = mapped_column(server_default="offline", default=State.OFFLINE)
    reason_id: Mapped[int | None] = mapped_column(ForeignKey("pause_reasons.id"))
    since: Mapped[datetime] = mapped_column(server_default=func.now())
    call: Mapped[CallState] = mapped_column(server_default="none", default=CallState.NONE)
    call_id: Mapped[str | None]
    call_since: Mapped[datetime | None]
    case_number: Mapped[int | None]  # the case held open, the same as cases.holder_id
    pending_reason_id: Mapped[int | None] = mapped_column(ForeignKey("pause_reasons.id"))
    wrap_up_until: Mapped[datetime | None]
    phone: Mapped[str] = mapped_column(server_default="unknown", default="unknown")  # PhoneState as the PBX sees it
    missed_calls: Mapped[int] = mapped_column(server_default="0", default=0)  # in a row
    overran_at: Mapped[datetime | None]  # when it was told that this pause is past its limit
    released_case: Mapped[int | None]  # the case that was open when the last screen was gone, until the agent is told
    released_at: Mapped[datetime | None]
    __table_args__ = (Index("ix_agents_not_offline", "state", postgresql_where="state <> 'offline'"),)


class AgentStateSpan(Base):
    """One stretch of time that an agent spent in a state; open while `until` is empty."""

    __tablename__ = "agent_state_spans"
    id: Mapped[BigId]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    state: Mapped[State]
    reason_id: Mapped[int | None]
    from_at: Mapped[datetime]
    until_at: Mapped[datetime | None]
    __table_args__ = (
        Index(None, "user_id", "from_at"),
        Index("uq_agent_state_spans_open", "user_id", unique=True, postgresql_where="until_at IS NULL"),
    )
