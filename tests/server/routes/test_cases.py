"""`/api/v1/cases` through the doors."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from atiende.models.cases.case import Case
from atiende.server.settings import Settings
from atiende.tests.support.client import Client, Site, running_app


async def given(site: Site) -> tuple[Client, Client, int, int]:
    """A supervisor and an agent in a campaign, with a customer."""
    supervisor, agent = await site.signed_in("supervisor"), await site.signed_in("agent")
    new = {"name": "Mora", "type": "collections", "agents": [agent.user_id]}
    campaign = (await supervisor.post("/api/v1/campaigns", json=new)).json()
    customer = (await agent.post("/api/v1/customers", json={"first_name": "Ana", "phones": ["3105550142"]})).json()
    return supervisor, agent, campaign["id"], customer["id"]


def facts_of(html: str) -> dict[str, str]:
    """Words and what a page says of them."""
    return dict(re.findall(r"<dt>([^<]+)</dt>\s*<dd[^>]*>([^<]+)</dd>", html))


async def test_a_case_is_opened_by_hand_once_however_often_it_is_asked(settings: Settings) -> None:
    """PRODUCT: one open case per campaign, customer and account."""
    async with running_app(settings) as site:
        _, agent, campaign, customer = await given(site)
        asked = {"customer": customer, "campaign": campaign}
        answers = await asyncio.gather(*(agent.post("/api/v1/cases", json=asked) for _ in range(5)))
        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.json()["number"] for answer in answers}) == 1
        listed = (await agent.get("/api/v1/cases?section=active")).json()["items"]
        assert [row["customer"]["name"] for row in listed] == ["Ana"]


async def test_a_case_is_not_opened_in_a_campaign_one_does_not_work_in(settings: Settings) -> None:
    async with running_app(settings) as site:
        supervisor, agent, _, customer = await given(site)
        foreign = (await supervisor.post("/api/v1/campaigns", json={"name": "Ajena"})).json()
        refused = await agent.post("/api/v1/cases", json={"customer": customer, "campaign": foreign["id"]})
        assert (refused.status_code, refused.json()["field"]) == (422, "campaign")
        missing = await supervisor.post("/api/v1/cases", json={"customer": 999, "campaign": foreign["id"]})
        assert missing.status_code == 404


@pytest.mark.proves("S1-26")
async def test_a_gestion_posted_ten_times_at_once_is_one_gestion_with_one_answer(settings: Settings) -> None:
    """RELIABILITY: the same submit ten times: one gestión, the same answer."""
    async with running_app(settings) as site:
        _, agent, campaign, customer = await given(site)
        asked = {"customer": customer, "campaign": campaign}
        number = (await agent.post("/api/v1/cases", json=asked)).json()["number"]
        assert (await agent.post(f"/api/v1/cases/{number}/open")).status_code == 200
        form, key = {"observations": "Volver a llamar"}, {"Idempotency-Key": "una-sola"}
        posts = [agent.post(f"/api/v1/cases/{number}/dispositions", json=form, headers=key) for _ in range(10)]
        answers = await asyncio.gather(*posts)
        assert {answer.status_code for answer in answers} == {200}
        assert all(answer.json() == answers[0].json() for answer in answers)
        sheet = (await agent.get(f"/api/v1/cases/{number}")).json()["sheet"]
        assert [row["kind"] for row in sheet["history"]] == ["disposition"]


@pytest.mark.proves("S0-13", "S1-25", "S2-18", "S2-19", "S2-20", "S2-21", "S3-06", "S3-07", "S3-10", "S3-11", "S3-40")
@pytest.mark.proves("S3-41", "S3-42", "S3-43", "S3-44", "S3-45", "S3-47", "S3-63")
async def test_the_screen_of_a_case_tells_all_of_its_header_and_customer(settings: Settings) -> None:
    """By JSON, and on the page that an agent reads."""
    async with running_app(settings) as site:
        _, agent, campaign, customer = await given(site)
        account = {"number": "70001", "plan": "Hogar 300", "service_state": "in_arrears", "cut_off_date": "2024-11-30"}
        account |= {"extension_until": "2024-12-05", "service_address": "Calle 1 # 2-3", "balance": "184900.00"}
        assert (await agent.post(f"/api/v1/customers/{customer}/accounts", json=account)).status_code == 201
        data = {"document_type": "CC", "document": "52318904", "birth_date": "1990-05-01", "sex": "F"}
        data |= {"second_name": "Lucía", "first_surname": "Rodríguez", "second_surname": "Peña"}
        assert (await agent.patch(f"/api/v1/customers/{customer}", json=data)).status_code == 200
        made = (await agent.post("/api/v1/cases", json={"customer": customer, "campaign": campaign})).json()
        created = datetime(2024, 10, 5, 14, 7, tzinfo=UTC)
        async with site.house.work() as work:
            await work.session.execute(update(Case).values(created_at=created))
        row = (await agent.get(f"/api/v1/cases/{made['number']}")).json()
        assert (row["status"], row["customer"]["document"], row["agent"]) == ("open", "CC 52318904", None)
        assert datetime.fromisoformat(row["created_at"]) == created
        assert row["account"] | account == row["account"]
        assert row["service_state"] == "in_arrears"
        known = row["sheet"]["customer"]
        assert known | data | {"first_name": "Ana"} == known
        assert [point["shown"] for point in known["contact_points"]] == ["310 555 0142"]
        page = (await agent.get(f"/casos/{made['number']}")).text
        header, account_and_plan = page.split('<dl class="facts num">')[1].split("</dl>", 1)
        assert facts_of(header) == {
            "Caso": str(made["number"]),
            "Creado": "5 oct 2024, 09:07",
            "Agente": "Sin asignar",
            "Documento": "CC 52318904",
            "Cuenta": "70001 · Hogar 300",
            "Corte": "30 nov 2024, prórroga al 5 dic 2024",
            "Saldo": "$ 184.900",
            "Campaña": "Mora",
        }
        plan = {"Plan": "Hogar 300", "Dirección": "Calle 1 # 2-3", "Corte": "30 nov 2024", "Prórroga": "5 dic 2024"}
        assert facts_of(account_and_plan).items() >= plan.items()
        fields = dict(re.findall(r'<input class="input" id="customer-(\w+)"[^>]* value="([^"]*)"', page))
        assert fields | data | {"first_name": "Ana"} == fields


@pytest.mark.proves("S1-27", "S3-49", "S3-65", "S4-88")
async def test_the_history_of_a_customer_has_what_colleagues_did_in_other_cases(settings: Settings) -> None:
    """Every gestión is a record with its agent, on each case of the customer and on the customer's page."""
    async with running_app(settings) as site:
        supervisor, agent, campaign, customer = await given(site)
        colleague = await site.signed_in("agent")
        new = {"name": "Retención", "type": "promotion", "agents": [colleague.user_id, agent.user_id]}
        other = (await supervisor.post("/api/v1/campaigns", json=new)).json()["id"]
        numbers = {}
        for who, of in ((colleague, other), (agent, campaign)):
            asked = {"customer": customer, "campaign": of}
            number = numbers[who] = (await who.post("/api/v1/cases", json=asked)).json()["number"]
            assert (await who.post(f"/api/v1/cases/{number}/open")).status_code == 200
            form = {"observations": f"Habló con {who.username}", "go_on": False}
            assert (await who.post(f"/api/v1/cases/{number}/dispositions", json=form)).status_code == 200
        history = (await agent.get(f"/api/v1/cases/{numbers[agent]}")).json()["sheet"]["history"]
        assert [(row["agent"]["name"], row["observations"]) for row in history] == [
            (who.username.title(), f"Habló con {who.username}") for who in (agent, colleague)
        ]
        page = (await agent.get(f"/clientes/{customer}")).text
        shown = json.loads(page.split('id="data-customer">')[1].split("</script>")[0])["history"]
        assert [row["observations"] for row in shown] == [row["observations"] for row in history]


async def test_who_has_the_case_is_told_to_the_one_who_comes_second(settings: Settings) -> None:
    """409 case-already-taken with the holder."""
    async with running_app(settings) as site:
        supervisor, agent, campaign, customer = await given(site)
        asked = {"customer": customer, "campaign": campaign}
        number = (await agent.post("/api/v1/cases", json=asked)).json()["number"]
        await agent.post(f"/api/v1/cases/{number}/open")
        refused = await supervisor.post(f"/api/v1/cases/{number}/open")
        assert (refused.status_code, refused.json()["code"]) == (409, "case-already-taken")
        assert refused.json()["holder"]["id"] == agent.user_id


async def test_a_case_is_set_aside_and_taken_up_and_its_priority_changed(settings: Settings) -> None:
    """A stale change is refused with both values."""
    async with running_app(settings) as site:
        _, agent, campaign, customer = await given(site)
        made = (await agent.post("/api/v1/cases", json={"customer": customer, "campaign": campaign})).json()
        one, asked = (
            f"/api/v1/cases/{made['number']}",
            {"priority": "urgent", "status": "suspended", "description": "Sin luz"},
        )
        changed = (await agent.patch(one, json=asked | {"version": made["version"]})).json()
        assert (changed["priority"], changed["status"], changed["version"]) == (
            "urgent",
            "suspended",
            made["version"] + 1,
        )
        assert (await agent.get(one)).json()["sheet"]["description"] == "Sin luz"
        assert [row["number"] for row in (await agent.get("/api/v1/cases?section=suspended")).json()["items"]] == [
            made["number"]
        ]
        stale = await agent.patch(one, json={"priority": "low", "version": made["version"]})
        assert (stale.status_code, stale.json()["code"], stale.json()["stored"]["priority"]) == (409, "stale", "urgent")
        assert (await agent.patch(one, json={"status": "open"})).json()["status"] == "open"


async def test_a_datum_of_contact_is_removed_and_only_of_its_own_customer(settings: Settings) -> None:
    async with running_app(settings) as site:
        _, agent, _, customer = await given(site)
        other = (await agent.post("/api/v1/customers", json={"first_name": "Luz"})).json()["id"]
        (point,) = (await agent.get(f"/api/v1/customers/{customer}")).json()["contact_points"]
        foreign = await agent.delete(f"/api/v1/customers/{other}/contact-points/{point['id']}")
        assert (foreign.status_code, foreign.json()["code"]) == (404, "not-found")
        assert (await agent.delete(f"/api/v1/customers/{customer}/contact-points/{point['id']}")).status_code == 204
        assert (await agent.get(f"/api/v1/customers/{customer}")).json()["contact_points"] == []
