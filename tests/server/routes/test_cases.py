"""`/api/v1/cases` through the doors."""

from __future__ import annotations

import asyncio

from atiende.server.settings import Settings
from atiende.tests.support.client import Client, Site, running_app


async def given(site: Site) -> tuple[Client, Client, int, int]:
    """A supervisor and an agent in a campaign, with a customer."""
    supervisor, agent = await site.signed_in("supervisor"), await site.signed_in("agent")
    new = {"name": "Mora", "type": "collections", "agents": [agent.user_id]}
    campaign = (await supervisor.post("/api/v1/campaigns", json=new)).json()
    customer = (await agent.post("/api/v1/customers", json={"first_name": "Ana", "phones": ["3105550142"]})).json()
    return supervisor, agent, campaign["id"], customer["id"]


async def test_a_case_is_opened_by_hand_once_however_often_it_is_asked(settings: Settings) -> None:
    """S1-16, S2-08; PRODUCT: one open case per campaign, customer and account."""
    async with running_app(settings) as site:
        _, agent, campaign, customer = await given(site)
        asked = {"customer": customer, "campaign": campaign}
        answers = await asyncio.gather(*(agent.post("/api/v1/cases", json=asked) for _ in range(5)))
        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.json()["number"] for answer in answers}) == 1
        listed = (await agent.get("/api/v1/cases?section=active")).json()["items"]
        assert [row["customer"]["name"] for row in listed] == ["Ana"]


async def test_a_case_is_not_opened_in_a_campaign_one_does_not_work_in(settings: Settings) -> None:
    """S1-06, S1-22."""
    async with running_app(settings) as site:
        supervisor, agent, _, customer = await given(site)
        foreign = (await supervisor.post("/api/v1/campaigns", json={"name": "Ajena"})).json()
        refused = await agent.post("/api/v1/cases", json={"customer": customer, "campaign": foreign["id"]})
        assert (refused.status_code, refused.json()["field"]) == (422, "campaign")
        missing = await supervisor.post("/api/v1/cases", json={"customer": 999, "campaign": foreign["id"]})
        assert missing.status_code == 404


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


async def test_the_screen_of_a_case_tells_all_of_its_header_and_customer(settings: Settings) -> None:
    """S3-05…S3-11, S0-09, S0-13, S1-24, S1-25, S1-27, S2-18…S2-21, S3-40…S3-45, S3-47, S3-63."""
    async with running_app(settings) as site:
        _, agent, campaign, customer = await given(site)
        account = {"number": "70001", "plan": "Hogar 300", "service_state": "in_arrears", "cut_off_date": "2026-11-30"}
        account |= {"extension_until": "2026-12-05", "service_address": "Calle 1 # 2-3", "balance": "184900.00"}
        assert (await agent.post(f"/api/v1/customers/{customer}/accounts", json=account)).status_code == 201
        data = {"document_type": "CC", "document": "52318904", "second_surname": "Peña", "birth_date": "1990-05-01"}
        assert (await agent.patch(f"/api/v1/customers/{customer}", json=data)).status_code == 200
        made = (await agent.post("/api/v1/cases", json={"customer": customer, "campaign": campaign})).json()
        row = (await agent.get(f"/api/v1/cases/{made['number']}")).json()
        assert (row["status"], row["customer"]["document"], row["agent"]) == ("open", "CC 52318904", None)
        assert row["account"] | account == row["account"]
        assert row["service_state"] == "in_arrears"
        assert row["sheet"]["customer"]["birth_date"] == "1990-05-01"
        assert [point["shown"] for point in row["sheet"]["customer"]["contact_points"]] == ["310 555 0142"]


async def test_who_has_the_case_is_told_to_the_one_who_comes_second(settings: Settings) -> None:
    """X9: 409 case-already-taken with the holder."""
    async with running_app(settings) as site:
        supervisor, agent, campaign, customer = await given(site)
        asked = {"customer": customer, "campaign": campaign}
        number = (await agent.post("/api/v1/cases", json=asked)).json()["number"]
        await agent.post(f"/api/v1/cases/{number}/open")
        refused = await supervisor.post(f"/api/v1/cases/{number}/open")
        assert (refused.status_code, refused.json()["code"]) == (409, "case-already-taken")
        assert refused.json()["holder"]["id"] == agent.user_id
