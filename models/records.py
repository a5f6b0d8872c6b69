"""What keeps the house honest: the outbox, the audit, answers already given, leases."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, BigId, Versioned


class OutboxRow(Base):
    """Something to be let out after the commit: `kind` is event, command or job."""

    __tablename__ = "outbox"
    id: Mapped[BigId]
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    not_before: Mapped[datetime | None]
    released_at: Mapped[datetime | None]
    __table_args__ = (
        Index("ix_outbox_waiting", "created_at", postgresql_where="released_at IS NULL"),
        Index("ix_outbox_released", "released_at", postgresql_where="released_at IS NOT NULL"),
    )


class AuditRow(Base):
    """Who did what to what, when and from where. Never changed; deleted only when it is older than the retention.

    `detail` may hold `before` and `after`: the values that were changed, by the names of their fields.
    """

    __tablename__ = "audit"
    id: Mapped[BigId]
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    actor_id: Mapped[int | None]  # empty: the server itself
    action: Mapped[str]
    subject: Mapped[str]  # "case:10021", "user:3"
    detail: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    address: Mapped[str | None]  # of the browser or program
    via: Mapped[str | None]  # the session ("s:…") or the token ("t:12") that was used
    __table_args__ = (
        Index(None, "subject", "at"),
        Index(None, "at"),
        Index(None, "actor_id", "at"),
        Index(None, "action", "at"),
    )


class InstallationSetting(Base, Versioned):
    """A setting that administrators change on a page; one without a row has its default (`models/audit/retention`)."""

    __tablename__ = "installation_settings"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSONB)
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    changed_by: Mapped[int | None]


class AnswerGiven(Base):
    """The answer to a changing request with an Idempotency-Key, written in the same transaction as its work."""

    __tablename__ = "answers_given"
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int]
    body: Mapped[dict[str, Any]]
    at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)


class Lease(Base):
    """Who may do a thing alone until `until_at` (database time); `fence` grows with each new holder."""

    __tablename__ = "leases"
    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    until_at: Mapped[datetime]
    fence: Mapped[int] = mapped_column(server_default="1", default=1)
