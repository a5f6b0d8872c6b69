"""What one person or program may ask for in a short time, and what they are told when it is more."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed

from atiende.models.refused import TooManyRequests
from atiende.server.listening import budgets
from atiende.server.listening.budgets import MOST_SOCKETS, TABLE, Budget, Budgets, Spend, Spending
from atiende.server.settings import Settings
from atiende.tests.support.client import Client, Site, running_app
from atiende.tests.support.sockets import close_code, heard, served, socket_of

FEW = Budget(3, 3600.0)
ROOMY = Budget(1000, 0.01)


@pytest.fixture
async def site(settings: Settings) -> AsyncIterator[Site]:
    table = {what: Budgets(FEW, ROOMY) for what in Spend} | {Spend.SIGNED_OUT: Budgets(ROOMY, ROOMY)}
    async with running_app(settings, Spending(table)) as site:
        yield site


async def program_of(site: Site, client: Client) -> Client:
    token = (await client.post("/api/v1/tokens", json={"name": "informes"})).json()["token"]
    return site.visitor(Authorization=f"Bearer {token}")


@pytest.mark.parametrize(
    "method,path",
    [
        ("GET", "/api/v1/customers?q=rincon"),
        ("GET", "/api/v1/cases?section=assigned"),
        ("GET", "/api/v1/bases/1/export"),
        ("GET", "/api/v1/jobs/1/report"),
        ("PATCH", "/api/v1/me"),
        ("POST", "/api/v1/campaigns"),
    ],
)
async def test_who_asks_too_much_is_told_when_to_come_back_and_others_go_on(site: Site, method: str, path: str) -> None:
    first, second = await site.signed_in("supervisor"), await site.signed_in("supervisor")
    program = await program_of(site, second)
    codes = [(await first.request(method, path)).status_code for _ in range(FEW.at_once)]
    assert 429 not in codes
    again = await (await site.session_of(first.user_id)).request(method, path)  # in another browser
    assert (again.status_code, again.json()["code"]) == (429, "too-many-requests")
    assert 0 < int(again.headers["retry-after"]) <= FEW.seconds
    assert again.headers["retry-after"] in again.json()["message"]
    assert (await second.request(method, path)).status_code != 429
    assert [(await program.request(method, path)).status_code for _ in range(10)].count(429) == 0
    assert (await first.get("/api/v1/me")).status_code == 200


async def test_a_page_that_searches_says_so_as_a_page(site: Site) -> None:
    agent = await site.signed_in("agent")
    pages = [await agent.get("/busqueda") for _ in range(FEW.at_once + 1)]
    assert pages[-1].status_code == 429 and "retry-after" in pages[-1].headers
    assert "Espere" in pages[-1].text


async def test_who_is_not_signed_in_is_counted_by_address(settings: Settings) -> None:
    few = Spending({Spend.SIGNED_OUT: Budgets(FEW, FEW)})
    async with running_app(settings.with_values(trusted_proxies="127.0.0.1"), few) as site:
        wrong = {"username": "nadie", "password": "x"}
        for address, allowed in (("203.0.113.6", FEW.at_once), ("198.51.100.7", 1)):
            visitor = site.visitor(**{"X-Forwarded-For": address})
            for _ in range(allowed):
                assert (await visitor.post("/api/v1/session", json=wrong)).status_code == 401
        full = await site.visitor(**{"X-Forwarded-For": "203.0.113.6"}).post("/api/v1/session", json=wrong)
        assert (full.status_code, full.json()["code"]) == (429, "too-many-requests")


async def test_sockets_and_messages_without_end_are_closed_by_a_named_code(site: Site) -> None:
    agent, other = await site.signed_in("agent"), await site.signed_in("agent")
    async with served(site) as address:
        async with socket_of(address, agent) as talking:
            await heard(talking, "hello")
            for _ in range(FEW.at_once + 1):
                await talking.send(json.dumps({"type": "ping"}))
            assert await close_code(talking) == 4429
        for _ in range(FEW.at_once - 1):
            async with socket_of(address, agent) as socket:
                await heard(socket, "hello")
        async with socket_of(address, agent) as one_more:
            assert await close_code(one_more) == 4429
        async with socket_of(address, other) as socket:
            await heard(socket, "hello")


async def test_nobody_keeps_sockets_open_without_end(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_SOCKETS > 20  # a person with twenty tabs is an ordinary one
    monkeypatch.setattr("atiende.server.live.socket.MOST_SOCKETS", 2)
    async with running_app(settings) as site, served(site) as address:
        boss = await site.signed_in("supervisor")
        async with socket_of(address, boss) as one, socket_of(address, boss) as two:
            for socket in (one, two):
                await heard(socket, "hello")
            async with socket_of(address, boss) as three:
                assert await close_code(three) == 4429
        async with socket_of(address, boss) as again:
            await heard(again, "hello")
            with pytest.raises(ConnectionClosed):
                await again.close()
                await again.recv()


@given(st.lists(st.floats(0, 20), max_size=200), st.integers(1, 10), st.floats(0.1, 5))
def test_no_more_passes_than_the_budget_and_a_refusal_names_a_moment_that_holds(
    pauses: list[float], at_once: int, seconds: float
) -> None:
    clock = _Clock()
    spending = Spending({Spend.CHANGE: Budgets(Budget(at_once, seconds), ROOMY)}, clock)
    passed: list[float] = []
    for pause in pauses:
        clock.now += pause
        try:
            spending.spend(Spend.CHANGE, "u:1")
        except TooManyRequests as refused:
            clock.now += refused.values["seconds"]
            spending.spend(Spend.CHANGE, "u:1")
        passed.append(clock.now)
    for first, at in enumerate(passed):
        for last in range(first + at_once, len(passed)):
            assert passed[last] - at >= (last - first + 1 - at_once) * seconds - 1e-6


class _Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_what_was_spent_is_forgotten_with_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "_TIDY_AFTER", 10)
    clock = _Clock()
    spending = Spending(clock=clock)
    for number in range(1000):
        clock.now += 10.0
        spending.spend(Spend.SEARCH, f"u:{number}")
    assert len(spending._empty_at) <= 11


def test_every_kind_has_a_budget_that_people_at_work_never_meet() -> None:
    assert set(TABLE) == set(Spend)
    assert all(
        replace(each.person).at_once >= 20 and each.program.at_once >= each.person.at_once for each in TABLE.values()
    )
