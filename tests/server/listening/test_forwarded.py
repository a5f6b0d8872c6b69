"""From where a request comes when proxies stand in between."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from atiende.models.people.user import Session
from atiende.server.listening.forwarded import TrustedProxies, address_of
from atiende.server.settings import Settings, WrongSetting, load_settings
from atiende.tests.support.client import PASSWORD, running_app

OURS = TrustedProxies.parse("10.0.0.0/8, 192.168.1.5, 2001:db8::/32")


@pytest.mark.parametrize(
    "peer,written,caller",
    [
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),  # no proxy of ours: it may write what it likes
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["1.1.1.1, 198.51.100.1"], "198.51.100.1"),  # the first was written by the caller
        ("10.0.0.1", ["1.1.1.1", "198.51.100.1, 10.9.9.9"], "198.51.100.1"),  # two proxies of ours, two headers
        ("::ffff:10.0.0.1", ["[2606:4700::7]:443"], "2606:4700::7"),
        ("2001:db8::1", ["198.51.100.1:8080"], "198.51.100.1"),
        ("192.168.1.5", ["'; DROP TABLE users --"], "192.168.1.5"),
        ("192.168.1.5", ["unknown, 10.2.2.2"], "10.2.2.2"),
        ("192.168.1.5", [], "192.168.1.5"),
    ],
)
def test_an_address_is_believed_from_our_own_proxies_only(peer: str, written: list[str], caller: str) -> None:
    assert OURS.caller(peer, written) == caller
    assert TrustedProxies().caller(peer, written) == peer


@given(st.lists(st.one_of(st.text(max_size=40), st.ip_addresses().map(str))))
def test_whatever_is_written_a_caller_is_an_address(written: list[str]) -> None:
    assert address_of(OURS.caller("10.0.0.1", written)) is not None


@pytest.mark.parametrize("trusted,stored", [("", "127.0.0.1"), ("127.0.0.0/8", "198.51.100.7")])
async def test_a_session_shows_where_it_was_opened_from(settings: Settings, trusted: str, stored: str) -> None:
    async with running_app(settings.with_values(trusted_proxies=trusted)) as site:
        await site.user("agent", "luz")
        visitor = site.visitor(**{"X-Forwarded-For": "10.1.1.1, 198.51.100.7"})
        given = {"username": "luz", "password": PASSWORD}
        assert (await visitor.post("/api/v1/session", json=given)).status_code == 200
        async with AsyncSession(site.house.engine) as session:
            assert (await session.execute(select(Session.address))).scalar_one() == stored


def test_a_network_that_is_none_stops_the_start_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATIENDE_TRUSTED_PROXIES", "10.0.0.0/8, proxy.example")
    with pytest.raises(WrongSetting, match="ATIENDE_TRUSTED_PROXIES"):
        load_settings()
