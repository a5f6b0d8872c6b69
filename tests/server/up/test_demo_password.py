"""The demonstration's known password opens nothing that others can reach."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from atiende.models.people.user import User
from atiende.server.identity.passwords import Passwords
from atiende.server.settings import Settings
from atiende.server.up.demo_password import KNOWN, demo_password, password_file, reached_by_others, replace_known
from atiende.tests.support.client import CHEAP, running_app


@pytest.mark.parametrize(
    "host,public,others",
    [
        ("127.0.0.1", None, False),
        ("localhost", "http://localhost:8000", False),
        ("::1", None, False),
        ("0.0.0.0", None, True),
        ("::", None, True),
        ("192.168.1.20", None, True),
        ("servidor", None, True),
        ("127.0.0.1", "https://centro.example", True),  # behind a proxy
    ],
)
def test_others_reach_whatever_listens_or_is_published_beyond_this_machine(
    host: str, public: str | None, others: bool
) -> None:
    assert reached_by_others(Settings(host=host, public_url=public)) is others


async def test_a_demonstration_made_on_this_machine_loses_its_known_password_when_it_is_opened(
    settings: Settings,
) -> None:
    passwords = Passwords(**CHEAP)
    async with running_app(settings) as site:
        known, own = await passwords.hash(KNOWN), await passwords.hash("elegida por maria")
        await site.user("admin", "admin", password_hash=known)
        await site.user("agent", "maria", password_hash=own)
        browser = site.visitor()
        signing = {"username": "admin", "password": KNOWN}
        assert (await browser.post("/api/v1/session", json=signing)).status_code == 200
        assert await replace_known(site.house, settings, ["admin", "maria"]) == []

        opened = settings.with_values(host="0.0.0.0")
        assert await replace_known(site.house, opened, ["admin", "maria", "nadie"]) == ["admin"]
        assert (await browser.get("/api/v1/me")).status_code == 401
        assert (await site.visitor().post("/api/v1/session", json=signing)).status_code == 401
        made_up = {"username": "admin", "password": demo_password(opened)}
        assert (await site.visitor().post("/api/v1/session", json=made_up)).status_code == 200
        async with AsyncSession(site.house.engine) as session:
            assert (await session.execute(select(User.password_hash).where(User.username == "maria"))).scalar() == own
    assert password_file(opened).stat().st_mode & 0o077 == 0
    assert demo_password(settings) == demo_password(opened) != KNOWN  # the same one when it is closed again
