"""A base through the page of a whole running Atiende, as a supervisor does it: tried, stored, updated, out, undone."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from playwright.async_api import Download, Page

from atiende.tests.support.browser import chromium
from atiende.tests.support.running_atiende import RunningAtiende

from ..shared.harness import Figure, Run
from .import_steps import write_file

WHAT = "a base of 1 M rows × 10 columns (20,000) through the page of a running Atiende: in, updated, out, undone"
LONG = 3_600_000.0  # milliseconds
_PASSWORD = "una clave larga de prueba"
# How often the page showed another percentage, and the longest it stood still.
_WATCH = """(id) => {
  window.steps = 0;
  window.still = 0;
  let last = performance.now();
  new MutationObserver(() => {
    window.steps += 1;
    window.still = Math.max(window.still, performance.now() - last);
    last = performance.now();
  }).observe(document.getElementById(id), { subtree: true, childList: true, characterData: true });
}"""


async def bench(run: Run) -> list[Figure]:
    """Seconds of each step from the click to the page that says it is done, and the memory of the processes."""
    rows = run.size(1_000_000, 20_000, 500)
    folder = run.folder / "base_page"
    folder.mkdir(exist_ok=True)
    first, second = folder / "base.csv", folder / "changed.csv"
    write_file(first, rows)
    write_file(second, rows, add=1)
    with RunningAtiende() as atiende, _most_memory(atiende) as most:
        async with chromium() as browser:
            page = await browser.new_page(viewport={"width": 1280, "height": 800}, locale="es-CO")
            page.set_default_timeout(LONG)
            await _sign_in(page, atiende)
            figures = await _load(page, first, rows, "created", "in")
            figures += await _load(page, second, rows, "updated", "updated")
            figures.append(await _out(page, rows))
            figures += [await _undo(page, rows, "the update undone"), await _undo(page, rows, "the base undone")]
        used = [Figure(f"most memory of the {name}", most[name], "MB") for name in ("worker", "web")]
    return [*figures, *used]


async def _sign_in(page: Page, atiende: RunningAtiende) -> None:
    """The first administrator, by the printed link."""
    atiende.until(lambda: bool(_links(atiende)), 30)
    await page.goto(_links(atiende)[0])
    await page.get_by_label("Nombre y apellido").fill("Clara Muñoz")
    await page.get_by_label("Usuario").fill("clara")
    await page.get_by_label("Contraseña", exact=True).fill(_PASSWORD)
    await page.get_by_label("La misma, otra vez").fill(_PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url(lambda url: "primer-ingreso" not in url)


def _links(atiende: RunningAtiende) -> list[str]:
    return re.findall(r"http\S+/primer-ingreso\S+", "\n".join(atiende.output))


async def _load(page: Page, file: Path, rows: int, count: str, what: str) -> list[Figure]:
    """Archivo, Columnas, Prueba, Carga; every row must stand under `count` at the end."""
    await page.goto(re.sub(r"(//[^/]+).*", r"\1/bases/subir", page.url))
    await page.get_by_label("Nombre de la base").fill("Un millón")
    began = time.monotonic()
    await page.set_input_files("#file", str(file))
    await page.locator("#check").click()
    await page.locator("#run").wait_for()
    tried = time.monotonic() - began
    if await page.locator("#confirm-tick").is_visible():
        await page.locator("#confirm-tick").check()
    await page.evaluate(_WATCH, "load-percent")
    began = time.monotonic()
    await page.locator("#run").click()
    await page.locator("#load-percent", has_text=re.compile(r"^100")).wait_for()
    await page.locator("#undo").wait_for()
    stored = time.monotonic() - began
    shown = await page.locator(f'#step-load [data-count="{count}"]').inner_text()
    if int(shown.replace(".", "")) != rows:
        raise RuntimeError(f"{shown} rows were {count}, not {rows}")
    return [
        Figure(f"rows/s {what}: sent and tried without storing", rows / tried, "/s"),
        Figure(f"rows/s {what}: stored", rows / stored, "/s"),
        Figure(f"times that the page showed it go on, {what}", await page.evaluate("window.steps"), ""),
        Figure(f"longest that it stood still, {what}", await page.evaluate("window.still / 1000"), "s"),
    ]


async def _out(page: Page, rows: int) -> Figure:
    """The base as a CSV, from the click until the browser has it whole."""
    began = time.monotonic()
    async with page.expect_download() as waiting:
        await page.locator('a[href$="/export"]').first.click()
    download: Download = await waiting.value
    lines = await asyncio.to_thread(_lines, await download.path())
    if lines != rows + 1:
        raise RuntimeError(f"{lines} lines came out, {rows} and a header were to")
    return Figure("rows/s written out", rows / (time.monotonic() - began), "/s")


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(1 for _ in file)


async def _undo(page: Page, rows: int, what: str) -> Figure:
    """The newest upload there is, until the list says that it is undone."""
    undone = page.locator("#upload-rows tr.gone")
    before = await undone.count()
    began = time.monotonic()
    await page.locator('#upload-rows button[title^="Deshacer"]').first.click()
    await page.get_by_role("button", name="Deshacer la carga", exact=True).click()
    await undone.nth(before).wait_for()
    return Figure(f"rows/s: {what}", rows / (time.monotonic() - began), "/s")


@contextmanager
def _most_memory(atiende: RunningAtiende) -> Iterator[dict[str, float]]:
    """The most that each process had at a time, in MB; looked at twice a second."""
    most: dict[str, float] = {}
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.5):
            for name, pid in atiende.pids.items():
                try:
                    used = psutil.Process(pid).memory_info().rss / 2**20
                except psutil.NoSuchProcess:
                    continue
                most[name] = max(most.get(name, 0.0), used)

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    try:
        yield most
    finally:
        over.set()
        looking.join()
