"""Whose a case is: an agent changes nothing on a colleague's case, at whatever door, and what is changed is audited."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import func, select, update

from atiende.models.cases.case import Case, ContactAttempt
from atiende.models.records import AuditRow
from atiende.server.route_table import all_routes
from atiende.server.settings import Settings
from atiende.tests.support.client import Client, Site, running_app

API = "/api/v1"
CASE = f"{API}/cases/{{number:int}}"
# What an agent who has nothing to do with a case may ask of it, and how they are refused.
REFUSED: dict[tuple[str, str], tuple[dict[str, Any] | None, set[str]]] = {
    ("PATCH", CASE): ({"status": "suspended", "priority": "high", "description": "mía"}, {"case-already-taken"}),
    ("POST", f"{CASE}/open"): (None, {"case-already-taken"}),
    ("POST", f"{CASE}/leave"): (None, {"case-not-yours"}),
    ("POST", f"{CASE}/attempts"): ({"channel": "call"}, {"case-already-taken"}),
    ("DELETE", f"{CASE}/attempts/{{id:int}}"): (None, {"not-found"}),
    ("POST", f"{CASE}/dispositions"): ({"observations": "no"}, {"case-not-yours"}),
    ("POST", f"{CASE}/close"): (None, {"case-not-yours"}),
    ("POST", f"{CASE}/reopen"): (None, {"not-found"}),
}


@dataclass
class Floor:
    """Two agents of one campaign, their supervisor, and a case of the first agent."""

    site: Site
    boss: Client
    hers: Client
    stranger: Client
    campaign: int
    number: int

    async def free_case(self) -> int:
        """A case of nobody, which the supervisor opened by hand."""
        customer = (await self.boss.post(f"{API}/customers", json={"first_name": "Luz"})).json()["id"]
        asked = {"customer": customer, "campaign": self.campaign}
        return int((await self.boss.post(f"{API}/cases", json=asked)).json()["number"])

    async def keep(self) -> None:
        """The first agent leaves the case, which stays assigned to them."""
        await self.hers.post(f"{API}/cases/{self.number}/leave")
        async with self.site.house.work() as work:
            hers = update(Case).where(Case.number == self.number).values(agent_id=self.hers.user_id)
            await work.session.execute(hers)

    async def stored(self, number: int) -> tuple[Any, ...]:
        async with self.site.house.look() as session:
            counted = select(func.count()).where(ContactAttempt.case_number == number).scalar_subquery()
            of_it = Case.status, Case.priority, Case.description, Case.agent_id, Case.holder_id, Case.version, counted
            return tuple((await session.execute(select(*of_it).where(Case.number == number))).one())

    async def audited(self, action: str) -> list[tuple[int | None, dict[str, Any]]]:
        wanted = select(AuditRow.actor_id, AuditRow.detail).where(AuditRow.action == action).order_by(AuditRow.id)
        async with self.site.house.look() as session:
            return [tuple(row) for row in await session.execute(wanted)]


@pytest.fixture
async def floor(settings: Settings) -> AsyncIterator[Floor]:
    async with running_app(settings) as site:
        boss = await site.signed_in("supervisor")
        hers, stranger = await site.signed_in("agent"), await site.signed_in("agent")
        new = {"name": "Mora", "type": "collections", "agents": [hers.user_id, stranger.user_id]}
        campaign = (await boss.post(f"{API}/campaigns", json=new)).json()["id"]
        made = Floor(site, boss, hers, stranger, campaign, 0)
        made.number = await made.free_case()
        await hers.post(f"{API}/cases/{made.number}/open")
        yield made


@pytest.mark.parametrize("is_open", [True, False], ids=["open", "only assigned"])
async def test_a_stranger_changes_nothing_on_a_colleagues_case_at_any_door(floor: Floor, is_open: bool) -> None:
    """Every changing door of a case, whether its agent has it open or not."""
    if not is_open:
        await floor.keep()
    doors = {(route.method, route.path) for route in all_routes() if route.path.startswith(CASE)}
    assert {door for door in doors if door[0] != "GET"} == set(REFUSED), "a new door of a case needs a line here"
    attempt = (await floor.hers.post(f"{API}/cases/{floor.number}/attempts", json={"channel": "sms"})).json()["attempt"]
    before = await floor.stored(floor.number)
    for (method, path), (body, codes) in REFUSED.items():
        address = path.replace("{number:int}", str(floor.number)).replace("{id:int}", str(attempt))
        answer = await floor.stranger.request(method, address, json=body)
        assert answer.status_code in (404, 409) and answer.json()["code"] in codes, (method, path, answer.text)
    assert await floor.stored(floor.number) == before


async def test_whose_case_it_is_and_supervisors_may_change_it_and_both_are_audited(floor: Floor) -> None:
    """Who, the old value and the new one."""
    one = f"{API}/cases/{floor.number}"
    assert (await floor.hers.patch(one, json={"priority": "high"})).status_code == 200
    await floor.keep()
    assert (await floor.hers.patch(one, json={"status": "suspended"})).status_code == 200
    assert (await floor.boss.patch(one, json={"status": "open", "priority": "high"})).status_code == 200
    assert await floor.audited("case.changed") == [
        (floor.hers.user_id, {"before": {"priority": "normal"}, "after": {"priority": "high"}}),
        (floor.hers.user_id, {"before": {"status": "open"}, "after": {"status": "suspended"}}),
        (floor.boss.user_id, {"before": {"status": "suspended"}, "after": {"status": "open"}}),
    ]
    for who in (floor.hers, floor.boss):
        assert (await who.post(f"{one}/attempts", json={"channel": "call"})).status_code == 200
    counted = {"channel": "call", "contact_point": None, "value": ""}
    assert await floor.audited("contact.counted") == [(floor.hers.user_id, counted), (floor.boss.user_id, counted)]


async def test_a_free_case_is_taken_before_it_is_changed(floor: Floor) -> None:
    """Nobody hides a case from all others without having it; who contacts its customer has it from then on."""
    number = await floor.free_case()
    one = f"{API}/cases/{number}"
    refused = await floor.stranger.patch(one, json={"status": "suspended"})
    assert (refused.status_code, refused.json()["code"]) == (409, "case-not-yours")
    counted = await floor.stranger.post(f"{one}/attempts", json={"channel": "sms"})
    assert (counted.status_code, counted.json()["agent"]["id"]) == (200, floor.stranger.user_id)
    taken = await floor.hers.post(f"{one}/attempts", json={"channel": "sms"})
    assert (taken.status_code, taken.json()["code"]) == (409, "case-already-taken")
    assert (await floor.stranger.patch(one, json={"status": "suspended"})).status_code == 200


async def test_where_a_supervisor_assigns_nobody_takes_a_case_by_contacting_it(floor: Floor) -> None:
    mode = {"assignment_mode": "directed"}
    assert (await floor.boss.patch(f"{API}/campaigns/{floor.campaign}", json=mode)).status_code == 200
    number = await floor.free_case()
    refused = await floor.stranger.post(f"{API}/cases/{number}/attempts", json={"channel": "sms"})
    assert (refused.status_code, refused.json()["code"]) == (409, "case-not-yours")


async def test_who_opened_a_case_by_hand_may_change_it_while_it_is_nobodys(floor: Floor) -> None:
    customer = (await floor.hers.post(f"{API}/customers", json={"first_name": "Ana"})).json()["id"]
    asked = {"customer": customer, "campaign": floor.campaign}
    number = (await floor.hers.post(f"{API}/cases", json=asked)).json()["number"]
    one = f"{API}/cases/{number}"
    assert (await floor.hers.patch(one, json={"description": "Pide factura"})).status_code == 200
    await floor.stranger.post(f"{one}/open")
    assert (await floor.hers.patch(one, json={"description": "otra"})).json()["code"] == "case-already-taken"
