"""The audit through its doors: what is written down, who reads it, by which filter, how it goes out and how it ends."""

from __future__ import annotations

import ast
import base64
import csv
import io
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from atiende.models.audit.actions import ACTIONS, AuditKind
from atiende.models.audit.subjects import SORTS
from atiende.models.records import AuditRow
from atiende.queue.audit import retention
from atiende.server.identity.rate_limit import OF_PAIR
from atiende.server.settings import Settings
from atiende.tests.support.client import PASSWORD, Client, Site, running_app

API = "/api/v1"
TOP = Path(__file__).parents[3]
BASE = "nombre;documento;telefono\nLuz Rodríguez;52318904;3105550140\nÓscar Muñoz;52318905;3105550141\n"


@pytest.fixture
async def site(settings: Settings) -> AsyncIterator[Site]:
    async with running_app(settings) as running:
        yield running


async def rows(admin: Client, **query: Any) -> list[dict[str, Any]]:
    """The rows that fit, the newest first."""
    answer = await admin.get(f"{API}/audit", params=query)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def test_every_action_that_is_written_down_has_its_words() -> None:
    """A new `audit("…")` needs a line in the table of actions, and its sort of subject one in the table of sorts."""
    names, sorts = set(), set()
    for room in ("queue", "server"):
        for file in (TOP / room).rglob("*.py"):
            for call in ast.walk(ast.parse(file.read_text())):
                if isinstance(call, ast.Call) and getattr(call.func, "attr", "") in {"audit", "note"}:
                    action, subject = call.args[:2]
                    names |= {action.value} if isinstance(action, ast.Constant) else set()
                    first = subject.values[0] if isinstance(subject, ast.JoinedStr) else subject
                    sorts |= {first.value.partition(":")[0]} if isinstance(first, ast.Constant) else set()
    assert names and names <= set(ACTIONS)
    assert sorts <= set(SORTS)


async def test_who_came_in_who_did_not_and_who_waits_is_written_down(site: Site) -> None:
    user_id, admin = await site.user("agent", "paola"), await site.signed_in("admin")
    browser = site.visitor(**{"User-Agent": "Firefox de prueba"})
    right, wrong = ({"username": "paola", "password": given} for given in (PASSWORD, "otra cosa"))
    assert (await browser.post(f"{API}/session", json=right)).status_code == 200
    assert (await browser.delete(f"{API}/session")).status_code == 204
    for _ in range(OF_PAIR + 2):
        await site.visitor().post(f"{API}/session", json=wrong)
    found = await rows(admin, kind="entry")
    names = [row["action"] for row in found]
    assert names == ["sign-in.locked", *["sign-in.failed"] * OF_PAIR, "sign-out", "sign-in.succeeded"]
    came_in, locked = found[-1], found[0]
    assert (came_in["actor"]["id"], came_in["subject_name"]) == (user_id, "Paola")
    assert came_in["detail"]["browser"] == "Firefox de prueba" and came_in["address"] == "127.0.0.1"
    assert (locked["actor"], locked["subject"], locked["address"]) == (None, "username:paola", "127.0.0.1")


async def test_what_was_refused_is_written_down_once_a_minute(site: Site) -> None:
    """Who, at which door; pages and JSON alike. Somebody who tries again and again fills nothing."""
    agent, admin = await site.signed_in("agent"), await site.signed_in("admin")
    for _ in range(3):
        assert (await agent.get(f"{API}/users/1/sessions")).status_code == 403
    assert (await agent.get("/usuarios")).status_code == 403
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert (await agent.post(f"{API}/cases/1/open", headers=foreign)).status_code == 403
    found = await rows(admin, kind="refused")
    assert [(row["action"], row["actor"]["id"], row["subject"]) for row in found] == [
        ("cross-site", agent.user_id, "door:POST /api/v1/cases/{number:int}/open"),
        ("refused", agent.user_id, "door:GET /usuarios"),
        ("refused", agent.user_id, "door:GET /api/v1/users/{id:int}/sessions"),
    ]
    assert found[-1]["detail"] == {"path": "/api/v1/users/1/sessions"} and found[0]["via"].startswith("s:")


async def test_what_goes_out_as_a_file_is_written_down(site: Site) -> None:
    boss, admin = await site.signed_in("supervisor"), await site.signed_in("admin")
    file = {"file": ("base.csv", BASE.encode(), "text/csv")}
    job = (await boss.post(f"{API}/bases", files=file, data={"name": "Mora", "key": "document"})).json()["job"]
    base = next(row for row in (await boss.get(f"{API}/bases")).json()["items"])
    assert (await boss.get(f"{API}/bases/{base['id']}/export")).status_code == 200
    assert (await boss.get(f"{API}/jobs/{job}/report")).status_code == 200
    taken = await rows(admin, kind="export")
    assert [(row["action"], row["actor"]["id"], row["subject_name"]) for row in taken] == [
        ("import.rows_exported", boss.user_id, "Mora"),
        ("base.exported", boss.user_id, "Mora"),
    ]
    assert taken[1]["detail"] == {"customers": 0, "format": "csv"}


async def test_a_change_says_the_old_value_and_the_new_one(site: Site) -> None:
    boss, admin, agent = await site.signed_in("supervisor"), await site.signed_in("admin"), await site.user("agent")
    campaign = (await boss.post(f"{API}/campaigns", json={"name": "Mora", "priority": 3})).json()["id"]
    await boss.patch(f"{API}/campaigns/{campaign}", json={"name": "Mora 2", "priority": 3})
    pack = (await boss.post(f"{API}/rule-packs", json={"name": "Regla", "text": "a"})).json()["id"]
    await boss.patch(f"{API}/rule-packs/{pack}", json={"text": "b"})
    await admin.patch(f"{API}/users/{agent}", json={"role": "supervisor", "password": "tres-caballos-verdes"})
    changed = {row["action"]: row for row in await rows(admin, kind="change")}
    shown = {name: (row["before"], row["after"]) for name, row in changed.items() if name.endswith(".changed")}
    assert shown == {
        "campaign.changed": ({"name": "Mora"}, {"name": "Mora 2"}),
        "rule_pack.changed": ({"text": "a"}, {"text": "b"}),
        "user.changed": ({"role": "agent"}, {"role": "supervisor"}),
    }
    assert changed["user.changed"]["detail"] == {"fields": ["password_hash", "role"]}
    assert "argon2" not in json.dumps(list(changed.values()))


async def many(site: Site, count: int, actor: int) -> None:
    """Rows of two days, three at each moment."""
    begin = datetime(2026, 11, 19, tzinfo=UTC)
    made = [
        {"at": begin + timedelta(minutes=30 * (i // 3)), "actor_id": actor, "action": "case.closed"}
        | {"subject": f"case:{i}", "detail": {}}
        for i in range(count)
    ]
    async with site.house.work() as work:
        await work.session.execute(insert(AuditRow), made)


async def test_pages_by_cursor_show_every_row_once_in_one_order(site: Site) -> None:
    admin = await site.signed_in("admin")
    await many(site, 31, admin.user_id)
    seen, cursor = [], ""
    while True:
        page = (await admin.get(f"{API}/audit", params={"limit": 4, "next": cursor})).json()
        seen += [row["id"] for row in page["items"]]
        if not (cursor := page["next"] or ""):
            break
    assert len(seen) == 31 and seen == sorted(seen, reverse=True)


@pytest.mark.parametrize("odd", [["a", float("inf")], [1, 2], ["2026-11-19T00:00:00+00:00", float("inf")], [], {}, 7])
async def test_an_odd_cursor_is_refused(site: Site, odd: Any) -> None:
    admin = await site.signed_in("admin")
    cursor = base64.urlsafe_b64encode(json.dumps(odd).encode()).decode()
    answer = await admin.get(f"{API}/audit", params={"next": cursor})
    assert (answer.status_code, answer.json()["field"]) == (422, "next")


async def test_filters_by_person_thing_day_and_words(site: Site) -> None:
    """Days are those of the installation (America/Bogota), both ends included."""
    admin, other = await site.signed_in("admin"), await site.signed_in("admin")
    await many(site, 31, admin.user_id)
    await other.post(f"{API}/campaigns", json={"name": "Fidelización"})
    assert len(await rows(admin, actor=other.user_id)) == 1
    assert len(await rows(admin, actor=admin.user_id, limit=100)) == 31
    assert [row["subject"] for row in await rows(admin, subject="case:7")] == ["case:7"]
    assert len(await rows(admin, subject="campaign", q="fidelización")) == 1
    assert len(await rows(admin, action="case.closed", to="2026-11-18", limit=100)) == 30
    day = {"from": "2026-11-19", "to": "2026-11-19"}
    assert [row["subject"] for row in await rows(admin, action="case.closed", **day)] == ["case:30"]
    exact = {"from": "2026-11-19T00:00:00Z", "to": "2026-11-19T00:30:00Z"}
    assert len(await rows(admin, **exact)) == 3
    for wrong in ({"from": "ayer"}, {"to": "2026-11-18T10:00:00"}, {"from": "0001-01-01"}, {"kind": "x"}):
        assert (await admin.get(f"{API}/audit", params=wrong)).status_code == 422, wrong


async def test_only_administrators_read_it(site: Site) -> None:
    for role in ("supervisor", "agent"):
        client = await site.signed_in(role)
        for path in (f"{API}/audit", f"{API}/audit/export", "/auditoria", "/configuraciones", f"{API}/settings"):
            assert (await client.get(path)).status_code == 403, (role, path)


async def test_the_file_has_what_the_filter_finds_and_leaves_a_row_of_its_own(site: Site) -> None:
    admin = await site.signed_in("admin")
    await many(site, 5, admin.user_id)
    async with site.house.work() as work:
        danger = {"before": {"name": "x"}, "after": {"name": "y"}}
        await work.audit("campaign.changed", "campaign:1", **danger)
    answer = await admin.get(f"{API}/audit/export", params={"action": "case.closed"})
    assert answer.headers["content-type"].startswith("text/csv")
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert (len(lines), lines[0][:4]) == (6, ["Fila", "Fecha y hora", "Quién", "Qué"])
    assert [line[5] for line in lines[1:]] == [f"case:{i}" for i in (4, 3, 2, 1, 0)]
    (row,) = await rows(admin, kind="export")
    assert row["detail"] == {"rows": 5, "filter": {"action": "case.closed"}} and row["actor"]["id"] == admin.user_id


async def test_rows_are_kept_as_long_as_the_setting_says_and_forgotten_in_portions(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two years unless an administrator says otherwise; that it was changed is a row, too."""
    monkeypatch.setattr(retention, "PORTION", 10)
    admin = await site.signed_in("admin")
    assert (await admin.get(f"{API}/settings")).json() == {
        "version": 0,
        "audit_days": 730,
        "changed_at": None,
        "changed_by": None,
    }
    await many(site, 31, admin.user_id)
    async with site.house.work() as work:
        old = work.now - timedelta(days=100)
        await work.session.execute(update(AuditRow).where(AuditRow.action == "case.closed").values(at=old))
        assert await retention.forget_old_rows(work) == 0
    assert (await admin.patch(f"{API}/settings", json={"audit_days": 5})).status_code == 422
    changed = await admin.patch(f"{API}/settings", json={"audit_days": 90, "version": 0})
    assert (changed.json()["audit_days"], changed.json()["version"]) == (90, 1)
    stale = await admin.patch(f"{API}/settings", json={"audit_days": 95, "version": 0})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")
    gone = []
    while not gone or gone[-1]:
        async with site.house.work() as work:
            gone.append(await retention.forget_old_rows(work))
    assert gone == [10, 10, 10, 1, 0]
    async with site.house.look() as session:
        left = await session.scalar(select(func.count()).where(AuditRow.action == "case.closed"))
    assert left == 0
    (row,) = await rows(admin, action="setting.changed")
    assert (row["before"], row["after"]) == ({"audit_days": 730}, {"audit_days": 90})


def test_every_kind_has_actions() -> None:
    assert {terms.kind for terms in ACTIONS.values()} == set(AuditKind)
