"""What gets smaller on its way, and what must not: an answer that a page of another site asked for (BREACH)."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator

import brotli
import pytest
from starlette.datastructures import Headers

from atiende.models.permissions import Role
from atiende.server.doors.compression import accepted_codings, may_compress
from atiende.server.settings import Settings
from atiende.tests.support.client import Site, running_app

EVERY = "gzip, deflate, br, zstd"


@pytest.fixture
async def site(settings: Settings) -> AsyncIterator[Site]:
    async with running_app(settings) as running:
        yield running


@pytest.mark.parametrize(
    ("site", "https", "token", "may"),
    [
        ("same-origin", True, False, True),
        ("none", True, False, True),
        ("cross-site", True, False, False),
        ("cross-site", True, True, False),
        ("same-site", True, False, False),
        ("cross-site", False, False, False),
        (None, True, False, False),
        (None, True, True, True),
        (None, False, False, True),
    ],
)
def test_another_site_never_learns_by_the_length(site: str | None, https: bool, token: bool, may: bool) -> None:
    """Nor does a browser that does not say who asks get less than the whole, unless the line is open anyway."""
    sent = ({"sec-fetch-site": site} if site else {}) | ({"authorization": "Bearer x"} if token else {})
    assert may_compress(Headers(sent), https) is may


@pytest.mark.parametrize(
    ("header", "codings"),
    [
        ("gzip, br", {"gzip", "br"}),
        ("GZIP;q=1.0 , br;q=0", {"gzip"}),
        ("br; q=0.000, gzip;q=0.5", {"gzip"}),
        ("br;q=0., gzip", {"gzip"}),
        ("", set()),
        (";;;, ,", set()),
    ],
)
def test_a_coding_is_accepted_unless_its_quality_is_zero(header: str, codings: set[str]) -> None:
    assert accepted_codings(header) == codings


@pytest.mark.parametrize("coding", ["zstd", "br", "gzip"])
async def test_a_page_travels_packed_and_is_the_same_page(site: Site, coding: str) -> None:
    boss = await site.signed_in(Role.SUPERVISOR)
    packed = await boss.get("/asignaciones", headers={"accept-encoding": coding})
    whole = await boss.get("/asignaciones", headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == coding and "content-encoding" not in whole.headers
    assert "accept-encoding" in packed.headers["vary"].lower()
    assert int(packed.headers["content-length"]) < len(whole.content) / 3
    assert int(whole.headers["content-length"]) == len(whole.content)


async def test_a_page_for_another_site_and_a_short_answer_go_as_they_are(site: Site) -> None:
    boss = await site.signed_in(Role.SUPERVISOR)
    elsewhere = {"accept-encoding": EVERY, "sec-fetch-site": "cross-site"}
    assert "content-encoding" not in (await boss.get("/asignaciones", headers=elsewhere)).headers
    assert "content-encoding" not in (await boss.get("/health", headers={"accept-encoding": EVERY})).headers


async def test_static_files_are_packed_once_for_whoever_asks(site: Site) -> None:
    visitor, address = site.visitor(), site.app.state.web.files.address("es", "lib/live.js")
    elsewhere = {"sec-fetch-site": "cross-site"}
    answers = {
        coding: await visitor.get(address, headers={"accept-encoding": coding} | elsewhere)
        for coding in ("br", "gzip", "zstd", "identity")
    }
    assert [answer.headers.get("content-encoding") for answer in answers.values()] == ["br", "gzip", None, None]
    assert len({answer.text for answer in answers.values()}) == 1
    assert all("accept-encoding" in answer.headers["vary"].lower() for answer in answers.values())
    raw = site.app.state.web.files.find("es", "lib/live.js").packed
    assert brotli.decompress(raw["br"]) == gzip.decompress(raw["gzip"]) == answers["identity"].content
