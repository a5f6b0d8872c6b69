"""Counting contacts: every call and message to a customer, by medium, colours and rotation (S2-23…S2-25, M-03, X16).

Pressure is the customer's: one contact counts on all open cases of the customer, and rotates all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from ...models.cases.case import Case, CaseStatus, ContactAttempt
from ...models.contact.channels import CHANNELS, Channel
from ...models.customers.customer import ContactPoint, Customer
from ...models.locking import lock, lock_keys
from ...models.refused import N_, BadInput, CaseClosed, NotFound
from ...models.rows.case import case_row, customer_case_rows
from ...models.rows.customer import customer_ref
from ...models.rows.values import CaseRow
from ...realtime.events import ContactPressureChanged
from ..work import Work
from .refusing import refuse_contact


class Registered(NamedTuple):
    """The case after a contact was registered by hand, and the attempt's id, by which it may be taken back."""

    case: CaseRow
    attempt: int


async def record_attempt(
    work: Work, number: int, channel: Channel, contact_point_id: int | None, outcome: str = ""
) -> Registered:
    """Count a contact made for a case through one of the customer's registered contact points (S3-71).

    Raises NotFound, CaseClosed, BadInput (a contact point of another customer, or one the medium does not reach) and
    ContactRefused (see `refuse_contact`).
    """
    case = await work.session.get(Case, number)
    if case is None:
        raise NotFound
    if case.status is CaseStatus.CLOSED:
        raise CaseClosed(number=number)
    point = await _contact_point(work, case.customer_id, channel, contact_point_id)
    await refuse_contact(work, case, channel)
    attempt = {
        "customer_id": case.customer_id,
        "case_number": number,
        "campaign_id": case.campaign_id,
        "agent_id": work.actor.id,
        "channel": channel,
        "contact_point_id": point.id if point else None,
        "value": point.value if point else "",
        "outcome": outcome,
        "before": await _before(work, case.customer_id),
    }
    counted = await count_contact(work, attempt)
    assert counted is not None  # only calls have been counted before
    value = attempt["value"]
    said = {"channel": channel.value, "contact_point": contact_point_id, "value": value}
    await work.audit("contact.counted", f"case:{number}", **said)
    return Registered(await case_row(work.session, number, work.now), counted)


async def _before(work: Work, customer_id: int) -> dict[str, Any]:
    """What the contact is about to change. The customer's row is locked by `refuse_contact`."""
    customer = await work.session.get_one(Customer, customer_id, populate_existing=True)
    cases = select(Case.number, Case.last_contact_at).where(Case.customer_id == customer_id)
    rotated = await work.session.execute(cases.where(Case.last_contact_at.is_not(None)))
    return {
        "at": customer.last_contact_at.isoformat() if customer.last_contact_at else None,
        "channel": customer.last_contact_channel,
        "outcome": customer.last_contact_outcome,
        "cases": {str(number): at.isoformat() for number, at in rotated if at},
    }


async def count_contact(work: Work, attempt: Mapping[str, object]) -> int | None:
    """Store one contact, rotate the customer's open cases to the end of their lists, and tell the new colours.

    A contact of a call that was counted already (the same `call_id`) is not counted again: the answer is None then,
    else the attempt's id.
    """
    customer_id = attempt["customer_id"]
    assert isinstance(customer_id, int)
    # The customer's row is locked before the customer's cases, by all who count or rotate: no two wait for
    # each other.
    await lock(work.session, Customer, customer_id, key_share=True)
    statement = upsert(ContactAttempt).values(at=work.now, **attempt)
    stored = statement.on_conflict_do_nothing().returning(ContactAttempt.id)
    attempt_id = (await work.session.execute(stored)).scalar_one_or_none()
    if attempt_id is None:
        return None
    channel = Channel(str(attempt["channel"]))
    contact = {
        "last_contact_at": work.now,
        "last_contact_channel": channel.value,
        "last_contact_outcome": attempt.get("outcome") or "",
    }
    await work.session.execute(update(Customer).where(Customer.id == customer_id).values(**contact))
    locked = await lock_keys(work.session, Case, Case.customer_id == customer_id, Case.status != CaseStatus.CLOSED)
    rotated = update(Case).where(Case.number.in_(locked))
    await work.session.execute(rotated.values(last_contact_at=work.now, version=Case.version + 1))
    await tell_pressure(work, customer_id, channel)
    return attempt_id


async def tell_pressure(work: Work, customer_id: int, channel: Channel) -> None:
    """Tell a customer's colours as they are now, on all open cases of this customer."""
    rows = await customer_case_rows(work.session, customer_id, work.now)
    customer = await work.session.get_one(Customer, customer_id, populate_existing=True)
    if rows:
        event = ContactPressureChanged(
            at=work.now, customer=customer_ref(customer), channel=channel, pressure=rows[0].pressure, cases=rows
        )
        work.tell(event)


async def _contact_point(
    work: Work, customer_id: int, channel: Channel, contact_point_id: int | None
) -> ContactPoint | None:
    if contact_point_id is None:
        return None
    point = await work.session.get(ContactPoint, contact_point_id)
    if point is None or point.customer_id != customer_id:
        raise BadInput(field="contact_point_id", sentence=N_("Ese dato de contacto no es de este cliente."))
    if point.kind not in CHANNELS[channel].reaches:
        raise BadInput(field="contact_point_id", sentence=N_("Ese dato de contacto no sirve para este medio."))
    return point
