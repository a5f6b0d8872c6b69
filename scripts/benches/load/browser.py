"""An agent at a real Chromium who presses *Guardar y siguiente* again and again, measured inside the page.

The time runs from the click until the next case is painted: the frame after the one that was asked for when its number
and form stood in the DOM. They come into the page that is open or, where that cannot be, with a new page.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Error, Page

from atiende.tests.support.browser import chromium

from .agents import Desk, Tally

PATIENCE = 15.0
THINKING = 0.4  # seconds the agent looks at a case

# The case came with an answer: that to `parte=caso`, or the page itself when it is younger than the click.
_WATCH = """
(() => {
  const KEY = "bench.pressed";
  const wall = (at) => performance.timeOrigin + at;
  const case_number = () => location.pathname.match(/^\\/casos\\/(\\d+)$/)?.[1];
  let [pressed, before] = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
  addEventListener("click", (event) => {
    if (!event.target.closest?.("#save")) return;
    performance.clearResourceTimings();
    [pressed, before] = [wall(event.timeStamp), case_number()];
    sessionStorage.setItem(KEY, JSON.stringify([pressed, before]));
  }, true);
  const answer = (since) => {
    if (since < performance.timeOrigin) return performance.getEntriesByType("navigation")[0];
    const path = `${location.pathname}?parte=caso`;
    return performance.getEntriesByType("resource").find(({ name }) => name.endsWith(path));
  };
  const tell = (since) => {
    const painted = performance.now();
    const { startTime, responseEnd } = answer(since);
    window.benchPainted({
      painted: wall(painted) - since,
      saving: wall(startTime) - since,
      page: responseEnd - startTime,
      painting: painted - responseEnd,
    });
  };
  const look = () => {
    if (!pressed || !case_number() || case_number() === before) return;
    const shown = document.querySelector("#casehead .facts dd")?.textContent;
    if (shown !== case_number() || !document.querySelector("#save")) return;
    const since = pressed;
    pressed = null;
    sessionStorage.removeItem(KEY);
    requestAnimationFrame(() => {
      const after = new MessageChannel();
      after.port1.onmessage = () => tell(since);
      after.port2.postMessage(0);
    });
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true });
})();
"""


@dataclass
class Presser:
    """`spent`: milliseconds of each press, in all (`painted`) and by part: `saving` until the next case is asked
    for, `page` until it is there, `painting`."""

    page: Page
    spent: list[dict[str, float]]
    _told: asyncio.Queue[dict[str, float]]
    _some: asyncio.Event = field(default_factory=asyncio.Event)

    async def again_and_again(self, tally: Tally) -> None:
        """Until cancelled; a case that does not come is a failure, and counts with the time that was waited for it."""
        while True:
            try:
                await self._press()
            except (TimeoutError, Error) as why:
                tally.failed.append(f"the next case was not painted: {why}")
                self.spent.append(dict.fromkeys(("painted", "saving", "page", "painting"), PATIENCE * 1e3))
                with suppress(Error):
                    await self.page.reload()
            self._some.set()
            await asyncio.sleep(THINKING)

    async def first(self) -> None:
        """Until the agent has seen one case at least, or has waited for it long enough."""
        await self._some.wait()

    async def _press(self) -> None:
        """Choose the first result, save, and see the next case."""
        await self.page.locator("#cascade .opts button").first.wait_for()
        await self.page.keyboard.press("1")
        while not self._told.empty():
            self._told.get_nowait()  # of a press that was given up and came in late
        await self.page.locator("#save").click()
        async with asyncio.timeout(PATIENCE):
            self.spent.append(await self._told.get())


@asynccontextmanager
async def presser(desk: Desk) -> AsyncIterator[Presser]:
    """A browser with this agent's first case open."""
    site = desk.line.site
    number = await desk.take_first()
    told: asyncio.Queue[dict[str, float]] = asyncio.Queue()

    def painted(_source: Any, spent: dict[str, float]) -> None:
        told.put_nowait(spent)

    async with chromium() as browser:
        context = await browser.new_context(locale="es-CO", viewport={"width": 1280, "height": 800})
        name, _, secret = desk.line.cookie.partition("=")
        await context.add_cookies([{"name": name, "value": secret, "url": site.address}])
        await context.expose_binding("benchPainted", painted)
        await context.add_init_script(_WATCH)
        context.set_default_timeout(PATIENCE * 1e3)
        page = await context.new_page()
        await page.goto(f"{site.address}/casos/{number}")
        await page.locator("#live", has_text="en vivo").wait_for()
        yield Presser(page, [], told)
