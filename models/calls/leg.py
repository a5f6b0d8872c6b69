"""The legs of a call: where the caller waited, whom they rang, with whom they talked; each with begin, end and outcome.

A call that goes from a queue to an agent, back into the queue, to another agent and outside has five legs. Every figure
of calls is counted from legs (`queue/figures/day.py`), so that what was offered is always what was answered, abandoned
or neither.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from ..base import Base, BigId

AGENT_OPEN = "kind = 'agent' AND ended_at IS NULL"
QUEUE_OPEN = "kind = 'queue' AND ended_at IS NULL"


class LegKind(StrEnum):
    """Where the caller is."""

    QUEUE = "queue"  # waits in a queue
    AGENT = "agent"  # an agent's phone rings, then the agent talks
    OUTSIDE = "outside"  # talks with somebody who is no agent: a transfer to a number outside


class LegOutcome(StrEnum):
    """How a leg ended; empty while it goes on."""

    ANSWERED = "answered"  # out of the queue to an agent
    ABANDONED = "abandoned"  # the caller hung up while they waited, or while the phone rang
    LEFT = "left"  # out of the queue without an agent: time is up, a key, nobody signed in
    NO_ANSWER = "no_answer"
    ELSEWHERE = "elsewhere"  # another phone took the call
    REJECTED = "rejected"
    FAILED = "failed"
    HANDED_ON = "handed_on"  # talked, and the call went on without this agent
    ENDED = "ended"  # talked, or rang, until the call was over


class CallLeg(Base):
    """One leg. Of a queue's leg `queue_name` is where the caller waits; of an agent's, which queue rang the phone."""

    __tablename__ = "call_legs"
    id: Mapped[BigId]
    call_id: Mapped[str] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"))
    kind: Mapped[LegKind]
    queue_name: Mapped[str | None]
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"))
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    number: Mapped[str] = mapped_column(server_default="", default="")  # outside: as the PBX dialled it
    began_at: Mapped[datetime] = mapped_column(server_default=func.now())
    answered_at: Mapped[datetime | None]  # from here on two people hear each other
    ended_at: Mapped[datetime | None]
    held_since: Mapped[datetime | None]
    held_seconds: Mapped[float] = mapped_column(server_default="0", default=0.0)
    outcome: Mapped[LegOutcome | None]
    __table_args__ = (
        Index("ix_call_legs_call", "call_id", "began_at"),
        Index("uq_call_legs_agent", "call_id", "agent_id", unique=True, postgresql_where=AGENT_OPEN),
        Index("uq_call_legs_queue", "call_id", unique=True, postgresql_where=QUEUE_OPEN),
        Index("ix_call_legs_open", "agent_id", postgresql_where="ended_at IS NULL"),
        Index("ix_call_legs_day", "kind", "began_at"),
    )
