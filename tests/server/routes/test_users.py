"""Users and roles: only administrators give them, and never lock themselves out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from atiende.models.people.user import User
from atiende.models.permissions import Role
from atiende.models.records import AuditRow
from atiende.queue.people.links import make_link
from atiende.server.commands.user import add_user
from atiende.server.identity.first_administrator import first_administrator_link
from atiende.server.identity.secret import new_secret
from atiende.server.settings import Settings
from atiende.tests.support.client import PASSWORD, Site, running_app


@pytest.fixture
async def site(settings: Settings) -> AsyncIterator[Site]:
    async with running_app(settings) as running:
        yield running


@pytest.mark.proves("S1-03")
async def test_an_administrator_gives_and_takes_roles(site: Site) -> None:
    """The administrator assigns users to roles; the change is audited and ends the person's sessions."""
    admin, agent = await site.signed_in("admin"), await site.signed_in("agent")
    answer = await admin.patch(f"/api/v1/users/{agent.user_id}", json={"role": "supervisor"})
    assert answer.status_code == 200 and answer.json()["role"] == "supervisor"
    assert (await agent.get("/api/v1/me")).status_code == 401
    async with AsyncSession(site.house.engine) as session:
        wanted = select(AuditRow.actor_id, AuditRow.detail).where(AuditRow.action == "user.changed")
        actor, detail = (await session.execute(wanted)).one()
    assert actor == admin.user_id
    assert (detail["before"], detail["after"]) == ({"role": "agent"}, {"role": "supervisor"})


@pytest.mark.proves("S1-02", "S1-04", "S2-04")
async def test_a_supervisor_sees_people_but_cannot_touch_roles(site: Site) -> None:
    """The menu is hidden from the supervisor and the request is refused."""
    supervisor, agent = await site.signed_in("supervisor"), await site.user("agent")
    assert (await supervisor.get("/api/v1/users")).status_code == 200
    assert (await supervisor.patch(f"/api/v1/users/{agent}", json={"role": "admin"})).status_code == 403
    refused = await supervisor.get("/usuarios")
    assert refused.status_code == 403 and "No tiene permiso" in refused.text
    assert "/configuraciones" not in (await supervisor.get("/campanas")).text
    assert "/configuraciones" in (await (await site.signed_in("admin")).get("/campanas")).text


@pytest.mark.proves("S1-02")
async def test_only_the_administrator_has_the_settings_menu(site: Site) -> None:
    """The administrator's side bar leads to one menu, and it to users and roles, keys, connections and audit."""
    admin = await site.signed_in("admin", "zoe", name='Zoe </script><b>"Ñandú"')
    menu = (await admin.get("/configuraciones")).text
    assert all(f'href="{room}"' in menu for room in ("/usuarios", "/claves", "/auditoria"))
    assert "Central telefónica" in menu or "Ninguna central" in menu
    page = await admin.get("/usuarios")
    assert page.status_code == 200 and 'href="/usuarios"' in page.text
    assert "</script><b>" not in page.text


async def test_the_last_administrator_stays(site: Site) -> None:
    admin = await site.signed_in("admin")
    for change in ({"role": "agent"}, {"active": False}):
        answer = await admin.patch(f"/api/v1/users/{admin.user_id}", json=change)
        assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


async def test_two_administrators_cannot_take_the_role_from_each_other_at_once(site: Site) -> None:
    one, two = await site.signed_in("admin"), await site.signed_in("admin")
    answers = await asyncio.gather(
        one.patch(f"/api/v1/users/{two.user_id}", json={"role": "agent"}),
        two.patch(f"/api/v1/users/{one.user_id}", json={"role": "agent"}),
    )
    assert 200 in {answer.status_code for answer in answers}
    async with AsyncSession(site.house.engine) as session:
        left = select(func.count()).where(User.role == Role.ADMIN, User.active)
        assert await session.scalar(left) == 1


async def test_a_new_person_has_a_free_name_and_a_good_password(site: Site) -> None:
    admin = await site.signed_in("admin")
    new = {"username": "Ana.Ruíz", "name": "Ana Ruíz", "role": "agent", "extension": "1001", "password": PASSWORD}
    made = await admin.post("/api/v1/users", json=new)
    assert made.status_code == 201 and made.json()["username"] == "ana.ruíz" and made.json()["link"] is None
    for change, field in (
        ({}, "username"),
        ({"username": "otra"}, "extension"),
        ({"username": "otra", "extension": None, "password": "12345678"}, "password"),
        ({"username": "otra", "extension": None, "password": "corta"}, "password"),
        ({"username": "con espacio"}, "username"),
        ({"role": "jefe"}, "role"),
    ):
        answer = await admin.post("/api/v1/users", json=new | change)
        assert answer.status_code in (409, 422) and answer.json()["field"] == field, (change, answer.text)


async def test_an_older_version_is_refused_with_what_is_there_now(site: Site) -> None:
    admin, agent = await site.signed_in("admin"), await site.user("agent")
    first = await admin.patch(f"/api/v1/users/{agent}", json={"name": "Uno", "user_version": 1})
    assert first.json()["user_version"] == 2
    second = await admin.patch(f"/api/v1/users/{agent}", json={"name": "Dos", "user_version": 1})
    assert (second.status_code, second.json()["code"]) == (409, "stale")
    assert second.json()["current"]["name"] == "Uno"
    assert second.json()["by"]["name"] and second.json()["at"]


async def test_who_is_shut_out_cannot_come_back(site: Site) -> None:
    admin, agent = await site.signed_in("admin"), await site.signed_in("agent")
    key = (await agent.post("/api/v1/tokens", json={"name": "programa"})).json()["token"]
    program = site.visitor(Authorization=f"Bearer {key}")
    assert (await program.get("/api/v1/me")).status_code == 200
    assert (await admin.patch(f"/api/v1/users/{agent.user_id}", json={"active": False})).status_code == 200
    assert (await program.get("/api/v1/me")).status_code == 401
    assert (await agent.get("/api/v1/me")).status_code == 401
    again = await site.visitor().post("/api/v1/session", json={"username": agent.username, "password": PASSWORD})
    assert (again.status_code, again.json()["code"]) == (401, "sign-in-failed")


async def test_the_first_administrator_comes_in_by_a_link_that_works_once(site: Site, settings: Settings) -> None:
    """A new installation has no password in it; its first administrator chooses one."""
    link = await asyncio.to_thread(first_administrator_link, settings)
    assert link is not None
    path = link.removeprefix(settings.address)
    visitor = site.visitor()
    assert "Primer administrador" in (await visitor.get(path)).text
    given = {"token": path.partition("=")[2], "name": "Ana Ruiz", "username": "ana", "password": PASSWORD, "again": "x"}
    wrong = await visitor.post("/primer-ingreso", data=given)
    assert wrong.status_code == 422 and "no son iguales" in wrong.text
    right = await visitor.post("/primer-ingreso", data=given | {"again": PASSWORD})
    assert right.status_code == 303
    assert (await visitor.get("/api/v1/me")).json()["role"] == "admin"
    assert (await site.visitor().get(path)).status_code == 404
    used = await site.visitor().post("/primer-ingreso", data=given | {"again": PASSWORD, "username": "otra"})
    assert used.status_code == 409
    assert await asyncio.to_thread(first_administrator_link, settings) is None


async def test_a_person_chooses_the_first_password_by_a_link(site: Site) -> None:
    admin = await site.signed_in("admin")
    made = (await admin.post("/api/v1/users", json={"username": "leo", "name": "Leo", "role": "agent"})).json()
    path = made["link"].removeprefix(site.settings.address)
    visitor = site.visitor()
    assert "Elija su contraseña" in (await visitor.get(path)).text
    given = {"token": path.partition("=")[2], "password": PASSWORD, "again": PASSWORD}
    assert (await visitor.post("/primer-ingreso", data=given)).status_code == 303
    assert (await visitor.get("/api/v1/me")).json()["username"] == "leo"


async def test_a_newer_link_ends_the_older(site: Site) -> None:
    user_id = await site.user("agent")
    (old, old_hash), (new, new_hash) = new_secret(), new_secret()
    for hashed in (old_hash, new_hash):
        async with site.house.work() as work:
            await make_link(work, user_id, hashed)
    visitor = site.visitor()
    assert (await visitor.get(f"/primer-ingreso?token={old}")).status_code == 404
    assert (await visitor.get(f"/primer-ingreso?token={new}")).status_code == 200


async def test_the_command_line_makes_a_person(
    site: Site, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await asyncio.to_thread(add_user, settings, "paola.rincon", "agent", "1001", PASSWORD) == 0
    assert await asyncio.to_thread(add_user, settings, "paola.rincon", "agent", None, PASSWORD) == 2
    assert "Ya existe «paola.rincon»" in capsys.readouterr().err
    assert await asyncio.to_thread(add_user, settings, "otra", "agent", None, None) == 0
    assert "/primer-ingreso?token=" in capsys.readouterr().out
    given = {"username": "paola.rincon", "password": PASSWORD}
    assert (await site.visitor().post("/api/v1/session", json=given)).status_code == 200
