"""Finding, making and correcting customers."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from atiende.models.contact.channels import ContactKind
from atiende.models.customers.customer import ContactPoint, Customer
from atiende.models.records import AuditRow
from atiende.models.refused import AlreadyExists, BadInput, Stale
from atiende.queue.customers import accounts, contact_points, correcting, finding
from atiende.tests.support.floors.sharing import Floor, sharing_floor


@pytest.fixture
async def floor(database_url: str) -> AsyncIterator[Floor]:
    async with sharing_floor(database_url) as floor:
        yield floor


async def make(floor: Floor, phones: list[str] | None = None, **values: str) -> int:
    async with floor.work() as work:
        return (await correcting.create_customer(work, values, phones or [])).id


async def find(floor: Floor, **asked: object) -> list[str]:
    async with floor.house.look() as session:
        wanted = finding.search("CO", **asked)  # type: ignore[arg-type]
        return [c.full_name for c in await finding.find_customers(session, wanted, None, 20)]


@pytest.mark.proves("S0-27", "S4-93")
async def test_the_whole_base_is_searched_by_name_document_and_phone(floor: Floor) -> None:
    """In any order, without marks, a number as people write it."""
    await make(floor, ["310 555 0142"], first_name="Óscar", first_surname="Muñoz", document="79845112")
    await make(floor, ["(601) 555-7730"], first_name="Luz", first_surname="Peña", document="52318904")
    assert await find(floor, q="munoz") == ["Óscar Muñoz"]
    assert await find(floor, q="pena luz") == ["Luz Peña"]
    assert await find(floor, q="3105550142") == await find(floor, q="+57 310 555 0142") == ["Óscar Muñoz"]
    assert await find(floor, q="79845112") == await find(floor, document="7984") == ["Óscar Muñoz"]
    assert await find(floor, phone="6015557730") == ["Luz Peña"]
    assert await find(floor, phone="31055") == ["Óscar Muñoz"]
    assert await find(floor, q="'; drop table customers; --") == []
    assert await find(floor, document="%") == []


@pytest.mark.proves("S4-94")
async def test_only_my_own_customers_unless_the_switch_is_off(floor: Floor) -> None:
    (agent,) = await floor.people(1)
    campaign = await floor.campaign(agents=[agent])
    mine, _ = await make(floor, first_name="Mía"), await make(floor, first_name="Ajena")
    await floor.cases(campaign, [mine], agent_id=agent.id)
    assert await find(floor, mine=agent.id) == ["Mía"]
    assert await find(floor) == ["Ajena", "Mía"]


@pytest.mark.proves("S1-24", "S3-46", "S4-79")
async def test_a_correction_shows_on_every_open_case_and_is_audited(floor: Floor) -> None:
    customer = await make(floor, first_name="Jose", document="1")
    one, two = await floor.campaign("Una"), await floor.campaign("Dos")
    numbers = [*await floor.cases(one, [customer]), *await floor.cases(two, [customer])]
    async with floor.work() as work:
        await correcting.correct_customer(work, customer, None, {"first_name": "José", "first_surname": "Güiza"})
    told = floor.told("customer.corrected")[-1]["event"]
    assert told["customer"]["name"] == "José Güiza"
    assert [(row["number"], row["version"]) for row in told["cases"]] == [(number, 2) for number in numbers]
    async with floor.house.look() as session:
        audit = select(AuditRow.detail).where(AuditRow.action == "customer.corrected")
        assert (await session.execute(audit)).scalar_one()["before"]["first_name"] == "Jose"


async def test_a_stale_form_is_refused_with_both_values(floor: Floor) -> None:
    """ARCHITECTURE: the same number refuses a stale form."""
    customer = await make(floor, first_name="Ana")
    async with floor.work() as work:
        await correcting.correct_customer(work, customer, 1, {"city": "Cali"})
    with pytest.raises(Stale) as refused:
        async with floor.work() as work:
            await correcting.correct_customer(work, customer, 1, {"city": "Bogotá"})
    assert refused.value.extra["stored"] == {"city": "Cali"}
    assert refused.value.extra["yours"] == {"city": "Bogotá"}


@pytest.mark.proves("S3-13", "S3-14", "S3-57")
async def test_a_new_contact_datum_is_linked_at_once_and_never_doubled(floor: Floor) -> None:
    """A landline is known by its indicativo."""
    customer = await make(floor, first_name="Ana")
    async with floor.work() as work:
        phone = await contact_points.add_contact_point(work, customer, "phone", "601 555 7730", "casa")
        again = await contact_points.add_contact_point(work, customer, "phone", "(601) 555-77-30", "")
        mail = await contact_points.add_contact_point(work, customer, "email", " Ana@Correo.CO ", "")
        home = await contact_points.add_contact_point(work, customer, "address", " Calle 1 # 2-3 ", "casa")
        social = await contact_points.add_contact_point(work, customer, "social", "@ana", "")
    async with floor.house.look() as session:
        points = select(ContactPoint.id).where(ContactPoint.customer_id == customer).order_by(ContactPoint.position)
        assert list(await session.scalars(points)) == [phone.id, mail.id, home.id, social.id]
    assert (phone.kind, phone.value, phone.id) == (ContactKind.LANDLINE, "+576015557730", again.id)
    assert (mail.kind, mail.value) == (ContactKind.EMAIL, "ana@correo.co")
    assert (home.kind, home.value, home.label) == (ContactKind.ADDRESS, "Calle 1 # 2-3", "casa")
    assert (social.kind, social.value) == (ContactKind.SOCIAL, "@ana")


@pytest.mark.parametrize(
    ("kind", "value"), [("phone", "5557730"), ("phone", "x"), ("email", "a@b"), ("email", "a b@c.co")]
)
async def test_contact_data_that_reach_nobody_are_refused(floor: Floor, kind: str, value: str) -> None:
    customer = await make(floor, first_name="Ana")
    with pytest.raises(BadInput):
        async with floor.work() as work:
            await contact_points.add_contact_point(work, customer, kind, value, "")


async def test_one_document_is_one_customer(floor: Floor) -> None:
    first = await make(floor, first_name="Ana", document="1", document_type="CC")
    with pytest.raises(AlreadyExists) as refused:
        await make(floor, first_name="Otra", document="1", document_type="CC")
    assert refused.value.extra["customer_id"] == first


async def test_a_customer_with_nothing_to_know_him_by_is_refused(floor: Floor) -> None:
    with pytest.raises(BadInput):
        await make(floor, city="Cali")
    async with floor.house.look() as session:
        assert (await session.execute(select(Customer))).all() == []


async def test_an_account_is_linked_at_once_and_its_number_is_his_only_once(floor: Floor) -> None:
    customer = await make(floor, first_name="Ana")
    async with floor.work() as work:
        account = await accounts.add_account(work, customer, {"number": "1048221", "plan": "Hogar 300"})
    assert (account.customer_id, account.plan) == (customer, "Hogar 300")
    with pytest.raises(AlreadyExists):
        async with floor.work() as work:
            await accounts.add_account(work, customer, {"number": "1048221"})
