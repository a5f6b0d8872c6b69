"""Signing in and out, and who is behind a request."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from atiende.server.settings import Settings
from atiende.tests.support.client import PASSWORD, Site, running_app


@pytest.fixture
async def site(settings: Settings) -> AsyncIterator[Site]:
    async with running_app(settings) as running:
        yield running


async def test_a_person_signs_in_with_his_own_name_and_password(site: Site) -> None:
    """S2-02: every user enters with his own name and password; an agent is EN ESPERA from then on."""
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
