"""A person chooses a language; pages, refusals, the browser's sentences, dates and numbers follow."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest

from atiende.server.settings import Settings
from atiende.tests.support.client import Site, running_app


@pytest.fixture
async def site(settings: Settings) -> AsyncIterator[Site]:
    async with running_app(settings) as running:
        yield running


@pytest.mark.parametrize(
    ("locale", "lang", "title", "refusal"),
    [
        ("en", "en", "Users", "Not found."),
        ("pt", "pt", "Usuários", "Não encontrado."),
        ("es", "es-CO", "Usuarios", "No se encontró."),
    ],
)
async def test_a_person_reads_everything_in_the_language_he_chose(
    site: Site, locale: str, lang: str, title: str, refusal: str
) -> None:
    client = await site.signed_in("admin")
    chosen = await client.patch("/api/v1/me", json={"locale": locale})
    assert (chosen.status_code, chosen.json()["locale"]) == (200, locale)
    page = (await client.get("/usuarios")).text
    assert f'<html lang="{locale}" data-locale="{lang}' in page and f"<title>{title}" in page
    assert f"/{locale}/frame/shell.js" in page
    refused = await client.get("/api/v1/customers/99")
    assert refused.json()["message"] == refusal
    assert (await client.get("/api/v1/me")).json()["locale"] == locale


async def test_a_language_that_is_not_there_is_refused_and_none_is_the_browsers(site: Site) -> None:
    client = await site.signed_in("agent", locale="pt")
    refused = await client.patch("/api/v1/me", json={"locale": "xx"})
    assert (refused.status_code, refused.json()["field"]) == (422, "locale")
    assert (await client.patch("/api/v1/me", json={"locale": None})).json()["locale"] is None
    page = await client.get("/casos", headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert '<html lang="en"' in page.text


async def test_the_menu_offers_each_language_by_its_own_name_with_the_current_one_marked(site: Site) -> None:
    client = await site.signed_in("agent", locale="en")
    page = (await client.get("/casos")).text
    for code, name in (("en", "English"), ("es", "Español"), ("pt", "Português")):
        marked = "true" if code == "en" else "false"
        choice = rf'lang="{code}"\s+data-locale-choice="{code}"\s+aria-checked="{marked}"\s*>\s*{name}\s*<'
        assert re.search(choice, page)
