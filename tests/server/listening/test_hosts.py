"""Under which names the server answers."""

from __future__ import annotations

import pytest
from websockets.exceptions import InvalidStatus

from atiende.server.listening.hosts import AllowedHosts
from atiende.server.settings import Settings
from atiende.tests.support.client import running_app
from atiende.tests.support.listening import listening
from atiende.tests.support.sockets import socket_of

ANY = ("localhost", "127.0.0.1:8000", "192.168.1.20", "[fe80::1]:8000", "servidor", "Atiende.local:8000", "cc.lan")
NEVER = ("evil.example", "127.0.0.1.evil.example", "a@b", "localhost@evil.example", "x/y", "a:b", "", "[::1")


def test_addresses_and_names_of_the_house_are_ours_and_no_name_that_can_be_bought() -> None:
    hosts = AllowedHosts.of("", "centro.example:8443")
    assert [host for host in (*ANY, "centro.example", "CENTRO.example.:8443") if not hosts.allows(host)] == []
    assert [host for host in (*NEVER, "otro.centro.example") if hosts.allows(host)] == []


def test_a_list_of_names_is_the_whole_list_besides_loopback_and_the_public_address() -> None:
    hosts = AllowedHosts.of("a.example, *.b.example", "centro.example")
    yes = ("a.example", "x.b.example:8000", "y.x.b.example", "centro.example", "localhost", "127.0.0.1")
    no = ("b.example", "xb.example", "192.168.1.20", "servidor", *NEVER)
    assert [host for host in yes if not hosts.allows(host)] == []
    assert [host for host in no if hosts.allows(host)] == []
    assert AllowedHosts.of("*").allows("evil.example")


async def test_a_page_whose_name_was_made_to_point_at_us_reads_nothing(settings: Settings) -> None:
    """DNS rebinding: the browser sends that name as Host, with our address behind it."""
    async with running_app(settings) as site, listening(site) as served:
        for path in ("/ingresar", "/health", "/api/v1/me", "/static/x/es/app.js"):
            answer = await site.visitor(Host="evil.example").get(path)
            assert (answer.status_code, answer.json()["code"]) == (421, "unknown-host")
        agent = await site.signed_in("agent")
        assert (await agent.get("/api/v1/me", headers={"Host": "evil.example"})).status_code == 421
        with pytest.raises(InvalidStatus):
            async with socket_of(f"127.0.0.1:{served.port}", agent, Host="evil.example"):
                pass
