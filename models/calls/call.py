"""Calls as the PBX reported them, and the PBXs. Where a caller waited, rang and talked: `models/calls/leg.py`."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from ..base import Base, Versioned


class CallPhase(StrEnum):
    """Where a call stands."""

    DIALING = "dialing"  # asked for here, no phone rings yet
    WAITING = "waiting"  # in a queue, no phone rings yet
    RINGING = "ringing"
    TALKING = "talking"
    OUTSIDE = "outside"  # goes on with somebody who is no agent: transferred outside
    ENDED = "ended"


class Call(Base, Versioned):
    """One call. `id` is ours (32 hexadecimal digits); `pbx_call` the PBX's name of it."""

    __tablename__ = "calls"
    id: Mapped[str] = mapped_column(primary_key=True)
    pbx_id: Mapped[str]
    pbx_call: Mapped[str]
    direction: Mapped[str]
    phase: Mapped[CallPhase]
    caller_number: Mapped[str] = mapped_column(server_default="", default="")  # as the PBX wrote it
    caller_phone: Mapped[str | None]  # E.164 when it can be read
    caller_name: Mapped[str] = mapped_column(server_default="", default="")
    queue_name: Mapped[str | None]
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id", ondelete="SET NULL"))
    case_number: Mapped[int | None] = mapped_column(ForeignKey("cases.number", ondelete="SET NULL"))
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))  # who asked for it, or answered last
    matches: Mapped[list[Any]] = mapped_column(server_default="[]", default=list)  # customer ids, likeliest first
    started_at: Mapped[datetime] = mapped_column(server_default=func.now())
    answered_at: Mapped[datetime | None]  # by the first agent
    ended_at: Mapped[datetime | None]
    cause: Mapped[int | None]  # Q.850
    # Of a call that an agent asked for here:
    contact_point_id: Mapped[int | None]
    begin_before: Mapped[datetime | None]  # later it is no longer dialled
    begun_at: Mapped[datetime | None]  # written before it is dialled, so that nobody dials it again
    rang_at: Mapped[datetime | None]  # the customer's phone rang: the contact counts
    outcome: Mapped[str | None]  # what became of it (telephony's DialOutcome, or why it was not dialled)
    __table_args__ = (
        Index("uq_calls_pbx_call", "pbx_id", "pbx_call", unique=True),
        Index("ix_calls_going_on", "phase", postgresql_where="phase <> 'ended'"),
        Index("ix_calls_customer", "customer_id", postgresql_where="customer_id IS NOT NULL"),
        Index("ix_calls_case", "case_number", postgresql_where="case_number IS NOT NULL"),
        Index(None, "started_at"),
    )

    @property
    def asked_here(self) -> bool:
        """Whether an agent asked for it by a click."""
        return self.begin_before is not None


class Pbx(Base, Versioned):
    """A PBX and whether its bridge hears it."""

    __tablename__ = "pbxs"
    id: Mapped[str] = mapped_column(primary_key=True)
    connected: Mapped[bool] = mapped_column(server_default="false", default=False)
    since: Mapped[datetime] = mapped_column(server_default=func.now())
    pbx_version: Mapped[str] = mapped_column(server_default="", default="")
    reason: Mapped[str] = mapped_column(server_default="", default="")
    doubled: Mapped[list[Any]] = mapped_column(server_default="[]", default=list)  # [queue, extension] rung twice
