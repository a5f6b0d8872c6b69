"""Counting contacts: per medium, on all the customer's cases, with rotation."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from atiende.models.cases.case import Case
from atiende.models.contact.channels import Channel, ContactKind
from atiende.models.contact.pressure import PER_MEDIUM, PressureRule, level
from atiende.models.customers.customer import ContactPoint, Customer, DoNotContact
from atiende.models.records import AuditRow
from atiende.models.refused import BadInput, Conflict, DoNotContactAsked, NotFound
from atiende.models.rows.case import case_row
from atiende.queue.contact.counting import record_attempt
from atiende.queue.contact.taking_back import take_back
from atiende.tests.support.floors.sharing import Floor, sharing_floor


@pytest.fixture
async def floor(database_url: str) -> AsyncIterator[Floor]:
    async with sharing_floor(database_url) as floor:
        yield floor


async def attempt(floor: Floor, number: int, channel: Channel, point: int | None = None) -> None:
    async with floor.house.work() as work:
        await record_attempt(work, number, channel, point)


@pytest.mark.proves("S2-24", "M-03", "X21")
async def test_contacts_are_counted_per_medium_and_colours_climb(floor: Floor) -> None:
    """0 none, 1-2 low, 3-4 medium, 5 high; each pushed."""
    campaign = await floor.campaign()
    (number,) = await floor.cases(campaign, await floor.customers(1))
    levels = []
    for _ in range(5):
        await attempt(floor, number, Channel.CALL)
        levels.append(floor.told("contact.pressure_changed")[-1]["event"]["pressure"]["call"]["level"])
    await attempt(floor, number, Channel.SMS)
    assert levels == [1, 1, 2, 2, 3]
    pressure = floor.told("contact.pressure_changed")[-1]["event"]["pressure"]
    assert (pressure["call"]["count"], pressure["sms"]["count"], pressure["total"]) == (5, 1, 6)


@pytest.mark.proves("S2-23")
async def test_every_communication_sends_the_customer_to_the_end_of_all_his_lists(floor: Floor) -> None:
    """Contact pressure is the customer's: it rotates all open cases of this customer."""
    one, two = await floor.campaign("Una"), await floor.campaign("Dos")
    (customer,) = await floor.customers(1)
    (first,), (second,) = await floor.cases(one, [customer]), await floor.cases(two, [customer])
    await attempt(floor, first, Channel.CALL)
    async with floor.house.look() as session:
        a, b = await session.get_one(Case, first), await session.get_one(Case, second)
        assert a.last_contact_at == b.last_contact_at is not None
    told = floor.told("contact.pressure_changed")[-1]
    assert {row["number"] for row in told["event"]["cases"]} == {first, second}
    assert {f"campaign:{one.id}", f"campaign:{two.id}"} <= set(told["topics"])


async def test_contacts_roll_out_of_the_window(floor: Floor) -> None:
    """Window in days."""
    campaign = await floor.campaign(pressure={"window_days": 7})
    (number,) = await floor.cases(campaign, await floor.customers(1))
    await attempt(floor, number, Channel.CALL)
    async with floor.house.work() as work:
        later = await case_row(work.session, number, work.now + timedelta(days=7, seconds=1))
        sooner = await case_row(work.session, number, work.now + timedelta(days=6, hours=23))
    assert (later.pressure.call.count, sooner.pressure.call.count) == (0, 1)


async def test_twenty_contacts_at_once_are_twenty(floor: Floor) -> None:
    campaign = await floor.campaign()
    (number,) = await floor.cases(campaign, await floor.customers(1))
    await asyncio.gather(*(attempt(floor, number, Channel.EMAIL) for _ in range(20)))
    async with floor.house.work() as work:
        row = await case_row(work.session, number, work.now)
    assert row.pressure.email.count == 20
    assert row.version == 21


async def test_a_contact_goes_to_a_registered_datum_that_the_medium_reaches(floor: Floor) -> None:
    """The list filtered by channel; no other customer's datum."""
    campaign = await floor.campaign()
    customer, stranger = await floor.customers(2)
    (number,) = await floor.cases(campaign, [customer])
    async with floor.house.work() as work:
        mail = ContactPoint(customer_id=customer, kind=ContactKind.EMAIL, value="a@b.co")
        foreign = ContactPoint(customer_id=stranger, kind=ContactKind.MOBILE, value="+573105550142")
        work.session.add_all([mail, foreign])
    await attempt(floor, number, Channel.EMAIL, mail.id)
    for channel, point in [(Channel.CALL, mail.id), (Channel.CALL, foreign.id)]:
        with pytest.raises(BadInput):
            await attempt(floor, number, channel, point)


async def test_a_closed_channel_refuses_and_counts_nothing(floor: Floor) -> None:
    campaign = await floor.campaign()
    (customer,) = await floor.customers(1)
    (number,) = await floor.cases(campaign, [customer])
    async with floor.house.work() as work:
        work.session.add(DoNotContact(customer_id=customer, channel=Channel.CALL, reason="pidió", source="test"))
    with pytest.raises(DoNotContactAsked) as refused:
        await attempt(floor, number, Channel.CALL)
    assert refused.value.code == "contact-refused-do-not-contact"
    await attempt(floor, number, Channel.SMS)


@given(count=st.integers(0, 50), limits=st.tuples(*[st.integers(1, 20)] * 3).map(sorted))
def test_a_level_never_falls_while_the_count_climbs(count: int, limits: list[int]) -> None:
    """For any thresholds."""
    three = (limits[0], limits[1], limits[2])
    assert level(count, three) <= level(count + 1, three) <= 3
    assert level(0, three) == 0


def test_a_campaign_may_have_its_own_thresholds_for_one_medium() -> None:
    rule = PressureRule.of({"window_days": 3, "media": {"call": [1, 2, 3]}})
    assert rule.window_days == 3
    assert rule.thresholds(Channel.CALL) == (1, 2, 3)
    assert rule.thresholds(Channel.SMS) == PER_MEDIUM


async def test_a_contact_taken_back_leaves_everything_as_it_was_before(floor: Floor) -> None:
    """Count, colour, the customer's last contact and the place of each case; the audit has both."""
    (agent,) = await floor.people(1)
    campaign = await floor.campaign(agents=[agent])
    (customer,) = await floor.customers(1)
    (number,) = await floor.cases(campaign, [customer])
    await attempt(floor, number, Channel.SMS)
    async with floor.house.look() as session:
        before = await session.get_one(Case, number), await session.get_one(Customer, customer)
    async with floor.work(agent) as work:
        made = await record_attempt(work, number, Channel.CALL, None)
    async with floor.work(agent) as work:
        row = await take_back(work, number, made.attempt)
    assert (row.pressure.call.count, row.pressure.total) == (0, 1)
    async with floor.house.look() as session:
        after = await session.get_one(Case, number), await session.get_one(Customer, customer)
        assert [one.last_contact_at for one in after] == [one.last_contact_at for one in before]
        assert after[1].last_contact_channel == "sms"
        actions = select(AuditRow.action).where(AuditRow.actor_id == agent.id).order_by(AuditRow.id)
        assert (await session.scalars(actions)).all() == ["contact.counted", "contact.taken_back"]
    assert floor.told("contact.pressure_changed")[-1]["event"]["pressure"]["total"] == 1


async def test_a_contact_is_taken_back_by_its_author_and_at_once_only(floor: Floor) -> None:
    """Twice is not found; another's neither; after a minute it stays. A contact made meanwhile keeps its place."""
    agent, other = await floor.people(2)
    campaign = await floor.campaign(agents=[agent, other])
    (number,) = await floor.cases(campaign, await floor.customers(1))
    async with floor.work(agent) as work:
        made = await record_attempt(work, number, Channel.CALL, None)
    with pytest.raises(NotFound):
        async with floor.work(other) as work:
            await take_back(work, number, made.attempt)
    with pytest.raises(Conflict):
        async with floor.work(agent) as work:
            work.now += timedelta(minutes=2)
            await take_back(work, number, made.attempt)
    async with floor.work(other) as work:
        later = await record_attempt(work, number, Channel.SMS, None)
    async with floor.work(agent) as work:
        row = await take_back(work, number, made.attempt)
    assert row.last_contact is not None and row.last_contact.channel == "sms"
    assert row.rotated_at == later.case.rotated_at
    with pytest.raises(NotFound):
        async with floor.work(agent) as work:
            await take_back(work, number, made.attempt)
