"""Saving gestiones: what each way of saving does to the case and gives next."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from atiende.models.campaigns.campaign import AssignmentMode, Campaign, ResultNode
from atiende.models.cases.case import Appointment, Case, CaseStatus, Disposition
from atiende.models.contact.channels import ContactKind
from atiende.models.contact.rule_pack import RulePack
from atiende.models.customers.customer import ContactPoint, DoNotContact
from atiende.models.refused import BadInput, ContactRefused, DateInThePast, NotHolder, ResultRequired, ResultUnknown
from atiende.models.rows.campaign import CampaignRow
from atiende.queue.cases import closing, taking
from atiende.queue.cases.dispositions import Filled, Saved, save_disposition
from atiende.queue.work import Actor
from atiende.tests.support.floors.sharing import Floor, sharing_floor


@pytest.fixture
async def floor(database_url: str) -> AsyncIterator[Floor]:
    async with sharing_floor(database_url) as floor:
        yield floor


async def begin(floor: Floor, count: int = 1, **campaign_values: object) -> tuple[Actor, CampaignRow, list[int]]:
    """An agent with the first of `count` cases open."""
    (agent,) = await floor.people(1)
    campaign = await floor.campaign(agents=[agent], type="collections", **campaign_values)
    numbers = await floor.cases(campaign, await floor.customers(count))
    async with floor.work(agent) as work:
        await taking.open_case(work, numbers[0])
    return agent, campaign, numbers


async def save(floor: Floor, agent: Actor, number: int, **form: object) -> Saved:
    async with floor.work(agent) as work:
        return await save_disposition(work, number, Filled(**form))  # type: ignore[arg-type]


async def path_to(floor: Floor, campaign: CampaignRow, *names: str) -> tuple[int, ...]:
    """Ids of the results with these names, level 1 first."""
    path: list[int] = []
    async with floor.house.look() as session:
        for name in names:
            parent = path[-1] if path else None
            node = select(ResultNode.id).where(
                ResultNode.campaign_id == campaign.id,
                ResultNode.name == name,
                ResultNode.parent_id.is_not_distinct_from(parent),
            )
            path.append((await session.execute(node)).scalar_one())
    return tuple(path)


async def case_of(floor: Floor, number: int) -> Case:
    async with floor.house.look() as session:
        return await session.get_one(Case, number)


@pytest.mark.proves("S0-20")
async def test_finishing_without_a_result_is_refused_and_saves_nothing(floor: Floor) -> None:
    """Refused by the server too."""
    agent, _, (number,) = await begin(floor)
    with pytest.raises(ResultRequired) as refused:
        await save(floor, agent, number, finish=True, observations="habló")
    assert refused.value.field == "result"
    async with floor.house.look() as session:
        assert (await session.execute(select(Disposition))).all() == []


@pytest.mark.proves("S0-10", "S0-15", "S0-16", "S0-21")
async def test_a_comment_alone_asks_for_no_result_and_leaves_the_gestion_unfinished(floor: Floor) -> None:
    """The case stays the agent's and open; the next one comes."""
    agent, _, (number, other) = await begin(floor, 2)
    saved = await save(floor, agent, number, observations="No estaba, vuelve a las 5")
    assert saved.case.status == "open"
    assert saved.case.agent is not None and saved.case.agent.id == agent.id
    assert saved.next_case is not None and saved.next_case.number == other
    async with floor.house.look() as session:
        stored = (await session.execute(select(Disposition))).scalar_one()
        assert (stored.finished, stored.observations) == (False, "No estaba, vuelve a las 5")
    assert (await case_of(floor, number)).last_contact_at is None, "a comment is no contact"


async def test_a_result_chosen_before_it_became_a_comment_counts_nothing(floor: Floor) -> None:
    """*Solo comentario* after a chosen result: no effective contact, no last result, and not a comment by itself."""
    agent, campaign, (number,) = await begin(floor)
    path = await path_to(floor, campaign, "Contacto exitoso", "No va a pagar")
    with pytest.raises(BadInput) as refused:
        await save(floor, agent, number, result=path)
    assert refused.value.field == "observations"
    saved = await save(floor, agent, number, result=path, observations="Se cortó la llamada")
    assert (saved.case.status, saved.case.last_result) == ("open", None)
    async with floor.house.look() as session:
        stored = (await session.execute(select(Disposition))).scalar_one()
        assert (stored.effective, stored.result_path, stored.result_id, stored.result_name) == (False, [], None, "")


@pytest.mark.proves("S3-78")
@pytest.mark.parametrize(
    ("day", "clock", "code"),
    [(4, "10:00", None), (4, "21:30", "hours"), (8, "10:00", "holiday"), (6, "10:00", "day")],
)
async def test_a_next_contact_at_a_forbidden_hour_or_day_is_refused_with_its_rule(
    floor: Floor, day: int, clock: str, code: str | None
) -> None:
    """The next 4th, 6th (made a day without hours) and 8th of December (a holiday in Colombia)."""
    year = datetime.now(UTC).year + 1
    at = datetime.fromisoformat(f"{year}-12-{day:02}T{clock}:00-05:00")
    hours = [[] if n == date(year, 12, 6).weekday() else [("07:00", "19:00")] for n in range(7)]
    agent, campaign, (number,) = await begin(floor)
    async with floor.work() as work:
        pack = RulePack(name="Ley", stored={"hours": hours, "holidays": {"country": "CO"}})
        work.session.add(pack)
        await work.session.flush()
        await work.session.execute(update(Campaign).where(Campaign.id == campaign.id).values(rule_pack_id=pack.id))
    path = await path_to(floor, campaign, "Contacto exitoso", "Compromiso de pago")
    form = {"result": path, "finish": True, "next_contact_at": at, "mine": True}
    if code is None:
        assert (await save(floor, agent, number, **form)).case.next_contact_at == at
        return
    with pytest.raises(ContactRefused) as refused:
        await save(floor, agent, number, **form)
    assert (refused.value.code, refused.value.field) == (f"contact-refused-{code}", "next_contact_at")
    assert refused.value.extra["until"] > at and refused.value.extra["pack"].name == "Ley"
    assert (await case_of(floor, number)).due_at is None


async def test_an_empty_form_is_not_a_gestion(floor: Floor) -> None:
    agent, _, (number,) = await begin(floor)
    with pytest.raises(BadInput):
        await save(floor, agent, number, observations="   ")


@pytest.mark.proves("S0-14", "S0-15", "S0-16", "S1-28", "S1-31", "S1-32", "S4-23")
async def test_finishing_with_a_result_closes_the_case_and_opens_the_next_one(floor: Floor) -> None:
    """The end of a gestión can be taken back, unlike Cerrar caso."""
    agent, campaign, (number, other) = await begin(floor, 2)
    path = await path_to(floor, campaign, "Contacto exitoso", "No va a pagar")
    saved = await save(floor, agent, number, result=path, finish=True)
    assert saved.case.status == "closed" and saved.case.last_result == "No va a pagar"
    assert (saved.case.next_contact_at, saved.case.next_phone, saved.case.last_contact) == (None, None, None)
    assert saved.next_case is not None and saved.next_case.number == other
    async with floor.work(agent) as work:
        reopened = await closing.reopen_case(work, number)
    assert reopened.status == "open"


async def test_when_no_case_is_left_it_is_said_and_the_agent_waits(floor: Floor) -> None:
    """PRODUCT, Guardar y siguiente: when none is left it says so and returns to the list in EN ESPERA."""
    agent, _, (number,) = await begin(floor)
    saved = await save(floor, agent, number, observations="ok")
    assert (saved.next_case, saved.why_none) == (None, "nothing-left")
    assert floor.told("agent.state_changed")[-1]["event"]["agent"]["state"] == "waiting"


@pytest.mark.proves("S1-29", "S3-78", "S4-83", "S4-84")
async def test_a_next_date_makes_an_appointment_for_me(floor: Floor) -> None:
    """For me, by the phone that was agreed on."""
    agent, campaign, (number,) = await begin(floor)
    at = datetime.now(UTC) + timedelta(days=2)
    path = await path_to(floor, campaign, "Contacto exitoso", "Compromiso de pago")
    saved = await save(
        floor, agent, number, result=path, finish=True, next_contact_at=at, mine=True, phone="601 555 7730"
    )
    assert saved.case.next_contact_at == at and saved.case.next_contact_agent_id == agent.id
    assert saved.case.next_phone == "+576015557730"
    assert saved.case.status == "open" and saved.case.agent is not None
    async with floor.house.look() as session:
        appointment = (await session.execute(select(Appointment))).scalar_one()
        assert (appointment.at, appointment.agent_id, appointment.phone) == (at, agent.id, "+576015557730")


@pytest.mark.parametrize(("mode", "kept"), [(AssignmentMode.MIXED, False), (AssignmentMode.DIRECTED, True)])
async def test_an_appointment_that_is_not_mine_goes_to_whom_the_assignment_mode_says(
    floor: Floor, mode: AssignmentMode, kept: bool
) -> None:
    """Anyone where agents take cases themselves, the assigned agent where the supervisor gives them."""
    (agent,) = await floor.people(1)
    campaign = await floor.campaign(agents=[agent], assignment_mode=mode)
    (number,) = await floor.cases(campaign, await floor.customers(1), agent_id=agent.id)
    async with floor.work(agent) as work:
        await taking.open_case(work, number)
    at = datetime.now(UTC) + timedelta(hours=3)
    saved = await save(floor, agent, number, observations="mañana", next_contact_at=at)
    assert (saved.case.agent is not None) is kept


async def test_a_date_in_the_past_is_refused(floor: Floor) -> None:
    agent, _, (number,) = await begin(floor)
    with pytest.raises(DateInThePast):
        await save(floor, agent, number, observations="x", next_contact_at=datetime.now(UTC) - timedelta(minutes=1))


@pytest.mark.proves("S4-26")
async def test_agenda_and_action_exclude_each_other(floor: Floor) -> None:
    """A result with an action takes no date."""
    agent, campaign, (number,) = await begin(floor)
    path = await path_to(floor, campaign, "Sin contacto", "No contesta")
    at = datetime.now(UTC) + timedelta(hours=3)
    with pytest.raises(BadInput):
        await save(floor, agent, number, result=path, finish=True, next_contact_at=at)


async def test_rellamar_alternativo_goes_to_the_end_with_the_next_phone(floor: Floor) -> None:
    """End of the list, next alternative phone; the deepest level decides."""
    agent, campaign, (number, other) = await begin(floor, 2)
    async with floor.house.work() as work:
        customer = (await work.session.get_one(Case, number)).customer_id
        for place, value in enumerate(["+573105550142", "+576015557730"]):
            work.session.add(ContactPoint(customer_id=customer, kind=ContactKind.MOBILE, value=value, position=place))
    path = await path_to(floor, campaign, "Sin contacto", "Buzón de voz")
    saved = await save(floor, agent, number, result=path, finish=True)
    assert saved.case.status == "open" and saved.case.next_phone == "+576015557730"
    assert saved.case.why == "alternative"
    assert (await case_of(floor, number)).last_contact_at is not None
    assert saved.next_case is not None and saved.next_case.number == other


@pytest.mark.proves("S4-24")
async def test_no_volver_a_llamar_closes_the_channel_of_calls(floor: Floor) -> None:
    agent, campaign, (number,) = await begin(floor)
    async with floor.house.work() as work:
        node = select(ResultNode).where(ResultNode.campaign_id == campaign.id, ResultNode.name == "No va a pagar")
        (await work.session.execute(node)).scalar_one().action = "never_again"
    path = await path_to(floor, campaign, "Contacto exitoso", "No va a pagar")
    saved = await save(floor, agent, number, result=path, finish=True)
    assert saved.case.status == "closed" and saved.case.pressure.refused == ["call"]
    async with floor.house.look() as session:
        assert (await session.execute(select(DoNotContact.source))).scalar_one() == f"case:{number}"


@pytest.mark.proves("S0-22")
async def test_a_result_of_another_campaign_is_unknown(floor: Floor) -> None:
    """Results belong to the campaign."""
    agent, _, (number,) = await begin(floor)
    other = await floor.campaign("Otra", type="survey")
    path = await path_to(floor, other, "Sin contacto")
    with pytest.raises(ResultUnknown):
        await save(floor, agent, number, result=path, finish=True)


async def test_only_who_has_the_case_open_saves_a_gestion(floor: Floor) -> None:
    _, _, (number,) = await begin(floor)
    (stranger,) = await floor.people(1, prefix="otro")
    with pytest.raises(NotHolder):
        await save(floor, stranger, number, observations="x")
    assert (await case_of(floor, number)).status is CaseStatus.OPEN


async def test_a_due_appointment_is_attended_by_any_gestion(floor: Floor) -> None:
    """A case that was worked at its hour does not stay first."""
    (agent,) = await floor.people(1)
    campaign = await floor.campaign(agents=[agent])
    (number,) = await floor.cases(campaign, await floor.customers(1), agent_id=agent.id)
    past = datetime.now(UTC) - timedelta(minutes=5)
    async with floor.house.work() as work:
        work.session.add(Appointment(case_number=number, at=past, agent_id=agent.id))
        (await work.session.get_one(Case, number)).due_at = past
    async with floor.work(agent) as work:
        await taking.open_case(work, number)
    saved = await save(floor, agent, number, observations="Lo llamé")
    assert saved.case.next_contact_at is None
    async with floor.house.look() as session:
        assert (await session.execute(select(Appointment.done_at))).scalar_one() is not None


async def test_a_finished_case_keeps_no_appointment_and_neither_does_a_closed_one(floor: Floor) -> None:
    """What was promised is taken back with the case's end, so that nothing falls due for it later."""
    agent, campaign, (number, other) = await begin(floor, 2)
    at = datetime.now(UTC) + timedelta(hours=3)
    async with floor.house.work() as work:
        for case in (number, other):
            work.session.add(Appointment(case_number=case, at=at, agent_id=agent.id))
            (await work.session.get_one(Case, case)).due_at = at
    path = await path_to(floor, campaign, "Contacto exitoso", "No va a pagar")
    await save(floor, agent, number, result=path, finish=True, go_on=False)
    async with floor.work(agent) as work:
        await taking.open_case(work, other)
        await closing.close_for_good(work, other)
    async with floor.house.look() as session:
        open_ones = select(Appointment).where(Appointment.cancelled_at.is_(None), Appointment.done_at.is_(None))
        assert (await session.execute(open_ones)).all() == []
    assert (await case_of(floor, other)).final
