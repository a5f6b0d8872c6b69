"""Builds rows of customers: as a case's row names them, and all that is kept of one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import create_model
from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from ..contact.channels import ContactKind
from ..customers.customer import Account, ContactPoint, Customer
from ..customers.field_types import shown_types
from ..customers.fields import CUSTOMER_FIELDS
from ..customers.phones import show_phone
from .values import AccountRow, Contact, CustomerRef, Row


class ContactPointRow(Row):
    """One datum of contact; phones are also shown as the country reads them, with the extension behind them."""

    id: int
    version: int
    kind: str
    value: str
    shown: str
    label: str
    extension: str


_CustomerData = create_model("_CustomerData", __base__=Row, **shown_types(CUSTOMER_FIELDS))


class CustomerSheet(_CustomerData):  # the columns of the table of fields
    """All that is kept of a customer (S3-40…S3-45, S3-47, S3-63)."""

    id: int
    version: int
    name: str
    ref: CustomerRef
    time_zone: str | None
    custom: dict[str, Any]
    updated_at: datetime
    contact_points: list[ContactPointRow]
    accounts: list[AccountRow]


# Built once: they run for every case that is opened, and putting one together takes as long as running it.
_CUSTOMER = select(Customer).where(Customer.id == bindparam("customer")).execution_options(populate_existing=True)
_ACCOUNTS = select(Account).where(Account.customer_id == bindparam("customer")).order_by(Account.id)
_POINTS = (
    select(ContactPoint)
    .where(ContactPoint.customer_id == bindparam("customer"))
    .order_by(ContactPoint.position, ContactPoint.id)
)


def customer_ref(customer: Customer) -> CustomerRef:
    """A customer as a row names them."""
    document = f"{customer.document_type} {customer.document}".strip()
    return CustomerRef(id=customer.id, name=customer.full_name, document=document)


def last_contact(customer: Customer) -> Contact | None:
    """The last communication with a customer, whatever the campaign."""
    if customer.last_contact_at is None:
        return None
    return Contact(
        at=customer.last_contact_at,
        channel=customer.last_contact_channel or "",
        outcome=customer.last_contact_outcome or "",
    )


async def customer_sheet(session: AsyncSession, customer_id: int) -> CustomerSheet:
    """All that is kept of a customer. Raises NoResultFound for one that is not there."""
    customer = (await session.execute(_CUSTOMER, {"customer": customer_id})).scalar_one()
    accounts = await session.scalars(_ACCOUNTS, {"customer": customer_id})
    kept = {name: getattr(customer, name) for name in CustomerSheet.model_fields if hasattr(customer, name)}
    return CustomerSheet(
        **kept,
        name=customer.full_name,
        ref=customer_ref(customer),
        contact_points=await contact_point_rows(session, customer_id),
        accounts=[AccountRow.model_validate(account) for account in accounts],
    )


async def contact_point_rows(session: AsyncSession, customer_id: int) -> list[ContactPointRow]:
    """A customer's contact data, the principal first."""
    points = await session.scalars(_POINTS, {"customer": customer_id})
    return [contact_point_row(point, session.info["region"]) for point in points]


def contact_point_row(point: ContactPoint, region: str) -> ContactPointRow:
    """One datum as shown in `region`."""
    phone = ContactKind(point.kind).is_phone
    shown = show_phone(point.value, region) if phone else point.value
    return ContactPointRow(
        id=point.id,
        version=point.version,
        kind=point.kind.value,
        value=point.value,
        shown=f"{shown} ext. {point.extension}" if point.extension else shown,
        label=point.label,
        extension=point.extension,
    )
