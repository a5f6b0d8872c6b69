"""Contact points of a customer: added in their normal form, and removed (S3-13, S3-14)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, exists, func, select

from ...models.calls.call import Call
from ...models.contact.channels import PHONES, ContactKind
from ...models.customers.customer import ContactPoint, Customer
from ...models.customers.lines import line_of
from ...models.customers.phones import kept_as_dialled, read_phone
from ...models.locking import lock
from ...models.refused import N_, BadInput, NotFound
from ..work import Work
from .telling import tell_corrected

MOST_CONTACT_POINTS = 50
HEARD = timedelta(days=2)  # how long a caller's number that no plan knows may be kept


async def add_contact_point(
    work: Work, customer_id: int, kind: str, value: str, label: str, *, tell: bool = True
) -> ContactPoint:
    """Add a datum of contact, linked to the customer at once (S3-14). `kind` "phone" finds out mobile or landline.

    The same value twice is one datum. Raises NotFound, BadInput.
    """
    customer = await lock(work.session, Customer, customer_id)
    real_kind, clean = await _clean(work, kind, value)
    count = select(func.count()).where(ContactPoint.customer_id == customer_id)
    place = (await work.session.execute(count)).scalar_one()
    if place >= MOST_CONTACT_POINTS:
        raise BadInput(field="value", sentence=N_("El cliente ya tiene demasiados datos de contacto."))
    point = await _same(work, customer_id, real_kind, clean)
    if point is None:
        values = {"kind": real_kind, "value": clean, "label": label[:80], "position": place}
        point = ContactPoint(customer_id=customer_id, **values, created_by=work.actor.id)
        work.session.add(point)
        await work.session.flush()
    if tell:
        await tell_corrected(work, customer)
        await work.audit("customer.contact_point_added", f"customer:{customer_id}", kind=real_kind.value)
    return point


async def _same(work: Work, customer_id: int, kind: ContactKind, value: str) -> ContactPoint | None:
    """The datum that the customer has already. A line kept as a landline becomes a mobile when it is written as one."""
    theirs = select(ContactPoint).where(ContactPoint.customer_id == customer_id)
    if not kind.is_phone:
        same = theirs.where(ContactPoint.kind == kind, ContactPoint.value == value)
        return (await work.session.execute(same)).scalar_one_or_none()
    line = theirs.where(ContactPoint.line == line_of(value)).order_by(ContactPoint.value != value, ContactPoint.id)
    point = (await work.session.execute(line.limit(1))).scalar_one_or_none()
    if point is not None and kind is ContactKind.MOBILE and point.kind is ContactKind.LANDLINE:
        point.kind, point.value = kind, value
        await work.session.flush()
    return point


async def _clean(work: Work, kind: str, value: str) -> tuple[ContactKind, str]:
    """Kind and normal form of a datum of contact. Raises BadInput.

    A number that no plan knows is kept as it is dialled when it has called here, or when the person says what it is.
    """
    try:
        return clean_contact_point(kind, value, work.house.region)
    except BadInput:
        dialled = kept_as_dialled(value) if kind in ("phone", *PHONES) else None
        if dialled is None or (kind == "phone" and not await _has_called(work, dialled)):
            raise
        return (ContactKind.MOBILE if kind == ContactKind.MOBILE else ContactKind.LANDLINE), dialled


async def _has_called(work: Work, dialled: str) -> bool:
    said = func.regexp_replace(Call.caller_number, "[^0-9*#]", "", "g")
    lately = Call.started_at > work.now - HEARD, said == dialled
    return bool((await work.session.execute(select(exists().where(*lately)))).scalar())


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
