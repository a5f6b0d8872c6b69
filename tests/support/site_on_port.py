"""The application of `client.running_app` behind a real port of this machine, for tests with a browser."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from playwright.async_api import Browser

from atiende.server.app import build_app
from atiende.server.identity.passwords import Passwords
from atiende.server.settings import Settings
from atiende.tests.support.browser import Person, person
from atiende.tests.support.client import CHEAP, Site


@asynccontextmanager
async def served(settings: Settings) -> AsyncIterator[tuple[Site, str]]:
    """The running application and its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        app = build_app(settings, Passwords(**CHEAP))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, ws="websockets-sansio", lifespan="on"))
        serving = asyncio.create_task(server.serve([listening]))
        while not server.started:
            await asyncio.sleep(0.02)
        try:
            yield Site(app, settings), address
        finally:
            server.should_exit = True
            await serving


async def at_browser(browser: Browser, site: Site, address: str, user_id: int) -> Person:
    """This user at a browser of their own, already signed in."""
    client = await site.session_of(user_id)
    (cookie,) = client.cookies.jar
    who = await person(browser, address)
    await who.context.add_cookies([{"name": cookie.name, "value": cookie.value or "", "url": address}])
    return who
