"""One's own password, sessions and keys; and what administrators see and end of other people's."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from atiende.models.people.user import Token
from atiende.models.records import AuditRow
from atiende.server.identity.passwords import check_new_password
from atiende.server.settings import Settings
from atiende.tests.support.client import PASSWORD, Client, Site, running_app

API = "/api/v1"
NEW = "tres-caballos-verdes"


@pytest.fixture
async def site(settings: Settings) -> AsyncIterator[Site]:
    async with running_app(settings) as running:
        yield running


async def signed_in(site: Site, username: str, password: str = PASSWORD) -> Client:
    """A browser in which the person typed name and password."""
    browser = site.visitor(**{"User-Agent": "Firefox de prueba"})
    answer = await browser.post(f"{API}/session", json={"username": username, "password": password})
    assert answer.status_code == 200, answer.text
    return browser


async def program(site: Site, browser: Client, **more: Any) -> tuple[Client, dict[str, Any]]:
    """A program with a key that was made in this browser."""
    made = await browser.post(f"{API}/tokens", json={"name": "informes", **more})
    assert made.status_code == 201, made.text
    client = site.visitor(Authorization=f"Bearer {made.json()['token']}")
    del client.headers["Sec-Fetch-Site"]
    return client, made.json()


async def is_in(client: Client) -> bool:
    return (await client.get(f"{API}/me")).status_code == 200


async def audited(site: Site, action: str) -> list[dict[str, Any]]:
    async with site.house.look() as session:
        wanted = select(AuditRow.detail).where(AuditRow.action == action).order_by(AuditRow.id)
        return list(await session.scalars(wanted))


async def test_a_new_password_ends_other_browsers_and_keys_and_this_browser_stays(site: Site) -> None:
    """Whoever else knew the old password is out."""
    await site.user("agent", "paola")
    here, there = await signed_in(site, "paola"), await signed_in(site, "paola")
    reports, _ = await program(site, there)
    changed = await here.post(f"{API}/me/password", json={"old": PASSWORD, "new": NEW})
    assert changed.status_code == 204, changed.text
    assert [await is_in(client) for client in (here, there, reports)] == [True, False, False]
    assert (await here.get(f"{API}/me")).json()["state"] == "waiting"
    old = await site.visitor().post(f"{API}/session", json={"username": "paola", "password": PASSWORD})
    assert old.status_code == 401
    await signed_in(site, "paola", NEW)
    assert await audited(site, "password.changed") == [{"sessions": 1, "tokens": 1}]


async def test_a_password_is_changed_by_who_knows_the_present_one(site: Site) -> None:
    """A browser that somebody found open is no place to guess it."""
    await site.user("agent", "paola")
    here = await signed_in(site, "paola")
    wrong = {"old": "otra-clave-larga", "new": NEW}
    answers = [await here.post(f"{API}/me/password", json=wrong) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert answers[0].json()["field"] == "old" and "Retry-After" in answers[-1].headers
    right = await here.post(f"{API}/me/password", json={"old": PASSWORD, "new": NEW})
    assert right.status_code == 429
    assert len(await audited(site, "password.refused")) == 5


async def test_a_new_password_is_neither_the_old_one_nor_easy(site: Site) -> None:
    await site.user("agent", "paola")
    here = await signed_in(site, "paola")
    for new in (PASSWORD, "password1234", "corta"):
        refused = await here.post(f"{API}/me/password", json={"old": PASSWORD, "new": new})
        assert (refused.status_code, refused.json()["field"]) == (422, "new"), new


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Password1",
        "qwerty12",
        "colombia99",
        "Atiende123!",
        "123456789012",
        "paola.rincon",
        "elizabeth7",
    ],
)
def test_what_everybody_knows_is_no_password(password: str) -> None:
    """The list of breached passwords comes from a package: tens of thousands, besides names and words."""
    with pytest.raises(Exception, match="fácil de adivinar"):
        check_new_password(password, "paola.rincon")


@pytest.mark.parametrize("password", ["tres-caballos-verdes", "k7#mqzt1", "mi perra ladra a las 7"])
def test_long_or_unknown_passwords_are_taken(password: str) -> None:
    check_new_password(password, "paola.rincon")


async def test_people_see_where_they_are_signed_in_and_end_it(site: Site) -> None:
    user_id = await site.user("agent", "paola")
    here, there, third = [await signed_in(site, "paola") for _ in range(3)]
    listed = (await here.get(f"{API}/me/sessions")).json()["items"]
    assert [(one["current"], one["browser"]) for one in listed].count((True, "Firefox de prueba")) == 1
    assert len(listed) == 3
    shown = {one["id"] for one in (await there.get(f"{API}/me/sessions")).json()["items"] if one["current"]}
    assert (await here.delete(f"{API}/me/sessions/{shown.pop()}")).status_code == 204
    assert [await is_in(client) for client in (here, there, third)] == [True, False, True]
    assert (await here.delete(f"{API}/me/sessions")).status_code == 204
    assert [await is_in(client) for client in (here, third)] == [True, False]
    assert (await here.delete(f"{API}/me/sessions/{'0' * 12}")).status_code == 404
    stranger = await site.signed_in("agent")
    (mine,) = (await here.get(f"{API}/me/sessions")).json()["items"]
    assert (await stranger.delete(f"{API}/me/sessions/{mine['id']}")).status_code == 404
    assert user_id and await is_in(here)


async def test_the_last_session_that_ends_signs_an_agent_out(site: Site) -> None:
    await site.user("agent", "paola")
    here, admin = await signed_in(site, "paola"), await site.signed_in("admin")
    me = (await here.get(f"{API}/me")).json()
    assert me["state"] == "waiting"
    assert (await admin.delete(f"{API}/users/{me['id']}/sessions")).status_code == 204
    states = {one["id"]: one["state"] for one in (await admin.get(f"{API}/users")).json()["items"]}
    assert states[me["id"]] == "offline" and not await is_in(here)


async def test_a_key_ends_is_listed_and_says_when_it_was_used_last(site: Site) -> None:
    """In 90 days when nothing is said, in a year at the latest."""
    browser = await site.signed_in("supervisor")
    reports, made = await program(site, browser)
    now = datetime.now(UTC)
    assert timedelta(days=89) < datetime.fromisoformat(made["expires_at"]) - now < timedelta(days=91)
    (before,) = (await browser.get(f"{API}/tokens")).json()["items"]
    assert (before["name"], before["last_used_at"]) == ("informes", None) and "token" not in before
    assert await is_in(reports)
    (after,) = (await browser.get(f"{API}/tokens")).json()["items"]
    assert after["last_used_at"] is not None
    for wrong in (now + timedelta(days=400), now - timedelta(hours=1)):
        asked = {"name": "eterna", "expires_at": wrong.isoformat()}
        refused = await browser.post(f"{API}/tokens", json=asked)
        assert (refused.status_code, refused.json()["field"]) == (422, "expires_at")
    async with site.house.work() as work:
        await work.session.execute(update(Token).values(expires_at=now - timedelta(seconds=1)))
    assert not await is_in(reports)
    assert (await browser.get(f"{API}/tokens")).json()["items"] == []


async def test_a_key_makes_no_keys_and_changes_no_password(site: Site) -> None:
    """What was given to a program for a while does not make itself immortal."""
    browser = await site.signed_in("supervisor")
    reports, _ = await program(site, browser)
    assert (await reports.post(f"{API}/tokens", json={"name": "otra"})).status_code == 403
    assert (await reports.post(f"{API}/me/password", json={"old": PASSWORD, "new": NEW})).status_code == 403
    assert (await reports.delete(f"{API}/me/sessions")).status_code == 403


async def test_an_administrator_ends_sessions_and_keys_without_a_new_password(site: Site) -> None:
    await site.user("agent", "paola")
    here, there, admin = await signed_in(site, "paola"), await signed_in(site, "paola"), await site.signed_in("admin")
    reports, made = await program(site, here)
    paola = (await here.get(f"{API}/me")).json()["id"]
    (key,) = (await admin.get(f"{API}/users/{paola}/tokens")).json()["items"]
    assert key["id"] == made["id"]
    listed = (await admin.get(f"{API}/users/{paola}/sessions")).json()["items"]
    assert len(listed) == 2 and not any(one["current"] for one in listed)
    (own,) = [one for one in (await there.get(f"{API}/me/sessions")).json()["items"] if one["current"]]
    assert (await admin.delete(f"{API}/users/{paola}/sessions/{own['id']}")).status_code == 204
    assert (await admin.delete(f"{API}/users/{paola}/tokens/{key['id']}")).status_code == 204
    assert [await is_in(client) for client in (here, there, reports)] == [True, False, False]
    await signed_in(site, "paola")
    supervisor = await site.signed_in("supervisor")
    assert (await supervisor.get(f"{API}/users/{paola}/sessions")).status_code == 403
    assert await audited(site, "session.ended") == [{"session": own["id"]}]


async def link_of(site: Site, admin: Client, user_id: int) -> str:
    made = await admin.patch(f"{API}/users/{user_id}", json={"link": True})
    return str(made.json()["link"]).removeprefix(site.settings.address)


@pytest.mark.parametrize("what", ["a new password by an administrator", "one's own new password", "shut out"])
async def test_a_one_time_link_dies_with(site: Site, what: str) -> None:
    """A link that lies in an old mail opens nothing once the person has another password or may not enter."""
    paola, admin = await site.user("agent", "paola"), await site.signed_in("admin")
    here = await signed_in(site, "paola")
    path = await link_of(site, admin, paola)
    assert (await site.visitor().get(path)).status_code == 200
    if what == "shut out":
        assert (await admin.patch(f"{API}/users/{paola}", json={"active": False})).status_code == 200
    elif what.startswith("a new"):
        assert (await admin.patch(f"{API}/users/{paola}", json={"password": NEW})).status_code == 200
    else:
        assert (await here.post(f"{API}/me/password", json={"old": PASSWORD, "new": NEW})).status_code == 204
    assert (await site.visitor().get(path)).status_code == 404
    given = {"token": path.partition("=")[2], "password": "otra-clave-larga", "again": "otra-clave-larga"}
    assert (await site.visitor().post("/primer-ingreso", data=given)).status_code == 409
    if what == "shut out":
        refused = await admin.patch(f"{API}/users/{paola}", json={"link": True})
        assert (refused.status_code, refused.json()["field"]) == (409, "active")
        await admin.patch(f"{API}/users/{paola}", json={"active": True})
        assert (await site.visitor().get(path)).status_code == 404
