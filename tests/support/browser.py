"""A real Chromium against a whole running Atiende. A page that complains in its console fails its test."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, async_playwright

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
PATIENCE = 20_000  # milliseconds a condition may take on a busy machine


class Lent:
    """The Chromium that a session of tests keeps running: started again only when it has died."""

    def __init__(self) -> None:
        self.stack = AsyncExitStack()
        self._browser: Browser | None = None

    async def browser(self) -> Browser:
        if self._browser is None or not self._browser.is_connected():
            self._browser = await self.stack.enter_async_context(own_chromium())
        return self._browser


_lent: Lent | None = None


@asynccontextmanager
async def one_chromium() -> AsyncIterator[None]:
    """Within it every `chromium()` is one and the same, started when the first is asked for."""
    global _lent
    _lent = Lent()
    try:
        async with _lent.stack:
            yield
    finally:
        _lent = None


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Debian's Chromium, without a window. What was opened in it is closed at the end, though it may go on running."""
    if _lent is None:
        async with own_chromium() as browser:
            yield browser
        return
    browser = await _lent.browser()
    before = set(browser.contexts)
    try:
        yield browser
    finally:
        for context in set(browser.contexts) - before:
            await context.close()


@asynccontextmanager
async def own_chromium() -> AsyncIterator[Browser]:
    """A Chromium that ends with the block."""
    program = shutil.which("chromium")
    assert program, "Chromium is missing: scripts/test installs it"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        try:
            yield browser
        finally:
            await browser.close()


@dataclass
class Person:
    """Somebody at a browser of their own, signed in."""

    address: str
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)

    async def go(self, path: str) -> None:
        """Open a page and wait until its live line is live."""
        await self.page.goto(self.address + path)
        await self.live()

    async def live(self) -> None:
        """Wait until the page says *en vivo*."""
        await self.page.locator("#live", has_text="en vivo").wait_for(timeout=PATIENCE)

    async def mark(self) -> None:
        """Put a mark that a reload would wipe out."""
        await self.page.evaluate("window.notReloaded = true")

    async def was_not_reloaded(self) -> bool:
        """Whether this is still the document that was marked."""
        return bool(await self.page.evaluate("window.notReloaded === true"))

    async def api(self, method: str, path: str, body: Any = None) -> Any:
        """A JSON request with this person's session; its answer, after checking that it was not refused."""
        answer = await self.context.request.fetch(
            f"{self.address}/api/v1{path}", method=method, data=body, headers={"Content-Type": "application/json"}
        )
        text = await answer.text()
        assert answer.ok, f"{method} {path}: {answer.status} {text}"
        return await answer.json() if text else None


async def person(browser: Browser, address: str, **context: Any) -> Person:
    """Somebody who has not signed in yet, at a laptop of 1280 × 800."""
    settings = {"viewport": {"width": 1280, "height": 800}, "locale": "es-CO", "reduced_motion": "reduce"} | context
    opened = await browser.new_context(**settings)
    opened.set_default_timeout(PATIENCE)
    page = await opened.new_page()
    who = Person(address, opened, page)
    page.on("console", lambda message: (message.type == "error" and _expected(message.text)) or _note(who, message))
    page.on("pageerror", lambda error: who.complaints.append(str(error)))
    page.on("response", lambda answer: _is_missing(answer) and who.complaints.append(f"missing: {answer.url}"))
    return who


def _expected(text: str) -> bool:
    """A refused request (409, 422…) shows in the console of every browser; the page handles it."""
    return "Failed to load resource" in text


def _is_missing(answer: Any) -> bool:
    """A sheet, a module or a picture that a page names and that is not there: no page handles that."""
    return answer.status >= 400 and "/static/" in answer.url


def _note(who: Person, message: Any) -> None:
    if message.type == "error":
        who.complaints.append(message.text)


async def signed_in(browser: Browser, address: str, username: str, password: str, **context: Any) -> Person:
    """Somebody who signs in on the sign-in page."""
    who = await person(browser, address, **context)
    await who.page.goto(f"{address}/ingresar")
    await who.page.get_by_label("Usuario").fill(username)
    await who.page.get_by_label("Contraseña", exact=True).fill(password)
    await who.page.keyboard.press("Enter")
    await who.page.wait_for_url(lambda url: "/ingresar" not in url)
    return who
