"""`/agents/me/state` and `/agents/{id}/state`: what one may choose oneself, and what a supervisor may force."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from atiende.models.permissions import Role
from atiende.queue.people import agents
from atiende.server.settings import Settings
from atiende.tests.support.client import Client, Site, running_app

API = "/api/v1"


@pytest.fixture
async def site(settings: Settings) -> AsyncIterator[Site]:
    async with running_app(settings) as running:
        yield running


async def at_work(site: Site, role: Role = Role.AGENT) -> Client:
    """Somebody who is EN ESPERA."""
    client = await site.signed_in(role)
    async with site.house.work() as work:
        await agents.sign_in(work, client.user_id)
    return client


async def test_every_reason_that_is_offered_may_be_chosen(site: Site) -> None:
    """A pause always has a reason."""
    agent = await at_work(site)
    offered = (await agent.get(f"{API}/pause-reasons")).json()
    assert {"break", "lunch"} <= {reason["code"] for reason in offered}
    for reason in offered:
        paused = await agent.post(f"{API}/agents/me/state", json={"state": "paused", "reason": reason["code"]})
        assert (paused.status_code, paused.json()["reason"]) == (200, reason["name"])
    without = await agent.post(f"{API}/agents/me/state", json={"state": "paused"})
    assert (without.status_code, without.json()["field"]) == (422, "reason")


@pytest.mark.parametrize("role", [Role.AGENT, Role.SUPERVISOR])
@pytest.mark.parametrize(("code", "name"), [("no_answer", "No contesta"), ("supervisor", "Pedida por supervisor")])
async def test_the_reasons_of_the_house_are_nobodys_choice(site: Site, role: Role, code: str, name: str) -> None:
    """Nor are they offered."""
    one = await at_work(site, role)
    refused = await one.post(f"{API}/agents/me/state", json={"state": "paused", "reason": code})
    assert (refused.status_code, refused.json()["field"]) == (422, "reason")
    assert refused.json()["message"] == f"El motivo «{name}» lo pone el sistema. Elija otro."
    assert (await one.get(f"{API}/me")).json()["state"] == "waiting"
    assert code not in [reason["code"] for reason in (await one.get(f"{API}/pause-reasons")).json()]


async def test_a_supervisors_pause_says_that_it_was_his(site: Site) -> None:
    boss, agent = await at_work(site, Role.SUPERVISOR), await at_work(site)
    forced = await boss.post(f"{API}/agents/{agent.user_id}/state", json={"state": "paused"})
    assert (forced.status_code, forced.json()["reason"]) == (200, "Pedida por supervisor")
