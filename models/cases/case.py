"""Cases: one customer (and account) worked in one campaign, in the order of X2."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Identity, Index, SmallInteger, literal, text
from sqlalchemy.orm import Mapped, mapped_column

from ..base import Base, BigId, Created, Versioned
from ..contact.channels import Channel
from ..customers.service_states import ServiceState


class CaseStatus(StrEnum):
    """Estado del caso (S3-16). A case is closed when its gestión is finished with nothing to follow; only `Case.final`,
    set by *Cerrar caso*, makes that irreversible (X1)."""

    OPEN = "open"
    SUSPENDED = "suspended"
    CLOSED = "closed"


# Stands for the last contact of a case that was never contacted: an index orders by it, and null would not compare.
NEVER = "'1000-01-01 00:00:00+00'::timestamptz"
ASIDE = "(status <> 'closed' AND (status = 'suspended' OR service_state = 'suspended'))"
_LAST = text("coalesce(last_contact_at, '1000-01-01 00:00:00+00'::timestamptz)")
_ORDER = ("campaign_priority", "priority", _LAST, "number")
_DUE = "due_at IS NOT NULL AND"
_FREE = "due_at IS NULL AND"
_OPEN = "status = 'open'"
_NOBODYS = "status = 'open' AND agent_id IS NULL AND holder_id IS NULL"
_ASSIGNED = "status <> 'closed' AND agent_id IS NOT NULL"


class Case(Base, Versioned, Created):
    """The unit of work, known by its number.

    `agent_id` is whom it is assigned to, `holder_id` who has it open now. `campaign_priority` and `service_state`
    repeat the campaign's and the account's so that one index gives the order (X2) and the sections (X12).
    """

    __tablename__ = "cases"
    number: Mapped[int] = mapped_column(Identity(start=10001), primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"))
    status: Mapped[CaseStatus] = mapped_column(server_default="open", default=CaseStatus.OPEN)
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    assigned_at: Mapped[datetime | None]
    assigned_by: Mapped[int | None]
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    held_at: Mapped[datetime | None]
    campaign_priority: Mapped[int] = mapped_column(SmallInteger)
    priority: Mapped[int] = mapped_column(SmallInteger, server_default="3", default=3)  # Priority.rank
    service_state: Mapped[ServiceState] = mapped_column(server_default="active", default=ServiceState.ACTIVE)
    due_at: Mapped[datetime | None]  # next appointment
    due_agent_id: Mapped[int | None]  # whose it is ("Para mí"); empty = anyone's
    last_contact_at: Mapped[datetime | None]
    last_result_id: Mapped[int | None]
    next_phone: Mapped[str | None]  # E.164: the alternative asked for (S4-22, S4-84)
    description: Mapped[str] = mapped_column(server_default="", default="")
    origin: Mapped[str] = mapped_column(server_default="import", default="import")
    job_id: Mapped[str | None]  # the upload that made it
    final: Mapped[bool] = mapped_column(server_default="false", default=False)  # closed for good (S3-25, X1)
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None]
    __table_args__ = (
        # One open case per (campaign, customer, account): a second import never doubles it.
        Index(
            "uq_cases_open",
            "campaign_id",
            "customer_id",
            text("coalesce(account_id, 0)"),
            unique=True,
            postgresql_where="status <> 'closed'",
        ),
        # The next case that nobody has: those due, and the others.
        Index("ix_cases_due", "campaign_id", "due_at", "number", postgresql_where=f"{_DUE} {_NOBODYS}"),
        Index("ix_cases_next", "campaign_id", *_ORDER, postgresql_where=f"{_FREE} {_NOBODYS}"),
        # An agent's own, to work and to list.
        Index("ix_cases_of_agent", "agent_id", *_ORDER, postgresql_where=_ASSIGNED),
        Index(
            "ix_cases_of_agent_due",
            "agent_id",
            "due_at",
            "number",
            postgresql_where=f"{_DUE} {_ASSIGNED}",
        ),
        # The lists, each campaign in its order.
        Index(
            "ix_cases_list",
            "campaign_id",
            "service_state",
            *_ORDER,
            postgresql_where=f"{_FREE} {_OPEN}",
        ),
        Index(
            "ix_cases_list_due",
            "campaign_id",
            "service_state",
            "due_at",
            "number",
            postgresql_where=f"{_DUE} {_OPEN}",
        ),
        Index("ix_cases_aside", "campaign_id", *_ORDER, postgresql_where=f"{_FREE} {ASIDE}"),
        Index("ix_cases_aside_due", "campaign_id", "due_at", "number", postgresql_where=f"{_DUE} {ASIDE}"),
        Index("ix_cases_closed", "campaign_id", "closed_at", "number", postgresql_where="status = 'closed'"),
        Index("ix_cases_account", "account_id", postgresql_where="account_id IS NOT NULL"),
        Index("ix_cases_held", "holder_id", unique=True, postgresql_where="holder_id IS NOT NULL"),
    )


def in_status(status: CaseStatus) -> ColumnElement[bool]:
    """Cases in this status. The value is written into the SQL, so that a prepared statement can use a partial index."""
    return Case.status == literal(status, Case.status.type, literal_execute=True)


def not_closed() -> ColumnElement[bool]:
    """Cases that are not closed; the value is written into the SQL for the same reason."""
    return Case.status != literal(CaseStatus.CLOSED, Case.status.type, literal_execute=True)


class Appointment(Base, Versioned, Created):
    """Next contact at a date and time: personal ("Para mí", S4-86) or for anyone; the case's `due_at` repeats it."""

    __tablename__ = "appointments"
    id: Mapped[BigId]
    case_number: Mapped[int] = mapped_column(ForeignKey("cases.number", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    phone: Mapped[str | None]
    note: Mapped[str] = mapped_column(server_default="", default="")
    told_at: Mapped[datetime | None]  # when `appointment.due` was told
    done_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    __table_args__ = (
        Index(
            "ix_appointments_to_tell",
            "at",
            postgresql_where="told_at IS NULL AND done_at IS NULL AND cancelled_at IS NULL",
        ),
        Index(
            "uq_appointments_open",
            "case_number",
            unique=True,
            postgresql_where="done_at IS NULL AND cancelled_at IS NULL",
        ),
    )


class Disposition(Base, Created):
    """A gestión as a record: one typified contact, or only a comment (S0-15, S0-21)."""

    __tablename__ = "dispositions"
    id: Mapped[BigId]
    case_number: Mapped[int] = mapped_column(ForeignKey("cases.number", ondelete="CASCADE"), index=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    campaign_id: Mapped[int]
    agent_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    result_path: Mapped[list[Any]] = mapped_column(server_default="[]")  # ids, level 1 first
    result_id: Mapped[int | None]
    result_name: Mapped[str] = mapped_column(server_default="", default="")  # as it read then
    effective: Mapped[bool] = mapped_column(server_default="false", default=False)  # contacto exitoso
    observations: Mapped[str] = mapped_column(server_default="", default="")
    finished: Mapped[bool] = mapped_column(server_default="false", default=False)
    next_contact_at: Mapped[datetime | None]
    mine: Mapped[bool] = mapped_column(server_default="false", default=False)
    phone: Mapped[str | None]
    call_id: Mapped[str | None]
    seconds: Mapped[int | None]  # how long the case was open for it
    __table_args__ = (Index(None, "agent_id", "created_at"), Index(None, "campaign_id", "created_at"))


class ContactAttempt(Base):
    """One call, mail, SMS or WhatsApp to a customer: what contact pressure counts (S2-24)."""

    __tablename__ = "contact_attempts"
    id: Mapped[BigId]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    case_number: Mapped[int | None] = mapped_column(ForeignKey("cases.number", ondelete="SET NULL"))
    campaign_id: Mapped[int | None]
    agent_id: Mapped[int | None]
    channel: Mapped[Channel]
    contact_point_id: Mapped[int | None]
    value: Mapped[str] = mapped_column(server_default="", default="")
    outcome: Mapped[str] = mapped_column(server_default="", default="")
    call_id: Mapped[str | None]
    at: Mapped[datetime]
    before: Mapped[dict[str, Any] | None]  # what it changed, to take it back: `queue/contact/taking_back.py`
    __table_args__ = (
        Index(None, "customer_id", "at"),
        Index("ix_contact_attempts_case", "case_number", postgresql_where="case_number IS NOT NULL"),
        Index("uq_contact_attempts_call", "call_id", unique=True, postgresql_where="call_id IS NOT NULL"),
    )


class CaseCountDelta(Base):
    """A change of how many cases there are of a kind, written by triggers; sums of them are the section counters.

    Rows are only added (no two agents wait for one counter); the clock folds them together.
    """

    __tablename__ = "case_count_deltas"
    id: Mapped[BigId]
    campaign_id: Mapped[int]
    agent_id: Mapped[int] = mapped_column(server_default="0")  # 0 = nobody's
    status: Mapped[str]
    service_state: Mapped[str]
    n: Mapped[int]
    __table_args__ = (
        Index("ix_case_count_deltas_kind", "campaign_id", "agent_id", "status", "service_state"),
        Index("ix_case_count_deltas_agent", "agent_id"),
    )
