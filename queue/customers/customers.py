"""Finding, making and correcting customers and their contact data (S0-28, S0-31, S4-77, S4-93, S3-13, S3-14)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from ...models.cases.case import Case, CaseStatus
from ...models.contact.channels import PHONES, ContactKind
from ...models.customers.customer import Account, ContactPoint, Customer
from ...models.customers.fields import CUSTOMER_FIELDS, NAME_PARTS
from ...models.customers.names import full_name, search_key, sort_key
from ...models.customers.phones import calling_code, read_phone
from ...models.customers.search import named, plan_for_the_words
from ...models.customers.service_states import ServiceState
from ...models.locking import lock, lock_keys
from ...models.refused import N_, AlreadyExists, BadInput, NotFound, Stale
from ...models.rows.case import customer_case_rows
from ...models.rows.customer import customer_ref
from ...realtime.events import CaseMoved, CustomerCorrected
from ..work import Work

EDITABLE = (*(field.column.name for field in CUSTOMER_FIELDS), "time_zone")
_MAY_BE_NULL = frozenset({"time_zone", *(field.column.name for field in CUSTOMER_FIELDS if field.column.nullable)})
MOST_CONTACT_POINTS = 50


def search(
    region: str, q: str = "", document: str = "", phone: str = "", mine: int | None = None
) -> ColumnElement[bool]:
    """Customers by name, document and phone, all of those given (S4-93); `mine` = only those assigned to this agent
    (S4-94). In `q` digits are a document or a phone, letters the beginnings of names (S0-27)."""
    wanted: list[ColumnElement[bool]] = []
    if q.strip():
        digits = "".join(ch for ch in q if ch.isdigit())
        by_words = named(q)
        wanted.append(or_(by_words, _has_phone(q, region)) if len(digits) >= 5 else by_words)
    if document.strip():
        wanted.append(Customer.document.startswith(document.strip(), autoescape=True))
    if phone.strip():
        wanted.append(_has_phone(phone, region))
    if mine is not None:
        wanted.append(
            exists().where(Case.customer_id == Customer.id, Case.agent_id == mine, Case.status != CaseStatus.CLOSED)
        )
    return and_(*wanted) if wanted else Customer.id.is_not(None)


async def find_customers(
    session: AsyncSession, wanted: ColumnElement[bool], after: tuple[str, int] | None, limit: int
) -> list[Customer]:
    """Customers in Spanish order of their names, after the key of the last one seen."""
    statement = select(Customer).where(wanted).order_by(Customer.sort_key, Customer.id).limit(limit)
    if after is not None:
        statement = statement.where(
            or_(Customer.sort_key > after[0], and_(Customer.sort_key == after[0], Customer.id > after[1]))
        )
    await plan_for_the_words(session)
    return list((await session.execute(statement)).scalars())


async def create_customer(work: Work, values: Mapping[str, Any], phones: list[str]) -> Customer:
    """A new customer with phones. Raises BadInput (no name and no document, a phone that is none) and
    AlreadyExists (with `customer_id`) when the document is another's."""
    kept: dict[str, Any] = {name: values.get(name) or "" for name in EDITABLE if name not in _MAY_BE_NULL}
    if not any(kept[name] for name in (*NAME_PARTS, "document")):
        raise BadInput(field="first_name", sentence=N_("Escriba un nombre o un documento."))
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
        raise Stale(extra={"version": customer.version, "stored": theirs, "yours": mine})
    before = {name: _plain(getattr(customer, name)) for name in changes}
    for name, value in changes.items():
        setattr(customer, name, value or (None if name in _MAY_BE_NULL else ""))
    if {"document", "document_type"} & changes.keys():
        await _refuse_twin(work, customer.document_type, customer.document, customer_id)
    _derive(customer)
    customer.updated_at = work.now
    await tell_corrected(work, customer)
    after = {name: _plain(getattr(customer, name)) for name in changes}
    await work.audit("customer.corrected", f"customer:{customer_id}", before=before, after=after)
    return customer


async def add_contact_point(
    work: Work, customer_id: int, kind: str, value: str, label: str, *, tell: bool = True
) -> ContactPoint:
    """Add a datum of contact, linked to the customer at once (S3-14). `kind` "phone" finds out mobile or landline.

    The same value twice is one datum. Raises NotFound, BadInput.
    """
    customer = await lock(work.session, Customer, customer_id)
    real_kind, clean = clean_contact_point(kind, value, work.house.region)
    count = select(func.count()).where(ContactPoint.customer_id == customer_id)
    place = (await work.session.execute(count)).scalar_one()
    if place >= MOST_CONTACT_POINTS:
        raise BadInput(field="value", sentence=N_("El cliente ya tiene demasiados datos de contacto."))
    values = {"customer_id": customer_id, "kind": real_kind, "value": clean, "label": label[:80], "position": place}
    added = upsert(ContactPoint).values(**values, created_by=work.actor.id).on_conflict_do_nothing()
    await work.session.execute(added)
    same = select(ContactPoint).where(
        ContactPoint.customer_id == customer_id, ContactPoint.kind == real_kind, ContactPoint.value == clean
    )
    point = (await work.session.execute(same)).scalar_one()
    if tell:
        await tell_corrected(work, customer)
        await work.audit("customer.contact_point_added", f"customer:{customer_id}", kind=real_kind.value)
    return point


def clean_contact_point(kind: str, value: str, region: str) -> tuple[ContactKind, str]:
    """Kind and normal form of a datum of contact. Raises BadInput with a sentence of its own for each kind."""
    value = value.strip()
    if kind in ("phone", ContactKind.MOBILE, ContactKind.LANDLINE):
        phone = read_phone(value, region)
        if phone is None:
            raise BadInput(field="value", sentence=N_("El teléfono no es válido. Un fijo lleva su indicativo."))
        return phone.kind, phone.value
    if not value or len(value) > 300:
        raise BadInput(field="value", sentence=N_("Escriba el dato de contacto."))
    if kind == ContactKind.EMAIL:
        name, at, domain = value.rpartition("@")
        if not (name and at and "." in domain) or any(ch.isspace() for ch in value):
            raise BadInput(field="value", sentence=N_("El correo no es válido."))
        return ContactKind.EMAIL, value.lower()
    try:
        return ContactKind(kind), value
    except ValueError:
        raise BadInput(field="kind") from None


async def remove_contact_point(work: Work, customer_id: int, point_id: int) -> None:
    """Remove a datum of contact; what was done through it stays in the history."""
    customer = await lock(work.session, Customer, customer_id)
    gone = delete(ContactPoint).where(ContactPoint.id == point_id, ContactPoint.customer_id == customer_id)
    removed = (await work.session.execute(gone.returning(ContactPoint.value))).scalar_one_or_none()
    if removed is None:
        raise NotFound
    await tell_corrected(work, customer)
    await work.audit("customer.contact_point_removed", f"customer:{customer_id}", value=removed)


async def add_account(work: Work, customer_id: int, values: Mapping[str, Any]) -> Account:
    """Add an account, linked to the customer at once (S3-16). Raises NotFound, AlreadyExists."""
    customer = await lock(work.session, Customer, customer_id)
    row = {"customer_id": customer_id, "created_by": work.actor.id, **values}
    row["service_state"] = ServiceState(row.get("service_state") or ServiceState.ACTIVE)
    added = upsert(Account).values(row).on_conflict_do_nothing().returning(Account.id)
    account_id = (await work.session.execute(added)).scalar_one_or_none()
    if account_id is None:
        raise AlreadyExists(field="number", name=str(values["number"]))
    await tell_corrected(work, customer)
    await work.audit("customer.account_added", f"customer:{customer_id}", number=values["number"])
    return await work.session.get_one(Account, account_id)


async def tell_corrected(work: Work, customer: Customer) -> None:
    """Raise the versions of a customer and of the customer's open cases, and tell them again."""
    customer.version += 1
    live = update(Case).where(Case.customer_id == customer.id, Case.status != CaseStatus.CLOSED)
    await work.session.execute(live.values(version=Case.version + 1))
    await work.session.flush()
    rows = await customer_case_rows(work.session, customer.id, work.now)
    work.tell(CustomerCorrected(at=work.now, customer=customer_ref(customer), version=customer.version, cases=rows))


async def tell_cases_of(work: Work, customer_id: int) -> None:
    """Raise and tell a customer's open cases because something of the customer that their rows show has changed."""
    live = Case.customer_id == customer_id, Case.status != CaseStatus.CLOSED
    locked = await lock_keys(work.session, Case, *live)
    await work.session.execute(update(Case).where(Case.number.in_(locked)).values(version=Case.version + 1))
    for row in await customer_case_rows(work.session, customer_id, work.now):
        work.tell(CaseMoved(at=work.now, case=row, by=work.actor.named))


def _derive(customer: Customer) -> None:
    names = [getattr(customer, name).strip() for name in NAME_PARTS]
    customer.full_name = full_name(*names) or customer.document
    customer.search_key = search_key(customer.full_name, customer.document)
    customer.sort_key = sort_key(*names)


async def _refuse_twin(work: Work, document_type: str, document: str, besides: int | None) -> None:
    if not document:
        return
    same = select(Customer.id).where(Customer.document_type == document_type, Customer.document == document)
    twin = (await work.session.execute(same.where(Customer.id != (besides or 0)))).scalar_one_or_none()
    if twin is not None:
        raise AlreadyExists(field="document", name=f"{document_type} {document}".strip(), extra={"customer_id": twin})


def _has_phone(raw: str, region: str) -> ColumnElement[bool]:
    """Whole numbers are matched as read; a beginning as it stands in E.164 or after the country."""
    phone = read_phone(raw, region)
    digits = "".join(ch for ch in raw if ch.isdigit())
    if phone is not None:
        match = ContactPoint.value == phone.value
    else:
        country = calling_code(region)
        match = or_(
            ContactPoint.value.startswith(f"+{digits}", autoescape=True),
            ContactPoint.value.startswith(f"+{country}{digits}", autoescape=True),
        )
    return exists().where(ContactPoint.customer_id == Customer.id, ContactPoint.kind.in_(PHONES), match)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value
