"""Whether the next contact may be promised for a moment: the calendar of the campaign's rule pack, looked at ahead.

How often the customer was contacted until then nobody knows yet; hours, days and holidays are known.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from ...models.campaigns.campaign import Campaign
from ...models.cases.case import Case
from ...models.contact.channels import Channel
from ...models.contact.holidays import holiday_name, is_known
from ...models.contact.verdict import Forbidden, verdict
from ...models.customers.customer import Customer
from ...models.rows.refused_media import packs_by_id, zone_of
from .refusal_sentence import booking_refusal


async def refuse_booking(session: AsyncSession, case: Case, at: datetime, now: datetime) -> str:
    """Raise the ContactRefused of the rule that forbids calling this case's customer at that moment.

    Answers the name of the public holiday that the day is where the house stands, when no rule speaks of holidays:
    who books then is told.
    """
    campaign = await session.get_one(Campaign, case.campaign_id)
    customer = await session.get_one(Customer, case.customer_id)
    zone = zone_of(session, customer.time_zone, campaign.time_zone)
    pack = (await packs_by_id(session, [campaign.rule_pack_id])).get(campaign.rule_pack_id or 0)
    if pack is not None:
        why = verdict(pack.rules, Channel.CALL, {}, at, zone)
        if isinstance(why, Forbidden):
            raise booking_refusal(why, pack.ref, now, session.info.get("time_zone") or zone)
    country = session.info.get("region", "")
    return holiday_name(country, None, at.astimezone(zone).date()) if is_known(country) else ""
