"""A page names only files that there are: sheets, modules, what they import, the typeface, the icon."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest

from atiende.models.permissions import Role
from atiende.server.settings import Settings
from atiende.tests.support.client import Client, Site, running_app

# Of an empty installation: what a page has to run only when there is something to show, it does not name.
PAGES = {
    Role.AGENT: ["/casos", "/busqueda", "/mi-cuenta"],
    Role.SUPERVISOR: ["/tablero", "/campanas", "/asignaciones", "/bases/subir", "/reglas"],
    Role.ADMIN: ["/usuarios", "/configuraciones", "/claves", "/auditoria"],
}


@pytest.fixture
async def site(settings: Settings) -> AsyncIterator[Site]:
    async with running_app(settings) as running:
        yield running


async def test_an_empty_installations_pages_name_only_files_that_there_are(site: Site) -> None:
    seen: set[str] = set()
    for role, paths in PAGES.items():
        person = await site.signed_in(role)
        for path in [*paths, "/no-existe"]:
            seen |= await named_by(person, path, seen)
    await named_by(site.visitor(), "/ingresar", seen)


async def named_by(person: Client, path: str, seen: set[str]) -> set[str]:
    """What a page names, after a look that each of it is there."""
    page = await person.get(path)
    assert page.status_code in (200, 404), path
    named = set(re.findall(r'(?:href|src)="(/static/[^"]*)"', page.text))
    assert named, path
    missing = [name for name in named - seen if (await person.get(name)).status_code != 200]
    assert missing == [], path
    return named
