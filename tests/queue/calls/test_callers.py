"""Whoever calls is known in whatever spelling the PBX gives the number, and a number of no plan can be kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from atiende.models.refused import BadInput
from atiende.queue.calls.identifying import say_who
from atiende.queue.customers.contact_points import add_contact_point
from atiende.queue.customers.correcting import create_customer
from atiende.tests.support.floors.queue_calls import Desk
from atiende.tests.support.floors.sharing import Floor

CALLERS = [
    ("CO", "3105550142", "00573105550142"),
    ("CO", "3105550142", "033105550142"),
    ("AR", "+54 9 11 2345 6701", "+541123456701"),
    ("AR", "11 2345-6701", "+5491123456701"),
    ("AR", "011 15-2345-6701", "1123456701"),
    ("MX", "55 1234 5601", "+5215512345601"),
    ("MX", "+52 1 55 1234 5601", "015512345601"),
    ("BR", "11 98765-4321", "1187654321"),
    ("BR", "11 8765-4321", "+5511987654321"),
]


@pytest.mark.parametrize(("region", "kept", "calling"), CALLERS)
async def test_a_caller_is_known_in_any_spelling_of_the_number(
    floor: Floor, desk: Desk, region: str, kept: str, calling: str
) -> None:
    floor.house = replace(floor.house, region=region)
    async with floor.work(desk.agents[0]) as work:
        customer = await create_customer(work, {"first_name": "Ana"}, [kept])
    await desk.ring(number=calling)
    assert desk.pops()[0]["customer"]["id"] == customer.id  # type: ignore[index]


async def test_the_number_of_a_caller_that_no_plan_knows_is_kept_and_known_the_next_time(
    floor: Floor, desk: Desk
) -> None:
    """An exchange behind an exchange, a satellite, a test line."""
    await desk.ring(number="+999 70012")
    await desk.answer(number="+999 70012")
    async with floor.work(desk.agents[0]) as work:
        customer = await create_customer(work, {"first_name": "Íngrid"}, ["+999 70012"])
        await say_who(work, str(desk.pops()[0]["call_id"]), customer.id)
    await desk.end()
    await desk.ring("c2", number="99970012")
    assert desk.pops()[1]["customer"]["id"] == customer.id  # type: ignore[index]


async def test_a_number_that_no_plan_knows_and_nobody_called_from_is_refused(floor: Floor, desk: Desk) -> None:
    async with floor.work(desk.agents[0]) as work:
        customer = await create_customer(work, {"first_name": "Ana"}, [])
    with pytest.raises(BadInput):
        async with floor.work(desk.agents[0]) as work:
            await add_contact_point(work, customer.id, "phone", "99970012", "")


async def test_a_landline_that_turns_out_to_be_a_mobile_becomes_one(floor: Floor, desk: Desk) -> None:
    """Argentina's numbers say so only with the 9; the datum stays one."""
    floor.house = replace(floor.house, region="AR")
    async with floor.work(desk.agents[0]) as work:
        customer = await create_customer(work, {"first_name": "Ana"}, ["11 2345-6701"])
        point = await add_contact_point(work, customer.id, "phone", "011 15-2345-6701", "")
        again = await add_contact_point(work, customer.id, "phone", "11 2345-6701", "")
    assert (point.id, point.kind, point.value) == (again.id, "mobile", "+5491123456701")
