"""`POST /calls` and `/hangup`: who may call whom, when and through which campaign; a refusal writes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from sqlalchemy import func, select, text, update

from atiende.models.calls.call import Call, Pbx
from atiende.models.campaigns.campaign import Campaign
from atiende.models.cases.case import Case
from atiende.models.contact.channels import Channel, ContactKind
from atiende.models.contact.rule_pack import RulePack
from atiende.models.contact.rules import ChannelLimits, ContactRules
from atiende.models.customers.customer import ContactPoint, DoNotContact
from atiende.models.people.agent import Agent
from atiende.models.people.user import User
from atiende.models.records import OutboxRow
from atiende.models.refused import ContactRefused
from atiende.queue.contact.counting import record_attempt
from atiende.queue.work import Actor
from atiende.server.settings import Settings
from atiende.tests.support.client import Client, Site, running_app
from atiende.tests.support.floors.sharing import Floor

CALLS = "/api/v1/calls"


@dataclass
class Desk:
    """An agent with a ready phone, a connected PBX with a living bridge, a customer with a phone and a mail."""

    site: Site
    floor: Floor
    agents: list[Actor]
    clients: list[Client]
    case: int
    customer: int
    phone: int
    mail: int

    async def sql(self, statement: str) -> None:
        async with self.floor.house.work() as work:
            await work.session.execute(text(statement))

    async def count(self) -> int:
        async with self.floor.house.look() as session:
            return int(await session.scalar(select(func.count()).select_from(Call)) or 0)

    def wanted(self, **more: int) -> dict[str, int]:
        return {"case": self.case, "contact_point_id": self.phone} | more


@pytest.fixture(params=["manual"])
async def desk(request: pytest.FixtureRequest, settings: Settings) -> AsyncIterator[Desk]:
    async with running_app(settings) as site:
        floor = Floor(site.house)
        floor.supervisor = (await floor.people(1, prefix="jefe"))[0]
        agents = await floor.people(2)
        campaign = await floor.campaign("Mora", agents=agents, type="collections", mode=request.param)
        (customer,) = await floor.customers(1)
        (case,) = await floor.cases(campaign, [customer])
        points = [(ContactKind.MOBILE, "+573105550142"), (ContactKind.EMAIL, "ana@correo.example")]
        rows = [ContactPoint(customer_id=customer, kind=kind, value=value) for kind, value in points]
        async with floor.house.work() as work:
            work.session.add_all([*rows, Pbx(id="main", connected=True)])
            lease = "INSERT INTO leases (name, holder, until_at) VALUES ('pbx:main', 'x', now() + interval '1 hour')"
            await work.session.execute(text(lease))
            for agent, extension in zip(agents, ("1001", "1002"), strict=True):
                await work.session.execute(update(User).where(User.id == agent.id).values(extension=extension))
            await work.session.execute(update(Agent).values(phone="idle"))
        clients = [await site.session_of(agent.id or 0) for agent in agents]
        yield Desk(site, floor, agents, clients, case, customer, rows[0].id, rows[1].id)


async def test_a_call_is_asked_for_once_however_often_the_request_comes(desk: Desk) -> None:
    """202 with the call; the case is opened; one command for the PBX."""
    headers = {"Idempotency-Key": "one-press"}
    first = await desk.clients[0].post(CALLS, json=desk.wanted(), headers=headers)
    assert first.status_code == 202, first.text
    call = first.json()["call"]
    assert (call["phase"], call["direction"], call["caller_id"]) == ("dialing", "outbound", "+573105550142")
    assert (call["case"]["number"], call["case"]["holder"]["id"]) == (desk.case, desk.agents[0].id)
    again = await desk.clients[0].post(CALLS, json=desk.wanted(), headers=headers)
    assert again.json()["call"]["id"] == call["id"]
    assert await desk.count() == 1
    async with desk.floor.house.look() as session:
        commands = list(await session.scalars(select(OutboxRow.payload).where(OutboxRow.kind == "command")))
    assert [row["arguments"]["call"] for row in commands if row["name"] == "dial"] == [call["id"]]
    other = await desk.clients[0].post(CALLS, json=desk.wanted())
    assert (other.status_code, other.json()["code"]) == (409, "already-in-call")
    assert [item["id"] for item in (await desk.clients[0].get(CALLS)).json()] == [call["id"]]


async def test_only_who_is_in_a_call_hangs_it_up(desk: Desk) -> None:
    call = (await desk.clients[0].post(CALLS, json=desk.wanted())).json()["call"]["id"]
    assert (await desk.clients[1].post(f"{CALLS}/{call}/hangup")).status_code == 404
    mine = await desk.clients[0].post(f"{CALLS}/{call}/hangup")
    assert (mine.status_code, mine.json()["call"]["phase"]) == (202, "ended")  # nobody had begun to dial
    assert mine.json()["call"]["outcome"] == "cancelled"
    assert (await desk.clients[0].post(f"{CALLS}/{call}/hangup")).status_code in (404, 409)
    assert (await desk.clients[0].post(CALLS, json=desk.wanted())).status_code == 202


@pytest.mark.parametrize(
    ("before", "status", "code"),
    [
        ("UPDATE pbxs SET connected = false", 503, "unavailable"),
        ("UPDATE leases SET until_at = now() - interval '1 s'", 503, "unavailable"),
        ("UPDATE agents SET phone = 'unavailable'", 409, "phone-not-ready"),
        ("UPDATE agents SET phone = 'in_use'", 409, "phone-not-ready"),
        ("UPDATE users SET extension = NULL", 409, "phone-not-ready"),
        ("UPDATE cases SET status = 'closed', closed_at = now()", 409, "case-closed"),
        ("UPDATE cases SET holder_id = (SELECT id FROM users WHERE username = 'agente1')", 409, "case-already-taken"),
        ("DELETE FROM campaign_agents", 404, "not-found"),
    ],
)
async def test_what_stands_in_the_way_is_said_and_nothing_is_done(
    desk: Desk, before: str, status: int, code: str
) -> None:
    await desk.sql(before)
    answer = await desk.clients[0].post(CALLS, json=desk.wanted())
    refused = answer.json()
    assert answer.status_code == status or (status == 404 and answer.status_code == 403), answer.text
    assert refused["code"] == code or status == 404
    assert refused["message"]
    assert await desk.count() == 0


async def test_only_a_phone_of_this_customer_is_called(desk: Desk) -> None:
    mail = await desk.clients[0].post(CALLS, json=desk.wanted(contact_point_id=desk.mail))
    nobody = await desk.clients[0].post(CALLS, json=desk.wanted(contact_point_id=999))
    for answer in (mail, nobody):
        assert (answer.status_code, answer.json()["field"]) == (422, "contact_point_id")
    assert await desk.count() == 0


async def test_a_customer_who_wants_no_calls_is_not_called(desk: Desk) -> None:
    async with desk.floor.house.work() as work:
        work.session.add(DoNotContact(customer_id=desk.customer, channel=Channel.CALL, reason="", source="test"))
    answer = await desk.clients[0].post(CALLS, json=desk.wanted())
    assert (answer.status_code, answer.json()["code"]) == (409, "contact-refused-do-not-contact")
    assert await desk.count() == 0


async def test_a_rule_pack_refuses_a_click_as_it_refuses_every_contact(desk: Desk) -> None:
    """Above the number of a day or a week, by the same code and sentence as at every other door."""
    async with desk.floor.house.work() as work:
        frequency = select(RulePack.id).where(RulePack.name == "Frecuencia por medio").scalar_subquery()
        await work.session.execute(update(Campaign).values(rule_pack_id=frequency))
    said = None
    for _ in range(20):
        try:
            async with desk.floor.house.work(desk.agents[0]) as work:
                await record_attempt(work, desk.case, Channel.CALL, desk.phone)
        except ContactRefused as refused:
            said = refused
            break
    assert said is not None
    answer = await desk.clients[0].post(CALLS, json=desk.wanted())
    assert (answer.status_code, answer.json()["code"]) == (409, said.code)
    assert answer.json()["message"].startswith("No se puede llamar a Cliente 0")
    assert await desk.count() == 0


async def test_of_two_agents_who_call_a_customer_at_once_only_one_is_allowed_where_one_call_is_the_most(
    desk: Desk,
) -> None:
    """A call under way has taken its place; one that ended before the phone rang gives it back."""
    other = await desk.floor.campaign("Ventas", agents=desk.agents, type="promotion", mode="manual")
    (second,) = await desk.floor.cases(other, [desk.customer])
    async with desk.floor.house.work() as work:
        once = ContactRules(channels={Channel.CALL: ChannelLimits(per_day=1)})
        pack = RulePack(name="Una al día", stored=once.model_dump(mode="json"))
        work.session.add(pack)
        await work.session.flush()
        await work.session.execute(update(Campaign).values(rule_pack_id=pack.id))
    wanted = [desk.wanted(), desk.wanted(case=second)]
    answers = await asyncio.gather(
        *(client.post(CALLS, json=form) for client, form in zip(desk.clients, wanted, strict=True))
    )
    assert sorted(answer.status_code for answer in answers) == [202, 409]
    lost = next(place for place, answer in enumerate(answers) if answer.status_code == 409)
    refused, call = answers[lost].json(), answers[1 - lost].json()["call"]["id"]
    assert (refused["code"], refused["rule"]) == ("contact-refused-daily", "daily")
    assert refused["message"].startswith("No se puede llamar a Cliente 0 hasta mañana a las 00:00.")
    assert "Contactos de hoy por este medio: 1; el tope es 1." in refused["message"]
    async with desk.floor.house.look() as session:
        assert (await session.get_one(Agent, desk.agents[lost].id)).case_number is None
    assert (await desk.clients[1 - lost].post(f"{CALLS}/{call}/hangup")).json()["call"]["phase"] == "ended"
    assert (await desk.clients[lost].post(CALLS, json=wanted[lost])).status_code == 202


@pytest.mark.proves("S4-92")
@pytest.mark.parametrize("desk", ["inbound"], indirect=True)
async def test_an_incoming_case_names_its_outgoing_campaign(desk: Desk) -> None:
    """One is taken by itself, among several the agent says which; another's is refused."""
    foreign = await desk.floor.campaign("De otros", agents=[desk.agents[1]], type="survey", mode="manual")
    wrong = await desk.clients[0].post(CALLS, json=desk.wanted(campaign=foreign.id))
    assert (wrong.status_code, wrong.json()["field"]) == (422, "campaign")
    one = await desk.floor.campaign("Encuesta", agents=desk.agents, type="survey", mode="manual")
    two = await desk.floor.campaign("Retención", agents=desk.agents, type="promotion", mode="preview")
    asked = await desk.clients[0].post(CALLS, json=desk.wanted())
    assert (asked.status_code, asked.json()["code"]) == (422, "campaign-required")
    async with desk.floor.house.look() as session:
        own = (await session.get_one(Case, desk.case)).campaign_id
    assert {choice["id"] for choice in asked.json()["campaigns"]} == {own, one.id, two.id}
    answer = await desk.clients[0].post(CALLS, json=desk.wanted(campaign=two.id))
    assert answer.status_code == 202 and answer.json()["call"]["campaign"]["id"] == two.id
