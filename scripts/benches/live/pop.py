"""From the event at the PBX's socket to the row in the browser's DOM; against the barest path there could be."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg
import orjson
from playwright.async_api import BrowserContext, Page
from websockets.asyncio.server import ServerConnection, serve

from atiende.telephony.ami.protocol import AmiParser
from atiende.telephony.simulated_pbx import SimulatedPbx
from atiende.tests.support.browser import chromium

from ..shared.data import connect, database, secret_of
from ..shared.harness import Figure, Run, percentile
from ..shared.screens import Screen, Screens, masked
from ..shared.web import process, web
from .connections import agents_screens, allow_many_files

WHAT = "AMI event at the socket → row in the browser's DOM, 1 M customers (20,000), 200 screens and the board live"
SCREENS, SCREENS_TINY = 200, 10
PAUSE = 0.15  # seconds between two calls

# Says when the pop shows the number it is told to wait for.
_WATCH = """() => {
  window.popAt = (digits) => new Promise((found) => {
    const look = () => {
      const box = document.getElementById("pop");
      if (!box || box.hidden || !box.textContent.replace(/\\D/g, "").includes(digits)) return;
      watcher.disconnect();
      found(performance.timeOrigin + performance.now());
    };
    const watcher = new MutationObserver(look);
    watcher.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    look();
  });
}"""
_BARE_PAGE = """<!doctype html><body><div id="pop"></div><script>
  const socket = new WebSocket("ws://127.0.0.1:PORT/");
  socket.onmessage = (event) => { document.getElementById("pop").textContent = event.data; };
  socket.onopen = () => { document.title = "open"; };
</script>"""
_LOOKUP = (
    "SELECT c.id, c.full_name, c.document, p.value FROM contact_points p JOIN customers c ON c.id = p.customer_id"
    " WHERE p.value = $1 AND p.kind IN ('mobile', 'landline') LIMIT 5"
)


@dataclass(slots=True)
class _Floor:
    """A known PBX, an agent's page at the real programs, and a page at the end of the barest path."""

    pbx: SimulatedPbx
    extension: str
    page: Page
    bare_page: Page
    screens: tuple[Screens, ...]  # of everybody else: agents, and a supervisor at the wall board

    async def call(self, number: str) -> tuple[float, float]:
        """Milliseconds until each page shows who calls."""
        times = await _call(self.pbx, self.extension, number, self.page, self.bare_page)
        for others in self.screens:
            others._hear(0)
        return times


async def bench(run: Run) -> list[Figure]:
    """Calls of known customers at one agent's phone; the bare path hears the same PBX at the same time of day."""
    allow_many_files()
    customers = run.size(1_000_000, 20_000, 400)
    url = await database(run, customers, run.size(5_000_000, 100_000, 2_000))
    dice = random.Random(5)
    async with _floor(run, url) as floor:
        calls = [await floor.call(f"3{dice.randint(1, customers):09}") for _ in range(run.size(200, 30, 2))]
    ours, bare = [mine for mine, _ in calls], [theirs for _, theirs in calls]
    return [
        Figure("p99, event at the socket → row in the DOM", percentile(ours, 99), "ms", "<= 100"),
        Figure("median", percentile(ours, 50), "ms"),
        Figure(
            "median against reader → lookup → one socket → DOM",
            percentile(ours, 50),
            "ms",
            "<= 3",
            "bare path",
            percentile(bare, 50),
            percentile(ours, 50) / percentile(bare, 50),
        ),
    ]


@asynccontextmanager
async def _floor(run: Run, url: str) -> AsyncIterator[_Floor]:
    async with AsyncExitStack() as stack:
        plain = await connect(run, url)
        stack.push_async_callback(plain.close)
        agents = [row["id"] for row in await plain.fetch("SELECT id FROM users WHERE role = 'agent' ORDER BY id")]
        extension = await plain.fetchval("SELECT extension FROM users WHERE id = $1", agents[0])
        pbx = SimulatedPbx((extension,))
        await pbx.start()
        stack.push_async_callback(pbx.stop)
        programs = stack.enter_context(ExitStack())
        site = programs.enter_context(web(run, url))
        programs.enter_context(process(run, url, "bridge", ATIENDE_AMI_URL=pbx.url))
        programs.enter_context(process(run, url, "worker"))
        screens = await _screens(run, plain, site, agents[1:], programs)
        context = await (await stack.enter_async_context(chromium())).new_context(locale="es-CO")
        page = await _agents_page(context, site, agents[0])
        bare_page = await _bare_page(context, await stack.enter_async_context(_bare_path(pbx, plain)))
        await page.bring_to_front()
        for each in (page, bare_page):
            await each.evaluate(_WATCH)
        await asyncio.sleep(2.0)  # until the bridge has read what the PBX says of itself
        yield _Floor(pbx, extension, page, bare_page, screens)


async def _screens(run: Run, plain: Any, site: Any, agents: list[int], programs: ExitStack) -> tuple[Screens, ...]:
    others, board = agents_screens(site), agents_screens(site)
    for screens in (others, board):
        programs.callback(screens.close)
    others.open(agents[: run.size(SCREENS, SCREENS, SCREENS_TINY) - 1])
    boss = await plain.fetchval("SELECT id FROM users WHERE role = 'supervisor' LIMIT 1")
    board.open([boss], _watches_the_board)
    return others, board


async def _agents_page(context: BrowserContext, site: Any, agent: int) -> Page:
    await context.add_cookies([{"name": "atiende", "value": secret_of(agent), "url": site.address}])
    page = await context.new_page()
    await page.goto(f"{site.address}/")
    await page.locator("#live", has_text="en vivo").wait_for()
    return page


async def _bare_page(context: BrowserContext, port: int) -> Page:
    page = await context.new_page()
    await page.set_content(_BARE_PAGE.replace("PORT", str(port)))
    await page.wait_for_function("document.title === 'open'")
    return page


async def _call(pbx: SimulatedPbx, extension: str, number: str, page: Page, bare_page: Page) -> tuple[float, float]:
    """One call rings, is seen on both pages, and is hung up: milliseconds of each."""
    seen = [asyncio.create_task(each.evaluate("digits => window.popAt(digits)", number)) for each in (page, bare_page)]
    await asyncio.sleep(0.05)
    began = time.time() * 1e3
    call = await pbx.ring(extension, number, "")
    async with asyncio.timeout(15):
        mine, theirs = [at - began for at in await asyncio.gather(*seen)]
    call.hang_up()
    await asyncio.sleep(PAUSE)
    return mine, theirs


def _watches_the_board(_: Screen) -> bytes:
    return masked(orjson.dumps({"type": "watch", "topic": "wallboard"}))


@asynccontextmanager
async def _bare_path(pbx: SimulatedPbx, database: asyncpg.Connection) -> AsyncIterator[int]:
    """A reader that looks the caller up and tells one socket; its port."""
    told: list[ServerConnection] = []

    async def hear(socket: ServerConnection) -> None:
        told.append(socket)
        await socket.wait_closed()

    async def found(number: str) -> None:
        rows = await database.fetch(_LOOKUP, f"+57{number}")
        for socket in told:
            await socket.send(orjson.dumps([dict(row) for row in rows]).decode())

    async with serve(hear, "127.0.0.1", 0, compression=None) as server:
        reading = asyncio.create_task(_listen(pbx, found))
        try:
            yield next(iter(server.sockets)).getsockname()[1]
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)


async def _listen(pbx: SimulatedPbx, found: Callable[[str], Any]) -> None:
    reader, writer = await asyncio.open_connection(pbx.server.host, pbx.server.port)
    secret = pbx.url.split(":")[2].partition("@")[0]
    writer.write(f"Action: Login\r\nUsername: atiende\r\nSecret: {secret}\r\nEvents: call\r\n\r\n".encode())
    parser = AmiParser()
    while piece := await reader.read(65536):
        for message in parser.feed(piece):
            if message.get("Event") == "DialBegin":
                await found(message.get("CallerIDNum", ""))
