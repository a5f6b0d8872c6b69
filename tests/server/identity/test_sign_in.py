"""Signing in and out, and who is behind a request."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from atiende.models.people.agent import Agent
from atiende.models.people.user import Session, User
from atiende.server.identity.passwords import Passwords
from atiende.server.identity.session_lifetime import IDLE, LONGEST
from atiende.server.settings import Settings
from atiende.tests.support.client import PASSWORD, Site, running_app


@pytest.fixture
async def site(settings: Settings) -> AsyncIterator[Site]:
    async with running_app(settings) as running:
        yield running


@pytest.mark.proves("S2-02")
async def test_a_person_signs_in_with_their_own_name_and_password(site: Site) -> None:
    """Every user enters with a name and password of their own; an agent is EN ESPERA from then on."""
    await site.user("agent", "paola.rincon", extension="1001")
    browser = site.visitor()
    answer = await browser.post("/api/v1/session", json={"username": " Paola.Rincon ", "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    assert "httponly" in answer.headers["set-cookie"].lower()
    me = (await browser.get("/api/v1/me")).json()
    assert (me["username"], me["role"], me["state"], me["extension"]) == ("paola.rincon", "agent", "waiting", "1001")
    assert "work_cases" in me["permissions"] and "manage_users" not in me["permissions"]


async def test_the_form_works_without_javascript(site: Site) -> None:
    await site.user("supervisor", "maria")
    browser = site.visitor()
    page = await browser.get("/ingresar?next=/campanas")
    assert page.status_code == 200 and 'value="/campanas"' in page.text
    given = {"username": "maria", "password": PASSWORD, "next": "/campanas"}
    wrong = await browser.post("/ingresar", data={**given, "password": "otra cosa"})
    assert wrong.status_code == 401 and "no coinciden" in wrong.text and "Le quedan 4 intentos" in wrong.text
    right = await browser.post("/ingresar", data=given)
    assert (right.status_code, right.headers["location"]) == (303, "/campanas")
    out = await browser.post("/salir")
    assert out.headers["location"] == "/ingresar"
    assert (await browser.get("/api/v1/me")).status_code == 401


async def test_wrong_names_and_wrong_passwords_are_told_apart_by_nothing(site: Site) -> None:
    await site.user("agent", "luz")
    answers = [
        await site.visitor().post("/api/v1/session", json={"username": name, "password": "otra cosa"})
        for name in ("luz", "nadie")
    ]
    assert answers[0].status_code == answers[1].status_code == 401
    assert answers[0].json() == answers[1].json()


async def test_guessing_is_stopped_even_when_all_guesses_come_at_once(site: Site) -> None:
    await site.user("agent", "luz")
    wrong = {"username": "luz", "password": "otra cosa"}
    answers = await asyncio.gather(*(site.visitor().post("/api/v1/session", json=wrong) for _ in range(12)))
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [401] * 5 + [429] * 7
    late = await site.visitor().post("/api/v1/session", json={"username": "luz", "password": PASSWORD})
    assert late.status_code == 429 and 0 < int(late.headers["retry-after"]) <= 301
    form = await site.visitor().post("/ingresar", data={"username": "luz", "password": PASSWORD})
    assert form.status_code == 429 and "Demasiados intentos" in form.text


async def test_a_session_is_a_hash_in_the_database_and_ends(site: Site) -> None:
    agent = await site.signed_in("agent")
    secret = agent.cookies["atiende"]
    async with AsyncSession(site.house.engine) as session, session.begin():
        stored = (await session.execute(select(Session))).scalar_one()
        assert secret.encode() not in stored.token_hash and len(stored.token_hash) == 32
        stored.expires_at = datetime.now(UTC) - timedelta(seconds=1)
    assert (await agent.get("/api/v1/me")).status_code == 401


async def test_a_session_in_use_goes_on_but_not_without_end(site: Site) -> None:
    agent = await site.signed_in("agent")
    for age, life in ((timedelta(hours=1), IDLE), (LONGEST - timedelta(hours=1), timedelta(hours=1))):
        now = datetime.now(UTC)
        async with AsyncSession(site.house.engine) as session, session.begin():
            stored = (await session.execute(select(Session))).scalar_one()
            stored.created_at, stored.seen_at = now - age, now - timedelta(minutes=30)
            stored.expires_at = now + timedelta(minutes=5)
        assert (await agent.get("/api/v1/me")).status_code == 200
        async with AsyncSession(site.house.engine) as session:
            stored = (await session.execute(select(Session))).scalar_one()
            assert abs(stored.expires_at - now - life) < timedelta(minutes=1)


async def test_signing_out_of_the_last_browser_makes_an_agent_offline(site: Site) -> None:
    user_id = await site.user("agent", "luz")
    browsers = [site.visitor(), site.visitor()]
    for browser in browsers:
        await browser.post("/api/v1/session", json={"username": "luz", "password": PASSWORD})

    async def state() -> str:
        async with AsyncSession(site.house.engine) as session:
            return (await session.get_one(Agent, user_id)).state.value

    assert (await browsers[0].delete("/api/v1/session")).status_code == 204
    assert await state() == "waiting"
    assert (await browsers[1].delete("/api/v1/session")).status_code == 204
    assert await state() == "offline"


async def test_an_old_hash_is_renewed_when_its_owner_signs_in(site: Site) -> None:
    old = await Passwords(memory_kib=32, passes=1).hash(PASSWORD)
    user_id = await site.user("agent", "luz", password_hash=old)
    await site.visitor().post("/api/v1/session", json={"username": "luz", "password": PASSWORD})
    async with AsyncSession(site.house.engine) as session:
        stored = (await session.get_one(User, user_id)).password_hash
    assert stored != old and stored and not site.passwords.is_old(stored)


async def test_over_https_the_cookie_is_secure_and_bound_to_the_host(settings: Settings) -> None:
    async with running_app(settings.with_values(public_url="https://centro.example")) as site:
        await site.user("agent", "luz")
        answer = await site.visitor().post("/api/v1/session", json={"username": "luz", "password": PASSWORD})
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-atiende=") and "Secure" in cookie and "SameSite=lax" in cookie
        assert "max-age=31536000" in answer.headers["strict-transport-security"]


@pytest.mark.parametrize("wanted", ["https://otro.example", "//otro.example", "/\\otro", "javascript:x", "/a\r\nb", ""])
async def test_nobody_is_led_elsewhere_after_signing_in(site: Site, wanted: str) -> None:
    await site.user("agent", "luz")
    given = {"username": "luz", "password": PASSWORD, "next": wanted}
    assert (await site.visitor().post("/ingresar", data=given)).headers["location"] == "/"


async def test_the_signed_out_are_led_back_to_the_page_they_wanted(site: Site) -> None:
    sent = await site.visitor().get("/usuarios?x=1&y=a b")
    assert sent.headers["location"] == "/ingresar?next=/usuarios%3Fx%3D1%26y%3Da%2520b"
