"""Contact points of a customer: added in their normal form, and removed (S3-13, S3-14)."""

from __future__ import annotations

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from ...models.contact.channels import ContactKind
from ...models.customers.customer import ContactPoint, Customer
from ...models.customers.phones import read_phone
from ...models.locking import lock
from ...models.refused import N_, BadInput, NotFound
from ..work import Work
from .telling import tell_corrected

MOST_CONTACT_POINTS = 50


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
