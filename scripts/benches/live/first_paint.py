"""From the address to a live page, over a line with 40 ms of latency and 4 Mbit/s (Chromium's network emulation)."""

from __future__ import annotations

import statistics
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import Browser, BrowserContext, CDPSession

from atiende.tests.support.browser import chromium
from atiende.tests.support.first_paint import WATCH, come_to_rest, shifts

from ..shared.data import connect, database, secret_of
from ..shared.harness import Figure, Run
from ..shared.web import Web, web

WHAT = "address → live page at 40 ms and 4 Mbit/s, cold and from a warm cache; what moves meanwhile"
LINE = {"offline": False, "latency": 40, "downloadThroughput": 500_000, "uploadThroughput": 500_000}  # bytes a second
COLD, WARM, MOST_SHIFT = "<= 2500", "<= 1000", "<= 0.02"


@dataclass
class Opened:
    """One opening of a page."""

    live: float  # milliseconds
    shift: float
    kilobytes: float


@dataclass
class Office:
    """An agent with cases and a supervisor, and the pages they open."""

    site: Web
    agent: int
    supervisor: int
    case: int

    def pages(self) -> dict[str, tuple[int, str]]:
        """Name: who opens it, and where it is."""
        return {
            "desk": (self.agent, "/casos"),
            "list of a supervisor": (self.supervisor, "/casos?seccion=arrears"),
            "case": (self.agent, f"/casos/{self.case}"),
            "board": (self.supervisor, "/tablero"),
            "assignments": (self.supervisor, "/asignaciones"),
        }


async def bench(run: Run) -> list[Figure]:
    """Every page cold and warm, in turns; medians."""
    url = await database(run, run.size(100_000, 20_000, 400), run.size(200_000, 40_000, 2_000))
    figures: list[Figure] = []
    async with _office(run, url) as office, chromium() as browser:
        for name, (who, path) in office.pages().items():
            cold, warm = await _rounds(run, browser, office.site, who, path)
            figures.append(_live(name, "cold", cold, COLD, f"{cold[0].kilobytes:.0f} KB"))
            figures.append(_live(name, "warm", warm, WARM, f"{warm[0].kilobytes:.0f} KB"))
            most = max(one.shift for one in (*cold, *warm))
            figures.append(Figure(f"{name}: layout shift, the most", most, "", MOST_SHIFT))
    return figures


def _live(name: str, how: str, opened: list[Opened], goal: str, note: str) -> Figure:
    return Figure(f"{name}: live, {how}", statistics.median(one.live for one in opened), "ms", goal, note=note)


@asynccontextmanager
async def _office(run: Run, url: str) -> AsyncIterator[Office]:
    plain = await connect(run, url)
    try:
        row = await plain.fetchrow(
            "SELECT agent_id AS agent, min(number) AS number FROM cases WHERE status = 'open' AND agent_id IS NOT NULL"
            " GROUP BY agent_id ORDER BY count(*) DESC LIMIT 1"
        )
        boss = await plain.fetchval("SELECT id FROM users WHERE role = 'supervisor' LIMIT 1")
    finally:
        await plain.close()
    with web(run, url) as site:
        yield Office(site, row["agent"], boss, row["number"])


async def _rounds(run: Run, browser: Browser, site: Web, who: int, path: str) -> tuple[list[Opened], list[Opened]]:
    cold: list[Opened] = []
    warm: list[Opened] = []
    for _ in range(run.size(5, 3, 1)):
        context = await browser.new_context(locale="es-CO", viewport={"width": 1280, "height": 800})
        try:
            await context.add_cookies([{"name": "atiende", "value": secret_of(who), "url": site.address}])
            await context.add_init_script(WATCH)
            cold.append(await _open(context, site.address + path))
            warm.append(await _open(context, site.address + path))
        finally:
            await context.close()
    return cold, warm


async def _open(context: BrowserContext, address: str) -> Opened:
    page = await context.new_page()
    line = await context.new_cdp_session(page)
    received: list[float] = []
    await _narrow(line, received)
    await page.goto(address, wait_until="commit")
    live = await come_to_rest(page)
    shift, _ = await shifts(page)
    await page.close()
    return Opened(live, shift, sum(received) / 1000)


async def _narrow(line: CDPSession, received: list[float]) -> None:
    line.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    await line.send("Network.enable")
    await line.send("Network.emulateNetworkConditions", LINE)
