"""Campaigns, result trees and assignments through the doors, as programs and pages ask for them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import insert, literal, select, update

from atiende.models.cases.case import Case
from atiende.models.customers.customer import Customer
from atiende.models.permissions import Role
from atiende.server.settings import Settings
from atiende.tests.support.client import Client, Site, running_app

API = "/api/v1"


@pytest.fixture
async def site(settings: Settings) -> AsyncIterator[Site]:
    async with running_app(settings) as running:
        yield running


async def made(boss: Client, name: str = "Mora", **values: Any) -> dict[str, Any]:
    answer = await boss.post(f"{API}/campaigns", json={"name": name, "type": "collections", **values})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def customers(site: Site, count: int) -> None:
    rows = [{"document": str(i), "full_name": f"Cliente {i}", "city": "Bogotá"} for i in range(count)]
    async with site.house.work() as work:
        await work.session.execute(insert(Customer), rows)


@pytest.mark.proves("S1-06", "S1-09", "S1-22", "S1-23")
async def test_supervisors_build_and_agents_see_their_own(site: Site) -> None:
    """One list, of which each person sees their own part."""
    boss, agent, other = [await site.signed_in(role) for role in (Role.SUPERVISOR, Role.AGENT, Role.AGENT)]
    campaign = await made(boss, agents=[agent.user_id])
    one = f"{API}/campaigns/{campaign['id']}"
    await customers(site, 4)
    async with site.house.work() as work:
        everybody = select(literal(campaign["id"]), literal(5), Customer.id, literal("open"))
        columns = ("campaign_id", "campaign_priority", "customer_id", "status")
        await work.session.execute(insert(Case).from_select(columns, everybody))
        first, second = (await work.session.scalars(select(Case.number).order_by(Case.number).limit(2))).all()
        await work.session.execute(update(Case).where(Case.number == first).values(status="suspended"))
        await work.session.execute(update(Case).where(Case.number == second).values(agent_id=agent.user_id))
    listed = (await agent.get(f"{API}/campaigns")).json()["items"]
    assert [row["id"] for row in listed] == [campaign["id"]]
    assert listed[0]["progress"] == {"open": 3, "free": 2, "suspended": 1, "closed": 0, "worked_today": 0}
    assert (await other.get(f"{API}/campaigns")).json()["items"] == []
    assert (await other.get(f"{one}/results")).status_code == 404
    assert (await agent.patch(one, json={"priority": 1})).status_code == 403
    changed = (await boss.patch(one, json={"priority": 1, "version": campaign["version"]})).json()
    assert (changed["priority"], changed["version"]) == (1, campaign["version"] + 1)
    stale = await boss.patch(one, json={"priority": 9, "version": campaign["version"]})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")
    assert stale.json()["current"]["priority"] == 1
    assert (await boss.patch(one, json={"archived": True})).json()["archived"] is True
    assert (await agent.get(f"{API}/campaigns")).json()["items"] == []
    assert (await boss.patch(one, json={"archived": False})).json()["archived"] is False
    doubled = await boss.post(f"{API}/campaigns", json={"name": "Mora"})
    assert (doubled.status_code, doubled.json()["field"]) == (409, "name")


async def test_a_tree_is_read_put_and_refused_by_the_place_of_what_is_wrong(site: Site) -> None:
    """Ids come back; agenda and action at once name the result."""
    boss = await site.signed_in(Role.SUPERVISOR)
    one = f"{API}/campaigns/{(await made(boss))['id']}/results"
    tree = (await boss.get(one)).json()
    tree["results"][0]["children"].append({"name": "Visita", "schedules": True})
    put = await boss.put(one, json={"results": tree["results"], "version": tree["version"]})
    assert put.status_code == 200, put.text
    assert put.json()["version"] == tree["version"] + 1
    assert put.json()["results"][0]["children"][-1]["id"]
    wrong = [{"name": "Uno", "schedules": True, "action": "redial"}]
    refused = await boss.put(one, json=wrong)
    assert (refused.status_code, refused.json()["field"]) == (422, "results[0]")
    assert (await boss.get(one)).json()["version"] == put.json()["version"]


@pytest.mark.proves("S4-30", "S4-31")
async def test_results_come_in_by_a_file_in_the_format_that_is_downloaded(site: Site) -> None:
    """The format itself can be uploaded; a wrong file names its row."""
    boss = await site.signed_in(Role.SUPERVISOR)
    one = f"{API}/campaigns/{(await made(boss))['id']}/results/csv"
    form = await boss.get(f"{API}/results/format.csv")
    assert "attachment" in form.headers["content-disposition"]
    sent = await boss.post(one, files={"file": ("t.csv", form.content, "text/csv")})
    assert sent.status_code == 200, sent.text
    assert [row["name"] for row in sent.json()["results"]] == [
        "Contacto exitoso", "Contacto con otra persona", "Sin contacto",
    ]  # fmt: skip
    wrong = await boss.post(one, files={"file": ("t.csv", b"nivel1;accion\nUno;gritar", "text/csv")})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "file-refused")
    assert "2" in wrong.json()["message"]
    assert (await boss.post(one, data={"file": "no es un archivo"})).status_code == 422


@pytest.mark.proves("S4-44", "S4-47", "S4-51")
async def test_customers_are_shared_out_as_the_preview_said(site: Site) -> None:
    """Search, preview, assign, take back."""
    boss = await site.signed_in(Role.SUPERVISOR)
    agents = [await site.user(Role.AGENT) for _ in range(6)]
    campaign = await made(boss, agents=agents)
    await customers(site, 5)
    asked = {
        "campaign": campaign["id"],
        "filters": [{"field": "city", "op": "contains", "value": "bogota"}],
        "records": "unassigned",
        "agents": agents[:2],
    }
    preview = (await boss.post(f"{API}/assignments/preview", json=asked)).json()
    assert (preview["customers"], [part["count"] for part in preview["agents"]]) == (5, [3, 2])
    few = await boss.post(f"{API}/assignments", json=asked | {"agents": agents})
    assert (few.status_code, few.json()["code"]) == (422, "fewer-customers-than-agents")
    done = (await boss.post(f"{API}/assignments", json=asked)).json()
    assert [(part["id"], part["count"]) for part in done["agents"]] == [(agents[0], 3), (agents[1], 2)]
    taken = await boss.request("DELETE", f"{API}/assignments", json={"campaign": "Mora", "records": "assigned"})
    assert (taken.status_code, taken.json()["cases"]) == (200, 5)


@pytest.mark.proves("S1-06", "S1-14")
async def test_kinds_are_added_and_removed(site: Site) -> None:
    """By supervisors only."""
    boss, agent = [await site.signed_in(role) for role in (Role.SUPERVISOR, Role.AGENT)]
    kind = (await boss.post(f"{API}/campaign-types", json={"name": "Retención de clientes"})).json()
    assert kind["code"] == "retencion_de_clientes"
    assert (await agent.delete(f"{API}/campaign-types/{kind['id']}")).status_code == 403
    assert (await boss.delete(f"{API}/campaign-types/{kind['id']}")).status_code == 204
    assert len((await boss.get(f"{API}/campaign-types")).json()["items"]) == 4


@pytest.mark.proves("S1-06", "S2-03")
@pytest.mark.parametrize("path", ["/campanas", "/asignaciones", "/tablero", "/campanas/{id}/tipificaciones"])
async def test_the_pages_are_for_supervisors(site: Site, path: str) -> None:
    """Drawn for them, refused to agents."""
    boss, agent = [await site.signed_in(role) for role in (Role.SUPERVISOR, Role.AGENT)]
    address = path.format(id=(await made(boss, "Mora <b>&"))["id"])
    page = await boss.get(address)
    assert page.status_code == 200 and "text/html" in page.headers["content-type"]
    assert "Mora <b>" not in page.text
    assert (await agent.get(address)).status_code == 403
    assert (await boss.get("/tipificaciones")).status_code == 303


async def test_the_board_on_which_a_supervisor_begins_leads_on_to_the_rest(site: Site) -> None:
    """A start page without a way out would be its end, too."""
    boss = await site.signed_in(Role.SUPERVISOR)
    assert (await boss.get("/")).headers["location"] == "/resumen"
    assert '<a class="w-mut w-way-out" href="/casos">' in (await boss.get("/tablero")).text
    assert 'href="/campanas"' in (await boss.get("/casos")).text


async def test_who_is_taken_off_a_campaign_goes_on_with_the_case_he_has_open(site: Site) -> None:
    """It stays on the agent's list and in its count until the gestión ends it; the others are free."""
    boss = await site.signed_in(Role.SUPERVISOR)
    paola = await site.user(Role.AGENT, name="Paola")
    agent = await site.session_of(paola)
    campaign = await made(boss, agents=[paola])
    await customers(site, 2)
    await boss.post(f"{API}/assignments", json={"campaign": campaign["id"], "agents": [paola]})
    mine = f"{API}/cases?section=assigned"
    held, _ = [row["number"] for row in (await agent.get(mine)).json()["items"]]
    assert (await agent.post(f"{API}/cases/{held}/open")).status_code == 200
    await boss.patch(f"{API}/campaigns/{campaign['id']}", json={"agents": []})
    assert [row["number"] for row in (await agent.get(mine)).json()["items"]] == [held]
    assert (await agent.get(f"{API}/cases?section=active")).json()["items"] == []
    assert (await agent.get(f"{API}/shell")).json()["counts"]["assigned"] == 1
    results = (await boss.get(f"{API}/campaigns/{campaign['id']}/results")).json()["results"]
    path = [results[0]["id"], results[0]["children"][-1]["id"]]
    saved = await agent.post(f"{API}/cases/{held}/dispositions", json={"result": path, "finish": True})
    assert saved.status_code == 200, saved.text
    assert (await agent.get(mine)).json()["items"] == []
    assert (await agent.get(f"{API}/shell")).json()["counts"]["assigned"] == 0
