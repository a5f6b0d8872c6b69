"""What every door does, tried on the whole route table: a new route is held to it without a new test."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from atiende.models.people.user import Token, User
from atiende.models.permissions import CONFIGURATION, PERMISSIONS, Role, may
from atiende.models.records import AnswerGiven
from atiende.server.doors.route import Route
from atiende.server.route_table import all_routes
from atiende.server.settings import Settings
from atiende.tests.support.client import Client, Site, running_app
from atiende.tests.support.promises import promised

ROUTES = all_routes()
GUARDED = [route for route in ROUTES if route.permission is not None]
CHANGING = [route for route in ROUTES if route.method != "GET"]
JSON = [route for route in CHANGING if route.body is not None]


@pytest.fixture
async def site(settings: Settings) -> AsyncIterator[Site]:
    async with running_app(settings) as running:
        yield running


def address(route: Route, filling: str = "999999") -> str:
    """The route's path with every place filled."""
    return re.sub(r"\{[^}]+\}", filling, route.path)


async def ask(client: Client, route: Route, **more: object) -> tuple[str, int, str]:
    """Ask at a route; its name, the status and the code of the refusal."""
    answer = await client.request(route.method, address(route), **more)  # type: ignore[arg-type]
    is_json = answer.headers.get("content-type", "").startswith("application/json")
    said = answer.json() if is_json and answer.content else {}
    return f"{route.method} {route.path}", answer.status_code, said.get("code", "") if isinstance(said, dict) else ""


@pytest.mark.proves("S2-02")
async def test_no_door_opens_for_the_signed_out(site: Site) -> None:
    """A program gets 401, a person is sent to the sign-in page."""
    for route in GUARDED:
        name, status, code = await ask(site.visitor(), route, **({"json": {}} if route.method != "GET" else {}))
        assert (status, code) == ((303, "") if route.page else (401, "not-signed-in")), name


@pytest.mark.proves("S1-04", "S2-03")
async def test_a_role_without_the_permission_is_refused_at_every_door(site: Site) -> None:
    """What a role may not do is refused by the server, whatever its screen shows."""
    for role in Role:
        client = await site.signed_in(role)
        for route in GUARDED:
            if may(role, route.permission):  # type: ignore[arg-type]
                continue
            name, status, code = await ask(client, route, **({"json": {}} if route.method != "GET" else {}))
            assert status == 403 and (route.page or code == "not-allowed"), (role, name)


@pytest.mark.proves("S1-01", "S1-05", "X3", "X4")
def test_administrators_and_supervisors_differ_in_the_menu_of_configuration_only() -> None:
    """Three roles; the first two differ in one menu, *Configuraciones*, and what is behind it."""
    assert [role.value for role in Role] == ["admin", "supervisor", "agent"]
    difference = PERMISSIONS[Role.ADMIN] - PERMISSIONS[Role.SUPERVISOR]
    assert difference == CONFIGURATION
    assert PERMISSIONS[Role.AGENT] < PERMISSIONS[Role.SUPERVISOR]


async def test_every_open_door_is_meant_to_be_open() -> None:
    open_ones = {(route.method, route.path) for route in ROUTES if route.permission is None}
    assert open_ones == {
        ("POST", "/api/v1/session"),
        ("DELETE", "/api/v1/session"),
        ("GET", "/"),
        ("GET", "/ingresar"),
        ("POST", "/ingresar"),
        ("POST", "/salir"),
        ("GET", "/primer-ingreso"),
        ("POST", "/primer-ingreso"),
        ("GET", "/api/v1/openapi.json"),
        ("GET", "/api/v1/events.json"),
    }


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://otro.example"}]
)
async def test_nothing_changes_from_another_site(site: Site, headers: dict[str, str]) -> None:
    client = await site.signed_in("admin")
    for route in CHANGING:
        name, status, code = await ask(client, route, headers=headers)
        assert status == 403 and (route.page or code == "cross-site"), name


async def test_a_program_without_a_browser_and_a_page_of_ours_may_change_things(site: Site) -> None:
    client = await site.signed_in("agent")
    own = {"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-origin"}
    assert (await client.post("/api/v1/tokens", json={"name": "uno"}, headers=own)).status_code == 201
    del client.headers["Sec-Fetch-Site"]
    assert (await client.post("/api/v1/tokens", json={"name": "dos"})).status_code == 201


GARBAGE: list[bytes] = [
    b"{",
    b"[]",
    b"null",
    b"5",
    b'"\\ud800"',
    b"\xff\xfe",
    b"[" * 50_000,
    b'{"a":' * 400 + b"1" + b"}" * 400,
    b'{"name": "a\\u0000b"}',
    b'{"name": 1e400}',
    b'{"version": 99999999999999999999999999}',
    b'{"something_nobody_knows": true}',
]


async def test_garbage_in_a_body_is_refused_with_a_sentence(site: Site) -> None:
    client = await site.signed_in("admin")
    kind = {"Content-Type": "application/json"}
    for route in JSON:
        for garbage in GARBAGE:
            answer = await client.request(route.method, address(route), content=garbage, headers=kind)
            too_large = (413,) if len(garbage) > route.most_bytes else ()
            assert answer.status_code in (400, 401, 404, 409, 422, *too_large), (route.path, garbage[:40], answer.text)
            assert answer.json()["message"], (route.path, garbage[:40])


async def test_unknown_fields_are_refused_by_name(site: Site) -> None:
    client = await site.signed_in("admin")
    for route in JSON:
        answer = await client.request(route.method, address(route), json={"something_nobody_knows": 1})
        assert answer.status_code == 422, route.path
        named = [error["field"] for error in answer.json()["errors"]]
        assert "something_nobody_knows" in named, route.path


async def test_garbage_in_an_address_is_not_found(site: Site) -> None:
    client = await site.signed_in("admin")
    for route in ROUTES:
        if "{" not in route.path:
            continue
        for filling in ("9" * 18, "9" * 40, "9" * 5000, "-1", "%00", "a%00b", "..%2f..", "1;drop", "%FF"):
            answer = await client.request(route.method, address(route, filling), json={} if route.body else None)
            assert answer.status_code < 500, (route.method, route.path, filling, answer.text[:300])


async def test_garbage_in_a_query_is_refused(site: Site) -> None:
    client = await site.signed_in("admin")
    for route in ROUTES:
        if route.method != "GET" or route.query is None:
            continue
        for name in route.query.model_fields:
            for value in ("%00", "9" * 40, "-1", "%FF", "'--", "%F0%9F%92%A9" * 50, ""):
                answer = await client.get(f"{address(route)}?{name}={value}")
                assert answer.status_code < 500, (route.path, name, value, answer.text[:300])


async def test_too_many_bytes_are_refused(site: Site) -> None:
    client = await site.signed_in("admin")
    big = b'{"name": "' + b"a" * (1 << 20) + b'"}'
    answer = await client.post("/api/v1/tokens", content=big, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")

    async def parts() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * (1 << 16)

    answer = await client.post("/api/v1/tokens", content=parts(), headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


async def test_the_same_submit_ten_times_at_once_acts_once(site: Site) -> None:
    client = await site.signed_in("admin")
    new = {"username": "nuevo", "name": "Nuevo", "role": "agent", "password": "caballo-correcto"}
    headers = {"Idempotency-Key": "una-vez"}
    answers = await asyncio.gather(*(client.post("/api/v1/users", json=new, headers=headers) for _ in range(10)))
    assert sorted({a.status_code for a in answers}) in ([201], [201, 409]), [a.text for a in answers]
    assert sum(a.status_code == 201 for a in answers) == 1
    async with AsyncSession(site.house.engine) as session:
        assert await session.scalar(select(func.count()).where(User.username == "nuevo")) == 1


async def test_a_key_gives_the_same_answer_and_is_not_for_another_body(site: Site) -> None:
    client = await site.signed_in("agent")
    made = (await client.post("/api/v1/tokens", json={"name": "clave"})).json()
    headers = {"Idempotency-Key": "k-1"}
    assert (await client.delete(f"/api/v1/tokens/{made['id']}", headers=headers)).status_code == 204
    assert (await client.delete(f"/api/v1/tokens/{made['id']}", headers=headers)).status_code == 204
    assert (await client.delete(f"/api/v1/tokens/{made['id']}")).status_code == 404
    other = await client.post("/api/v1/tokens", json={"name": "otra"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    async with AsyncSession(site.house.engine) as session:
        assert await session.scalar(select(func.count()).select_from(Token)) == 1


async def test_a_refused_request_leaves_its_key_free(site: Site) -> None:
    client = await site.signed_in("agent")
    headers = {"Idempotency-Key": "k-2"}
    assert (await client.delete("/api/v1/tokens/5", headers=headers)).status_code == 404
    async with AsyncSession(site.house.engine) as session:
        assert await session.scalar(select(func.count()).select_from(AnswerGiven)) == 0


async def test_a_secret_is_never_kept_beside_a_key(site: Site) -> None:
    client = await site.signed_in("agent")
    headers = {"Idempotency-Key": "k-3"}
    first = await client.post("/api/v1/tokens", json={"name": "x"}, headers=headers)
    again = await client.post("/api/v1/tokens", json={"name": "x"}, headers=headers)
    assert (first.status_code, again.status_code) == (201, 409)
    async with AsyncSession(site.house.engine) as session:
        assert first.json()["token"] not in str(await session.scalar(select(AnswerGiven.body)))


async def test_what_nobody_foresaw_is_answered_calmly(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("a secret of the inside")

    client = await site.signed_in("agent")
    monkeypatch.setattr("atiende.server.routes.people.sessions.person_row", broken)
    answer = await client.get("/api/v1/me")
    assert answer.status_code == 500 and answer.json()["code"] == "failed" and answer.json()["work"]
    assert "secret" not in answer.text and "Traceback" not in answer.text


async def test_every_answer_says_what_may_run_and_frame_it(site: Site) -> None:
    visitor = site.visitor()
    for path in ("/ingresar", "/health", "/api/v1/me", "/nada", "/api/v1/nada", "/static/x/es/lib/gettext.js"):
        headers = (await visitor.get(path)).headers
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "same-origin", path


async def test_a_wrong_address_has_a_page_for_people_and_json_for_programs(site: Site) -> None:
    visitor = site.visitor()
    page, answer = await visitor.get("/no-existe"), await visitor.get("/api/v1/no-existe")
    assert page.status_code == 404 and "Esta página no existe" in page.text
    assert answer.status_code == 404 and answer.json()["code"] == "not-found"


async def test_static_files_are_kept_for_ever_and_nothing_else_is_served(site: Site) -> None:
    visitor, files = site.visitor(), site.app.state.web.files
    good = await visitor.get(files.address("es", "lib/gettext.js"))
    assert good.status_code == 200 and "immutable" in good.headers["cache-control"]
    catalogue = await visitor.get(files.address("es", "lib/translations.js"))
    assert catalogue.text.startswith("export const CATALOGUE")
    for name in ("../templates/base.html", "..%2f..%2fpyproject.toml", "%2e%2e/i18n.py", "a%00b", ""):
        assert (await visitor.get(files.address("es", name))).status_code in (404, 405), name


@pytest.mark.proves("S0-04")
async def test_each_role_starts_where_its_work_is(site: Site) -> None:
    """An agent begins at the list of cases, a supervisor at the board."""
    starts = {}
    for role in Role:
        starts[role.value] = (await (await site.signed_in(role)).get("/")).headers["location"]
    assert starts == {"admin": "/primeros-pasos", "supervisor": "/resumen", "agent": "/casos"}
    assert (await site.visitor().get("/")).headers["location"] == "/ingresar"


async def test_ready_says_which_part_is_down(settings: Settings) -> None:
    async with running_app(settings) as up:
        assert (await up.visitor().get("/ready")).json() == {"status": "ok", "database": "up", "redis": "up"}
    broken = settings.with_values(database_url="postgresql+asyncpg://nobody@127.0.0.1:9/x")
    async with running_app(broken) as half:
        answer = await half.visitor().get("/ready")
        assert (answer.status_code, answer.json()["database"], answer.json()["redis"]) == (503, "down", "up")
        assert (await half.visitor().get("/health")).status_code == 200


async def test_a_dead_database_is_a_sentence_within_two_seconds(settings: Settings) -> None:
    broken = settings.with_values(database_url="postgresql+asyncpg://nobody@127.0.0.1:9/x")
    async with running_app(broken) as site:
        visitor = site.visitor()
        visitor.cookies.set("atiende", "anything")
        async with asyncio.timeout(promised(2)):
            answer = await visitor.get("/api/v1/me")
            page = await visitor.get("/usuarios")
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert page.status_code == 503 and "no responde" in page.text


def test_bodies_and_queries_are_models() -> None:
    for route in ROUTES:
        for model in (route.body, route.query):
            assert model is None or issubclass(model, BaseModel)
