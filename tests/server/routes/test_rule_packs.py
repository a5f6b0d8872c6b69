"""Rule packs through the doors: made, changed, tried out, given to a campaign, and refusing a contact by JSON."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from atiende.models.calls.call import Pbx
from atiende.models.cases.case import Case, ContactAttempt
from atiende.models.contact.channels import Channel, ContactKind
from atiende.models.customers.customer import ContactPoint, Customer
from atiende.models.people.agent import Agent, State
from atiende.models.permissions import Role
from atiende.models.records import Lease, OutboxRow
from atiende.server.settings import Settings
from atiende.tests.support.client import Client, Site, running_app

API = "/api/v1"
NEVER = {"hours": [[]] * 7}
ALWAYS: dict[str, Any] = {}


@pytest.fixture
async def site(settings: Settings) -> AsyncIterator[Site]:
    async with running_app(settings) as running:
        yield running


async def made(boss: Client, rules: dict[str, Any], name: str = "Propia") -> dict[str, Any]:
    answer = await boss.post(f"{API}/rule-packs", json={"name": name, "text": "De prueba", "rules": rules})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def case_under(site: Site, boss: Client, agent: Client, pack: dict[str, Any] | None) -> tuple[int, int, int]:
    """Campaign, customer and case number."""
    wanted = {"name": "Mora", "agents": [agent.user_id], "rule_pack": pack["id"] if pack else None}
    campaign = (await boss.post(f"{API}/campaigns", json=wanted)).json()
    async with site.house.work() as work:
        customer = await work.session.scalar(insert(Customer).values(full_name="Nelson Ávila").returning(Customer.id))
        values = {
            "campaign_id": campaign["id"],
            "campaign_priority": 5,
            "customer_id": customer,
            "agent_id": agent.user_id,
        }
        number = await work.session.scalar(insert(Case).values(values).returning(Case.number))
    assert customer and number
    return campaign["id"], customer, number


async def test_two_examples_are_there_and_supervisors_make_others(site: Site) -> None:
    """Packs are made, changed under their version, and named once."""
    boss, agent = await site.signed_in(Role.SUPERVISOR), await site.signed_in(Role.AGENT)
    names = [pack["name"] for pack in (await agent.get(f"{API}/rule-packs")).json()["items"]]
    assert names == ["Frecuencia por medio", "Horarios y frecuencia, Colombia"]
    pack = await made(boss, {"channels": {"call": {"per_week": 5}}})
    one = f"{API}/rule-packs/{pack['id']}"
    assert (await agent.patch(one, json={"name": "Mía"})).status_code == 403
    assert (await agent.post(f"{API}/rule-packs", json={"name": "Mía"})).status_code == 403
    changed = (await boss.patch(one, json={"text": "Otra cosa", "version": 1})).json()
    assert (changed["version"], changed["text"], changed["rules"]) == (2, "Otra cosa", pack["rules"])
    stale = await boss.patch(one, json={"text": "Vieja", "version": 1})
    assert (stale.status_code, stale.json()["code"], stale.json()["current"]["text"]) == (409, "stale", "Otra cosa")
    doubled = await boss.post(f"{API}/rule-packs", json={"name": "Frecuencia por medio"})
    assert (doubled.status_code, doubled.json()["field"]) == (409, "name")
    assert (await boss.patch(f"{API}/rule-packs/999", json={"text": "x"})).status_code == 404


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        ({"hours": [[["19:00", "07:00"]]] * 7}, "rules.hours"),
        ({"holidays": {"country": "XX"}}, "rules.holidays"),
        ({"channels": {"call": {"per_day": 0}}}, "rules.channels.call.per_day"),
        ({"channels": {"fax": {}}}, "rules.channels.fax"),
    ],
)
async def test_rules_that_make_no_sense_name_their_field(site: Site, rules: dict[str, Any], field: str) -> None:
    boss = await site.signed_in(Role.SUPERVISOR)
    refused = await boss.post(f"{API}/rule-packs", json={"name": "Mala", "rules": rules})
    assert refused.status_code == 422, refused.text
    assert refused.json()["field"].startswith(field)


async def test_a_refused_contact_says_why_and_until_when_by_json(site: Site) -> None:
    """The same answer at the door that registers an attempt; nothing is counted."""
    boss, agent = await site.signed_in(Role.SUPERVISOR), await site.signed_in(Role.AGENT)
    pack = await made(boss, {"channels": {"call": {"per_week": 1}}})
    _, customer, number = await case_under(site, boss, agent, pack)
    attempt = f"{API}/cases/{number}/attempts"
    first = await agent.post(attempt, json={"channel": "call"})
    assert first.status_code == 200
    assert first.json()["pressure"]["refused"] == ["call"]
    refused = await agent.post(attempt, json={"channel": "call"})
    told = refused.json()
    assert (refused.status_code, told["code"], told["field"]) == (409, "contact-refused-weekly", "channel")
    assert told["until"] == first.json()["pressure"]["refusals"]["call"]["until"]
    assert (told["rule"], told["pack"], told["channel"]) == ("weekly", {"id": pack["id"], "name": "Propia"}, "call")
    assert told["message"].startswith("No se puede llamar a Nelson Ávila hasta ")
    assert "Contactos en 7 días por este medio: 1; el tope es 1. Regla: «Propia»." in told["message"]
    assert (await agent.post(attempt, json={"channel": "sms"})).status_code == 200
    async with site.house.look() as session:
        counted = await session.scalars(select(ContactAttempt.channel).where(ContactAttempt.customer_id == customer))
        assert sorted(counted) == [Channel.CALL, Channel.SMS]


async def test_a_campaign_is_given_a_pack_and_its_screens_are_told(site: Site) -> None:
    """The rule holds at once; the row says so without a new version of the case."""
    boss, agent = await site.signed_in(Role.SUPERVISOR), await site.signed_in(Role.AGENT)
    campaign, _, number = await case_under(site, boss, agent, None)
    row = (await agent.get(f"{API}/cases/{number}")).json()
    assert row["pressure"]["refused"] == []
    pack = await made(boss, NEVER)
    one = f"{API}/campaigns/{campaign}"
    assert (await boss.patch(one, json={"rule_pack": 999})).json()["field"] == "rule_pack"
    assert (await boss.patch(one, json={"rule_pack": pack["id"]})).json()["rule_pack"] == pack["id"]
    ruled = (await agent.get(f"{API}/cases/{number}")).json()
    assert (ruled["version"], len(ruled["pressure"]["refused"])) == (row["version"], len(Channel))
    assert (await agent.post(f"{API}/cases/{number}/attempts", json={"channel": "email"})).status_code == 409
    await boss.patch(f"{API}/rule-packs/{pack['id']}", json={"rules": ALWAYS})
    assert (await agent.post(f"{API}/cases/{number}/attempts", json={"channel": "email"})).status_code == 200
    told = [e["event"] for e in await events(site) if e["event"]["type"] == "list.changed"]
    assert [(e["reason"], e["scope"]) for e in told] == [("rules", f"campaign:{campaign}")] * 2
    await boss.patch(one, json={"rule_pack": None})
    assert (await agent.get(f"{API}/cases/{number}")).json()["pressure"]["refusals"] == {}


async def events(site: Site) -> list[dict[str, Any]]:
    """Everything that was told, in order."""
    async with site.house.look() as session:
        rows = await session.scalars(select(OutboxRow.payload).where(OutboxRow.kind == "event").order_by(OutboxRow.id))
        return list(rows)


async def test_rules_are_tried_out_before_they_are_stored(site: Site) -> None:
    """The editor's question: could one call at 20:05 there?"""
    boss = await site.signed_in(Role.SUPERVISOR)
    packs = (await boss.get(f"{API}/rule-packs")).json()["items"]
    colombia = next(pack["rules"] for pack in packs if "Colombia" in pack["name"])
    asked = {"rules": colombia, "at": "2026-12-07T20:05:00-05:00", "time_zone": "America/Bogota"}
    told = (await boss.post(f"{API}/rule-packs/preview", json=asked)).json()
    assert told["clock"] == "20:05"
    assert told["media"]["call"]["allowed"] is False
    assert (told["media"]["call"]["rule"], told["media"]["call"]["until"]) == ("hours", "2026-12-09T12:00:00Z")
    assert told["holidays"][0] == {"day": "2026-12-08", "name": "La Inmaculada Concepción"}
    there = {**asked, "at": "2026-12-07T20:05", "time_zone": "Europe/Madrid"}
    assert (await boss.post(f"{API}/rule-packs/preview", json=there)).json()["at"] == "2026-12-07T19:05:00Z"
    far = {**asked, "at": "9999-12-31T23:59:59"}
    assert (await boss.post(f"{API}/rule-packs/preview", json=far)).status_code == 422
    wrong = await boss.post(f"{API}/rule-packs/preview", json={**asked, "time_zone": "Marte"})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "time_zone")


async def test_a_refused_customer_is_not_called_by_a_click(site: Site) -> None:
    """The door that dials refuses before the agent's phone rings; the same code and sentence."""
    boss = await site.signed_in(Role.SUPERVISOR)
    agent = await site.signed_in(Role.AGENT, extension="1001")
    pack = await made(boss, NEVER)
    _, customer, number = await case_under(site, boss, agent, pack)
    async with site.house.work() as work:
        point = ContactPoint(customer_id=customer, kind=ContactKind.MOBILE, value="+573105550142")
        until = work.now + timedelta(minutes=1)
        work.session.add_all([point, Pbx(id="main", connected=True, since=work.now)])
        work.session.add(Lease(name="pbx:main", holder="test", until_at=until))
        ready = {"phone": "idle", "state": State.WAITING}
        await work.session.execute(update(Agent).where(Agent.user_id == agent.user_id).values(**ready))
        await work.session.flush()
        wanted = {"case": number, "contact_point_id": point.id}
    refused = await agent.post(f"{API}/calls", json=wanted)
    assert (refused.status_code, refused.json()["code"]) == (409, "contact-refused-day")
    by_hand = await agent.post(f"{API}/cases/{number}/attempts", json={"channel": "call"})
    assert by_hand.json() == refused.json()
    assert (await agent.get(f"{API}/me")).json()["call"] == "none"
    await boss.patch(f"{API}/rule-packs/{pack['id']}", json={"rules": ALWAYS})
    assert (await agent.post(f"{API}/calls", json=wanted)).status_code == 202


async def test_the_customers_own_time_zone_can_be_set_and_decides(site: Site) -> None:
    """A customer who moved is judged by the clock of the new place."""
    boss, agent = await site.signed_in(Role.SUPERVISOR), await site.signed_in(Role.AGENT)
    pack = await made(boss, {"hours": [[["08:00", "20:00"]]] * 7})
    _, customer, number = await case_under(site, boss, agent, pack)
    one = f"{API}/customers/{customer}"
    assert (await agent.patch(one, json={"time_zone": "Marte"})).json()["field"] == "time_zone"
    now = datetime.now(UTC)
    zones = {(now + timedelta(hours=h)).hour: f"Etc/GMT{-h:+d}" for h in range(-12, 13)}
    for hour, allowed in ((12, True), (20, False), (3, False)):
        there = (await agent.patch(one, json={"time_zone": zones[hour]})).json()
        assert there["time_zone"] == zones[hour]
        row = (await agent.get(f"{API}/cases/{number}")).json()
        assert (row["pressure"]["refused"] == []) is allowed, zones[hour]
    told = (await agent.post(f"{API}/cases/{number}/attempts", json={"channel": "call"})).json()
    assert re.search("En la hora del cliente son las 0[34]:", told["message"])
    assert (await agent.patch(one, json={"time_zone": None})).json()["time_zone"] is None
