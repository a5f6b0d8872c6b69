"""Creating customers and correcting their data (S0-31, S4-77)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from ...models.customers.customer import Customer
from ...models.customers.documents import read_document
from ...models.customers.fields import CUSTOMER_FIELDS, NAME_PARTS
from ...models.customers.names import full_name, search_key, sort_key
from ...models.customers.written import SPOILT_NUMBER, SpoiltNumber
from ...models.locking import lock
from ...models.refused import N_, AlreadyExists, BadInput
from ..stale import stale
from ..work import Work
from .contact_points import add_contact_point
from .telling import tell_corrected

EDITABLE = (*(field.column.name for field in CUSTOMER_FIELDS), "time_zone")
_IDENTITY = {"document_type", "document"}
_MAY_BE_NULL = frozenset({"time_zone", *(field.column.name for field in CUSTOMER_FIELDS if field.column.nullable)})


async def create_customer(work: Work, values: Mapping[str, Any], phones: list[str]) -> Customer:
    """A new customer with phones. Raises BadInput (no name and no document, a phone that is none) and
    AlreadyExists (with `customer_id`) when the document is another's."""
    kept: dict[str, Any] = {name: values.get(name) or "" for name in EDITABLE if name not in _MAY_BE_NULL}
    if not any(kept[name] for name in (*NAME_PARTS, "document")):
        raise BadInput(field="first_name", sentence=N_("Escriba un nombre o un documento."))
    kept |= _identity(work, kept["document_type"], kept["document"])
    await _refuse_twin(work, kept["document_type"], kept["document"], None)
    kept |= {name: values.get(name) or None for name in _MAY_BE_NULL}
    customer = Customer(**kept, created_by=work.actor.id)
    _derive(customer)
    work.session.add(customer)
    await work.session.flush()
    for phone in phones:
        await add_contact_point(work, customer.id, "phone", phone, "", tell=False)
    await work.audit("customer.created", f"customer:{customer.id}")
    return customer


async def correct_customer(work: Work, customer_id: int, version: int | None, changes: Mapping[str, Any]) -> Customer:
    """Change a customer's data. Raises Stale (with both values) when `version` is not the stored one."""
    customer = await lock(work.session, Customer, customer_id)
    changes = {name: value for name, value in changes.items() if name in EDITABLE}
    if version is not None and version != customer.version:
        theirs = {name: _plain(getattr(customer, name)) for name in changes}
        mine = {name: _plain(value) for name, value in changes.items()}
        subject, both = f"customer:{customer_id}", {"stored": theirs, "yours": mine}
        raise await stale(work, subject, "customer.corrected", version=customer.version, **both)
    if _IDENTITY & changes.keys():
        asked = {name: changes.get(name, getattr(customer, name)) or "" for name in _IDENTITY}
        changes |= _identity(work, asked["document_type"], asked["document"])
    before = {name: _plain(getattr(customer, name)) for name in changes}
    for name, value in changes.items():
        setattr(customer, name, value or (None if name in _MAY_BE_NULL else ""))
    if _IDENTITY & changes.keys():
        await _refuse_twin(work, customer.document_type, customer.document, customer_id)
    _derive(customer)
    customer.updated_at = work.now
    await tell_corrected(work, customer)
    after = {name: _plain(getattr(customer, name)) for name in changes}
    await work.audit("customer.corrected", f"customer:{customer_id}", before=before, after=after)
    return customer


def _identity(work: Work, document_type: str, document: str) -> dict[str, str]:
    """The document and its type as they are kept. Raises BadInput."""
    try:
        kind, number = read_document(document_type, document, work.house.region)
    except SpoiltNumber:
        raise BadInput(field="document", sentence=SPOILT_NUMBER) from None
    except ValueError:
        raise BadInput(field="document", sentence=N_("El documento no se puede usar.")) from None
    return {"document_type": kind, "document": number}


def _derive(customer: Customer) -> None:
    names = [getattr(customer, name).strip() for name in NAME_PARTS]
    customer.full_name = full_name(*names) or customer.document
    customer.search_key = search_key(customer.full_name, customer.document)
    customer.sort_key = sort_key(*names)


async def _refuse_twin(work: Work, document_type: str, document: str, besides: int | None) -> None:
    if not document:
        return
    """A document without its type is that of whoever has its number, and the other way around."""
    same = select(Customer).where(Customer.document == document, Customer.id != (besides or 0))
    if document_type:
        same = same.where(Customer.document_type.in_((document_type, "")))
    first = same.order_by(Customer.document_type.desc(), Customer.id).limit(1)
    twin = (await work.session.execute(first)).scalar_one_or_none()
    if twin is not None:
        name = f"{twin.document_type} {document}".strip()
        raise AlreadyExists(field="document", name=name, extra={"customer_id": twin.id})


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value
