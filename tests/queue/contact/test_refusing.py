"""Rule packs refuse a contact: at the door that counts it, and in the rows that screens draw."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from atiende.models.campaigns.campaign import Campaign
from atiende.models.cases.case import Case
from atiende.models.contact.channels import Channel, ContactKind
from atiende.models.contact.rule_pack import RulePack
from atiende.models.contact.rules import ContactRules
from atiende.models.customers.customer import ContactPoint, Customer, DoNotContact
from atiende.models.refused import (
    ContactRefused,
    DailyMaximum,
    DoNotContactAsked,
    ForbiddenDay,
    OnHoliday,
    OutsideHours,
    PauseNeeded,
    WeeklyMaximum,
)
from atiende.models.rows.case import case_row, case_rows
from atiende.models.rows.values import CaseRow
from atiende.queue.contact.counting import record_attempt
from atiende.queue.contact.refusing import refuse_contact
from atiende.tests.support.floors.sharing import Floor, sharing_floor

BOGOTA = ZoneInfo("America/Bogota")
COLOMBIA, FREQUENCY = "Horarios y frecuencia, Colombia", "Frecuencia por medio"


def at(text: str, zone: ZoneInfo = BOGOTA) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@pytest.fixture
async def floor(database_url: str) -> AsyncIterator[Floor]:
    async with sharing_floor(database_url) as floor:
        yield floor


async def campaign_under(floor: Floor, pack: str, name: str = "Mora", **values: Any) -> Any:
    """A campaign with one of the ready-made packs."""
    campaign = await floor.campaign(name, **values)
    async with floor.house.work() as work:
        wanted = select(RulePack.id).where(RulePack.name == pack).scalar_subquery()
        await work.session.execute(update(Campaign).where(Campaign.id == campaign.id).values(rule_pack_id=wanted))
    return campaign


async def attempt(floor: Floor, number: int, channel: Channel, now: datetime) -> CaseRow:
    async with floor.house.work() as work:
        work.now = now
        return (await record_attempt(work, number, channel, None)).case


async def refusal(floor: Floor, number: int, channel: Channel, now: datetime) -> ContactRefused:
    with pytest.raises(ContactRefused) as refused:
        await attempt(floor, number, channel, now)
    return refused.value


async def test_a_call_at_five_past_eight_in_the_evening_is_refused_with_its_sentence(floor: Floor) -> None:
    """What, until when, why, by which rule; the same as the row foretells."""
    campaign = await campaign_under(floor, COLOMBIA)
    (number,) = await floor.cases(campaign, await floor.customers(1))
    why = await refusal(floor, number, Channel.CALL, at("2026-11-23T20:05"))
    assert isinstance(why, OutsideHours)
    assert str(why) == (
        "No se puede llamar a Cliente 0 hasta mañana a las 07:00. En la hora del cliente son las 20:05 y ese día se "
        f"permite de 07:00–19:00. Regla: «{COLOMBIA}»."
    )
    assert why.extra["until"] == at("2026-11-24T07:00")
    assert (why.extra["rule"], why.extra["pack"].name, why.extra["instead"]) == ("hours", COLOMBIA, [])
    async with floor.house.look() as session:
        row = await case_row(session, number, at("2026-11-23T20:05"))
    assert row.pressure.refused == sorted(Channel)
    told = row.pressure.refusals["call"]
    assert (told.code, told.until, told.again) == (why.code, why.extra["until"], at("2026-11-24T19:00"))
    assert row.pressure.call.count == 0


@pytest.mark.parametrize(
    ("moment", "kind"),
    [
        ("2026-11-22T10:00", ForbiddenDay),  # a Sunday
        ("2026-12-08T10:00", OnHoliday),
        ("2026-11-21T15:01", OutsideHours),  # a Saturday
    ],
)
async def test_on_sundays_and_holidays_nobody_is_called(floor: Floor, moment: str, kind: type) -> None:
    campaign = await campaign_under(floor, COLOMBIA)
    (number,) = await floor.cases(campaign, await floor.customers(1))
    why = await refusal(floor, number, Channel.SMS, at(moment))
    assert type(why) is kind
    await attempt(floor, number, Channel.SMS, why.extra["until"])


async def test_maxima_and_pause_count_the_customers_contacts_over_all_campaigns(floor: Floor) -> None:
    """So many per day and week per channel, whichever case they were made through."""
    ruled, free = await campaign_under(floor, FREQUENCY), await floor.campaign("Libre")
    customers = await floor.customers(1)
    (number,), (other,) = await floor.cases(ruled, customers), await floor.cases(free, customers)
    await attempt(floor, other, Channel.CALL, at("2026-11-16T09:00"))
    pause = await refusal(floor, number, Channel.CALL, at("2026-11-16T09:20"))
    assert isinstance(pause, PauseNeeded) and pause.extra["until"] == at("2026-11-16T11:00")
    await attempt(floor, number, Channel.CALL, at("2026-11-16T11:00"))
    daily = await refusal(floor, number, Channel.CALL, at("2026-11-16T15:00"))
    assert isinstance(daily, DailyMaximum) and daily.extra["until"] == at("2026-11-17T08:00")
    for day in (17, 18, 19):
        await attempt(floor, number, Channel.CALL, at(f"2026-11-{day}T09:00"))
    weekly = await refusal(floor, number, Channel.CALL, at("2026-11-20T09:00"))
    assert isinstance(weekly, WeeklyMaximum) and weekly.extra["until"] == at("2026-11-23T08:00")
    assert "Contactos en 7 días por este medio: 5; el tope es 5." in str(weekly)
    assert "No se puede llamar a Cliente 0 hasta el 23/11 a las 08:00." in str(weekly)
    await attempt(floor, other, Channel.CALL, at("2026-11-20T09:00"))  # a campaign without a pack refuses nothing


async def test_the_refusal_names_the_media_that_are_allowed_and_reach_him(floor: Floor) -> None:
    campaign = await campaign_under(floor, FREQUENCY)
    (customer,) = await floor.customers(1)
    (number,) = await floor.cases(campaign, [customer])
    async with floor.house.work() as work:
        work.session.add(ContactPoint(customer_id=customer, kind=ContactKind.MOBILE, value="+573105550142"))
        work.session.add(DoNotContact(customer_id=customer, channel=Channel.SMS, reason="pidió", source="test"))
    for hour in (9, 12):
        await attempt(floor, number, Channel.CALL, at(f"2026-11-16T{hour:02d}:00"))
    why = await refusal(floor, number, Channel.CALL, at("2026-11-16T15:00"))
    assert why.extra["instead"] == ["whatsapp"]
    assert str(why).endswith("Ahora se permite: WhatsApp.")
    assert isinstance(await refusal(floor, number, Channel.SMS, at("2026-11-16T15:00")), DoNotContactAsked)


async def test_the_customers_own_zone_is_asked_first_then_the_campaigns(floor: Floor) -> None:
    """20:05 for one is the middle of the afternoon for another."""
    campaign = await campaign_under(floor, COLOMBIA)
    there = await floor.customers(1, time_zone="Europe/Madrid")
    nowhere = await floor.customers(1, time_zone="la de siempre")
    (in_madrid,), (here,) = await floor.cases(campaign, there), await floor.cases(campaign, nowhere)
    now = at("2026-11-23T14:05")
    why = await refusal(floor, in_madrid, Channel.CALL, now)
    assert "En la hora del cliente son las 20:05" in str(why)
    assert why.extra["until"] == at("2026-11-24T07:00", ZoneInfo("Europe/Madrid"))
    await attempt(floor, here, Channel.CALL, now)
    async with floor.house.work() as work:
        await work.session.execute(update(Campaign).values(time_zone="Asia/Tokyo"))
        await work.session.execute(update(Customer).values(time_zone=None))
    assert isinstance(await refusal(floor, here, Channel.CALL, now), OutsideHours)


async def test_of_two_contacts_at_once_the_second_sees_the_first(floor: Floor) -> None:
    """One a day is one a day, whoever is quicker."""
    campaign = await campaign_under(floor, COLOMBIA)
    (number,) = await floor.cases(campaign, await floor.customers(1))
    tries = [attempt(floor, number, Channel.CALL, at("2026-11-23T10:00")) for _ in range(6)]
    done = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(one, CaseRow) for one in done) == 1
    assert sum(isinstance(one, DailyMaximum) for one in done) == 5


async def test_colours_refusals_and_rotation_are_the_same_on_every_open_case(floor: Floor) -> None:
    """One communication shows on all the customer's open cases alike."""
    one, two = await campaign_under(floor, COLOMBIA, "Una"), await campaign_under(floor, COLOMBIA, "Dos")
    customers = await floor.customers(1)
    (first,), (second,) = await floor.cases(one, customers), await floor.cases(two, customers)
    now = at("2026-11-23T10:00")
    await attempt(floor, first, Channel.CALL, now)
    async with floor.house.look() as session:
        a, b = await case_rows(session, [first, second], now)
    assert a.pressure == b.pressure
    assert a.rotated_at == b.rotated_at == now
    assert a.pressure.refusals["call"].rule == "daily-total"
    told = floor.told("contact.pressure_changed")[-1]["event"]["cases"]
    assert told[0]["pressure"] == told[1]["pressure"]
    assert isinstance(await refusal(floor, second, Channel.CALL, now), DailyMaximum)


async def test_refuse_contact_is_one_question_for_every_door(floor: Floor) -> None:
    """The door that dials asks the same as the door that counts."""
    campaign = await campaign_under(floor, COLOMBIA)
    (number,) = await floor.cases(campaign, await floor.customers(1))
    async with floor.house.work() as work:
        case = await work.session.get_one(Case, number)
        work.now = at("2026-11-23T10:00")
        await refuse_contact(work, case, Channel.CALL)
        work.now = at("2026-11-23T20:05")
        with pytest.raises(OutsideHours):
            await refuse_contact(work, case, Channel.CALL)


async def test_a_pack_without_rules_refuses_nothing(floor: Floor) -> None:
    campaign = await campaign_under(floor, COLOMBIA)
    async with floor.house.work() as work:
        await work.session.execute(update(RulePack).values(stored=ContactRules().model_dump(mode="json")))
    (number,) = await floor.cases(campaign, await floor.customers(1))
    row = await attempt(floor, number, Channel.CALL, at("2026-11-22T03:00"))
    assert (row.pressure.refused, row.pressure.refusals) == ([], {})
