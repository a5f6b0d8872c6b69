"""Counting contacts: every call and message to a customer, by medium, colours and rotation (S2-23…S2-25, M-03, X16).

Pressure is the customer's: one communication counts on, and rotates, all his open cases.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from ...models.calls.call import Call, CallPhase
from ...models.campaigns.campaign import Campaign
from ...models.cases.case import Case, CaseStatus, ContactAttempt
from ...models.contact.rules import Allowed, Forbidden, verdict
from ...models.customers.customer import Channel, ContactKind, ContactPoint, Customer
from ...models.refused import N_, BadInput, CaseClosed, DoNotContactAsked, NotFound
from ...models.rows.case import attempts_of, case_row, closed_media, customer_case_rows, customer_ref
from ...models.rows.refused_media import packs_by_id, zone_of
from ...models.rows.values import CaseRow
from ...realtime.events import ContactPressureChanged
from ..work import Work
from .sentences import contact_refusal

# What each medium reaches.
REACHES = {
    Channel.CALL: {ContactKind.MOBILE, ContactKind.LANDLINE},
    Channel.WHATSAPP: {ContactKind.MOBILE, ContactKind.LANDLINE},
    Channel.SMS: {ContactKind.MOBILE},
    Channel.EMAIL: {ContactKind.EMAIL},
}


async def record_attempt(
    work: Work, number: int, channel: Channel, contact_point_id: int | None, outcome: str = ""
) -> CaseRow:
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
    }
    await count_contact(work, attempt)
    return await case_row(work.session, number, work.now)


async def count_contact(work: Work, attempt: Mapping[str, object]) -> bool:
    """Store one contact, rotate the customer's open cases to the end of their lists, and tell the new colours.

    A contact of a call that was counted already (the same `call_id`) is not counted again; answers whether it was new.
    """
    customer_id = attempt["customer_id"]
    assert isinstance(customer_id, int)
    # The customer's row is locked before anything of his cases, by all who count or rotate: no two wait for each other.
    await work.session.get(Customer, customer_id, with_for_update={"key_share": True})
    statement = upsert(ContactAttempt).values(at=work.now, **attempt)
    stored = statement.on_conflict_do_nothing().returning(ContactAttempt.id)
    if (await work.session.execute(stored)).scalar_one_or_none() is None:
        return False
    channel = Channel(str(attempt["channel"]))
    contact = {
        "last_contact_at": work.now,
        "last_contact_channel": channel.value,
        "last_contact_outcome": attempt.get("outcome") or "",
    }
    await work.session.execute(update(Customer).where(Customer.id == customer_id).values(**contact))
    numbers = select(Case.number).where(Case.customer_id == customer_id, Case.status != CaseStatus.CLOSED)
    in_order = numbers.order_by(Case.number).with_for_update(key_share=True)
    locked = (await work.session.execute(in_order)).scalars().all()
    rotated = update(Case).where(Case.number.in_(locked))
    await work.session.execute(rotated.values(last_contact_at=work.now, version=Case.version + 1))
    await tell_pressure(work, customer_id, channel)
    return True


async def tell_pressure(work: Work, customer_id: int, channel: Channel) -> None:
    """Tell the colours of a customer as they are now on all his open cases."""
    rows = await customer_case_rows(work.session, customer_id, work.now)
    customer = await work.session.get_one(Customer, customer_id, populate_existing=True)
    if rows:
        event = ContactPressureChanged(
            at=work.now, customer=customer_ref(customer), channel=channel, pressure=rows[0].pressure, cases=rows
        )
        work.tell(event)


async def refuse_contact(work: Work, case: Case, channel: Channel) -> None:
    """Raise DoNotContactAsked or the ContactRefused of a rule when this case's customer may not be contacted now.

    Every door that makes a contact asks here, in the work that counts it or asks for the call: the customer's row is
    locked, so that of two contacts at once the second sees the first. The rule pack is that of the campaign of this
    case.
    """
    customer_id = case.customer_id
    by_key = {"key_share": True}
    customer = await work.session.get_one(Customer, customer_id, with_for_update=by_key, populate_existing=True)
    closed = (await closed_media(work.session, {customer_id})).get(customer_id, set())
    if channel in closed:
        raise DoNotContactAsked(field="channel")
    campaign = await work.session.get_one(Campaign, case.campaign_id, populate_existing=True)
    pack = (await packs_by_id(work.session, [campaign.rule_pack_id])).get(campaign.rule_pack_id or 0)
    if pack is None:
        return
    attempts = await _attempts_and_calls(work, customer_id)
    zone = zone_of(work.session, customer.time_zone, campaign.time_zone)
    found = {medium: verdict(pack.rules, medium, attempts, work.now, zone) for medium in Channel}
    why = found[channel]
    if isinstance(why, Forbidden):
        allowed = {medium for medium, one in found.items() if isinstance(one, Allowed)} - closed
        instead = await _reachable(work, customer_id, allowed)
        here = work.house.time_zone
        raise contact_refusal(customer.full_name, channel, why, pack.ref, instead, work.now, here)


async def _attempts_and_calls(work: Work, customer_id: int) -> dict[Channel, list[datetime]]:
    """When the customer was contacted. A call that was asked for and may yet ring him has taken its place among them;
    one that ends before his phone rang gives it back."""
    attempts = (await attempts_of(work.session, {customer_id}, work.now)).get(customer_id, {})
    asked = Call.customer_id == customer_id, Call.begin_before.is_not(None)
    under_way = select(Call.started_at).where(*asked, Call.phase != CallPhase.ENDED, Call.rang_at.is_(None))
    calls = [*attempts.get(Channel.CALL, ()), *await work.session.scalars(under_way)]
    return {**attempts, Channel.CALL: calls}


async def _reachable(work: Work, customer_id: int, media: set[Channel]) -> list[Channel]:
    """Those of the media for which the customer has a contact point."""
    kinds = set(await work.session.scalars(select(ContactPoint.kind).where(ContactPoint.customer_id == customer_id)))
    return [medium for medium in Channel if medium in media and REACHES[medium] & kinds]


async def _contact_point(
    work: Work, customer_id: int, channel: Channel, contact_point_id: int | None
) -> ContactPoint | None:
    if contact_point_id is None:
        return None
    point = await work.session.get(ContactPoint, contact_point_id)
    if point is None or point.customer_id != customer_id:
        raise BadInput(field="contact_point_id", sentence=N_("Ese dato de contacto no es de este cliente."))
    if point.kind not in REACHES[channel]:
        raise BadInput(field="contact_point_id", sentence=N_("Ese dato de contacto no sirve para este medio."))
    return point
