"""Refusing a contact: what the customer asked for and the rules of the campaign, held against what was done (X16)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from ...models.calls.call import Call, CallPhase
from ...models.campaigns.campaign import Campaign
from ...models.cases.case import Case
from ...models.contact.channels import CHANNELS, Channel
from ...models.contact.verdict import Allowed, Forbidden, verdict
from ...models.customers.customer import ContactPoint, Customer
from ...models.locking import lock
from ...models.refused import DoNotContactAsked
from ...models.rows.contacts import attempts_of, closed_media
from ...models.rows.refused_media import packs_by_id, zone_of
from ..work import Work
from .refusal_sentence import contact_refusal


async def refuse_contact(work: Work, case: Case, channel: Channel) -> None:
    """Raise DoNotContactAsked or the ContactRefused of a rule when this case's customer may not be contacted now.

    Every door that makes a contact asks here, in the work that counts it or asks for the call: the customer's row is
    locked, so that of two contacts at once the second sees the first. The rule pack is that of the campaign of this
    case.
    """
    customer_id = case.customer_id
    customer = await lock(work.session, Customer, customer_id, key_share=True)
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
    """When the customer was contacted. A call that was asked for and may yet ring the customer has taken its place
    among them; one that ends before the customer's phone rang gives it back."""
    attempts = (await attempts_of(work.session, {customer_id}, work.now)).get(customer_id, {})
    asked = Call.customer_id == customer_id, Call.begin_before.is_not(None)
    under_way = select(Call.started_at).where(*asked, Call.phase != CallPhase.ENDED, Call.rang_at.is_(None))
    calls = [*attempts.get(Channel.CALL, ()), *await work.session.scalars(under_way)]
    return {**attempts, Channel.CALL: calls}


async def _reachable(work: Work, customer_id: int, media: set[Channel]) -> list[Channel]:
    """Those of the media for which the customer has a contact point."""
    kinds = set(await work.session.scalars(select(ContactPoint.kind).where(ContactPoint.customer_id == customer_id)))
    return [medium for medium in Channel if medium in media and kinds.intersection(CHANNELS[medium].reaches)]
