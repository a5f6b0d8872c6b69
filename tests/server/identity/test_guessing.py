"""Whoever guesses passwords is slowed down, and keeps nobody out by it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atiende.server.identity.known_browsers import browser_of
from atiende.server.identity.rate_limit import (
    LONGEST_PAUSE,
    OF_ADDRESS,
    OF_NAME,
    OF_PAIR,
    Source,
    count_try,
    pair_pause,
)
from atiende.server.settings import Settings
from atiende.tests.support.client import PASSWORD, Client, Site, running_app

SESSION = "/api/v1/session"


@pytest.fixture
async def site(settings: Settings) -> AsyncIterator[Site]:
    async with running_app(settings.with_values(trusted_proxies="127.0.0.1")) as running:
        yield running


async def enter(browser: Client, username: str, password: str = PASSWORD) -> httpx.Response:
    return await browser.post(SESSION, json={"username": username, "password": password})


async def tried(site: Site, username: str, source: Source, times: int) -> None:
    async with site.house.work() as work:
        for _ in range(times):
            await count_try(work, username, source)


async def test_wrong_passwords_from_elsewhere_do_not_lock_a_name_out(site: Site) -> None:
    await site.user("agent", "luz")
    attacker = site.visitor(**{"X-Forwarded-For": "203.0.113.66"})
    codes = [(await enter(attacker, "luz", "otra cosa")).status_code for _ in range(OF_PAIR + 1)]
    assert codes == [401] * OF_PAIR + [429]
    home = site.visitor(**{"X-Forwarded-For": "198.51.100.7"})
    assert (await enter(home, "luz")).status_code == 200


async def test_a_right_password_does_not_give_an_attacker_new_tries(site: Site) -> None:
    await site.user("agent", "luz")
    attacker = site.visitor(**{"X-Forwarded-For": "203.0.113.66"})
    for _ in range(OF_PAIR):
        await enter(attacker, "luz", "otra cosa")
    assert (await enter(site.visitor(**{"X-Forwarded-For": "198.51.100.7"}), "luz")).status_code == 200
    assert (await enter(attacker, "luz", "otra cosa")).status_code == 429


@pytest.mark.parametrize("username,times", [("luz", OF_NAME), ("", OF_ADDRESS)])
async def test_a_browser_where_one_signed_in_before_is_let_in_whatever_others_try(
    site: Site, username: str, times: int
) -> None:
    """A name tried from everywhere, or a company's one address with a hundred wrong tries."""
    await site.user("agent", "luz")
    known, behind = site.visitor(), {"X-Forwarded-For": "198.51.100.7"}
    assert (await enter(known, "luz")).status_code == 200
    assert (await known.delete(SESSION)).status_code == 204
    for number in range(times):
        source = Source.of(f"203.0.113.{number}" if username else "198.51.100.7", None)
        await tried(site, username or f"nombre-{number}", source, 1)
    unknown = await enter(site.visitor(**behind), "luz")
    assert unknown.status_code == 429 and int(unknown.headers["retry-after"]) <= 31
    known.headers.update(behind)
    assert (await enter(known, "luz")).status_code == 200


async def test_a_known_browser_may_not_guess_without_end_and_is_known_for_its_own_people_only(site: Site) -> None:
    await site.user("agent", "luz")
    await site.user("agent", "sol")
    browser = site.visitor()
    assert (await enter(browser, "luz")).status_code == 200
    assert [(await enter(browser, "luz", "x")).status_code for _ in range(OF_PAIR + 1)] == [401] * OF_PAIR + [429]
    for number in range(OF_NAME):
        await tried(site, "sol", Source.of(f"203.0.113.{number}", None), 1)
    assert (await enter(browser, "sol")).status_code == 429


async def test_a_cookie_that_we_did_not_sign_makes_no_browser_known(site: Site) -> None:
    await site.user("agent", "luz")
    browser = site.visitor()
    assert (await enter(browser, "luz")).status_code == 200
    signed = browser.cookies["atiende-browser"]
    other = "A" if signed[-9] != "A" else "B"  # in the middle: the last sign of base64 has bits that say nothing
    for written in (signed[:-9] + other + signed[-8:], "x", "", "é" * 50, signed * 20):
        request = httpx.Request("GET", "http://x", headers={"Cookie": f"atiende-browser={written}".encode()})
        assert browser_of(_connection(request), site.settings.secret_key, False) is None
    assert browser_of(_connection(httpx.Request("GET", "http://x")), "another key" * 4, False) is None


def _connection(request: httpx.Request):  # type: ignore[no-untyped-def]
    from starlette.requests import HTTPConnection

    return HTTPConnection({"type": "http", "headers": [(n.lower(), v) for n, v in request.headers.raw]})


def test_one_network_of_ipv6_is_one_source() -> None:
    sources = {Source.of(address, None).name for address in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9")}
    assert sources == {"2001:db8:1:2::/64"}
    assert Source.of("::ffff:198.51.100.7", None).name != Source.of("::ffff:198.51.100.8", None).name


@given(st.integers(0, 10_000))
def test_pauses_never_shrink_and_never_last_longer_than_five_minutes(tries: int) -> None:
    assert pair_pause(tries) <= pair_pause(tries + 1) <= LONGEST_PAUSE
