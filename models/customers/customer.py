"""Customers with their contact points and accounts, and the bases they came in."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Computed, ForeignKey, Index, Numeric, func, literal_column
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from ..base import Base, BigId, Created, Versioned
from ..contact.channels import Channel, ContactKind
from .lines import line_in_sql
from .service_states import ServiceState


class Customer(Base, Versioned, Created):
    """A person (or company, whose name stands in `first_name`).

    `full_name` is what screens show; `search_key` the same folded to lower-case ASCII with the document;
    `sort_key` orders names as Spanish does. How its data come in and out is in `fields.py`, a row for each.
    """

    __tablename__ = "customers"
    id: Mapped[BigId]
    document_type: Mapped[str] = mapped_column(server_default="", default="")
    document: Mapped[str] = mapped_column(server_default="", default="")
    first_name: Mapped[str] = mapped_column(server_default="", default="")
    second_name: Mapped[str] = mapped_column(server_default="", default="")
    first_surname: Mapped[str] = mapped_column(server_default="", default="")
    second_surname: Mapped[str] = mapped_column(server_default="", default="")
    full_name: Mapped[str] = mapped_column(server_default="", default="")
    birth_date: Mapped[date | None]
    sex: Mapped[str] = mapped_column(server_default="", default="")
    city: Mapped[str] = mapped_column(server_default="", default="")
    time_zone: Mapped[str | None]
    custom: Mapped[dict[str, Any]] = mapped_column(server_default="{}", default=dict)
    search_key: Mapped[str] = mapped_column(server_default="", default="")
    sort_key: Mapped[str] = mapped_column(server_default="", default="")
    search: Mapped[Any] = mapped_column(TSVECTOR, Computed("to_tsvector('simple', search_key)", persisted=True))
    last_contact_at: Mapped[datetime | None]
    last_contact_channel: Mapped[str | None]
    last_contact_outcome: Mapped[str | None]
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
    imported: Mapped[bool] = mapped_column(server_default="false", default=False)  # came in by a base, not by hand
    __table_args__ = (
        Index("ix_customers_search", "search", postgresql_using="gin", postgresql_with={"fastupdate": "off"}),
        Index("ix_customers_document", "document", postgresql_ops={"document": "text_pattern_ops"}),
        Index(None, "sort_key", "id"),
        Index("uq_customers_document", "document_type", "document", unique=True, postgresql_where="document <> ''"),
    )


class CustomerBase(Base, Versioned, Created):
    """One uploaded list of customers. `key` names the columns that make two rows the same customer (S4-18)."""

    __tablename__ = "bases"
    id: Mapped[BigId]
    name: Mapped[str] = mapped_column(unique=True)
    key: Mapped[list[Any]] = mapped_column(server_default='["document_type", "document"]')
    deleted_at: Mapped[datetime | None]


class BaseMember(Base):
    """A customer came in this base, under this key; the key finds the same customer at the next upload.

    `job_id` is the last upload that named the customer, `joined_by` the one that brought them into the base.
    """

    __tablename__ = "base_members"
    base_id: Mapped[int] = mapped_column(ForeignKey("bases.id", ondelete="CASCADE"), primary_key=True)
    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    key: Mapped[str] = mapped_column(server_default="")
    job_id: Mapped[str | None]
    row_number: Mapped[int | None]
    joined_by: Mapped[str | None]
    __table_args__ = (Index(None, "base_id", "key"),)


class ContactPoint(Base, Versioned, Created):
    """One datum of contact: a phone in E.164, a mail in lower case, an address. `position` 0 is the principal one.

    Phones are compared by `line`, which the database works out (`lines.py`); it is NULL of anything else. A number that
    no plan knows is kept as it is dialled, without a plus.
    `extension` are the digits to dial once the phone answers.
    """

    __tablename__ = "contact_points"
    id: Mapped[BigId]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    kind: Mapped[ContactKind]
    value: Mapped[str]
    line: Mapped[str | None] = mapped_column(Computed(line_in_sql(), persisted=True))
    label: Mapped[str] = mapped_column(server_default="", default="")
    extension: Mapped[str] = mapped_column(server_default="", default="")
    position: Mapped[int] = mapped_column(server_default="0", default=0)
    __table_args__ = (
        Index("uq_contact_points_value", "customer_id", "kind", "value", unique=True),
        # Found by the whole line or its beginning, and by its last digits.
        Index(
            "ix_contact_points_line",
            "line",
            postgresql_where="line IS NOT NULL",
            postgresql_ops={"line": "text_pattern_ops"},
        ),
        Index(
            "ix_contact_points_line_end",
            literal_column("reverse(line)").label("line_end"),
            postgresql_where="line IS NOT NULL",
            postgresql_ops={"line_end": "text_pattern_ops"},
        ),
    )


class DoNotContact(Base, Created):
    """A channel that a customer closed, with the reason and where it came from; `channel` empty = all of them."""

    __tablename__ = "do_not_contact"
    id: Mapped[BigId]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"), index=True)
    channel: Mapped[Channel | None]
    reason: Mapped[str]
    source: Mapped[str]


class Account(Base, Versioned, Created):
    """A contract of a customer: plan (S2-20), service address (S2-19), cut-off date (S2-21), prórroga (S2-18).

    How its data come in and out is in `fields.py`, a row for each.
    """

    __tablename__ = "accounts"
    id: Mapped[BigId]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id", ondelete="CASCADE"))
    number: Mapped[str]
    plan: Mapped[str] = mapped_column(server_default="", default="")
    service_address: Mapped[str] = mapped_column(server_default="", default="")
    service_state: Mapped[ServiceState] = mapped_column(server_default="active", default=ServiceState.ACTIVE)
    cut_off_date: Mapped[date | None]
    extension_until: Mapped[date | None]  # prórroga
    balance: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    __table_args__ = (Index("uq_accounts_number", "customer_id", "number", unique=True),)
