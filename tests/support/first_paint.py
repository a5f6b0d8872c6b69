"""What a page does until it is live, as Chromium tells it: when it is, and what moves after the first paint."""

from __future__ import annotations

from playwright.async_api import Page

# For `add_init_script`: `shifts` grows by [value, what moved]; `liveAt` is milliseconds since the navigation began.
WATCH = """
window.shifts = [];
window.liveAt = 0;
new PerformanceObserver((list) => {
  for (const shift of list.getEntries()) {
    const moved = shift.sources.map(({ node, previousRect: was, currentRect: is }) =>
      `${node?.id || node?.className || node?.nodeName} ${was.x},${was.y} -> ${is.x},${is.y}`);
    window.shifts.push([shift.value, moved]);
  }
}).observe({ type: "layout-shift", buffered: true });
new MutationObserver(() => {
  const word = document.querySelector("#live, #w-live");
  if (!window.liveAt && word?.textContent.includes("en vivo")) window.liveAt = performance.now();
}).observe(document, { subtree: true, childList: true, characterData: true });
"""
REST = "new Promise((done) => requestAnimationFrame(() => setTimeout(done, 300)))"
FONT = """document.fonts.ready.then(() => document.fonts.check("16px 'Inter Variable'"))"""


async def come_to_rest(page: Page) -> float:
    """Wait until the page is live, has its typeface and was painted; milliseconds until it was live."""
    await page.locator("#live, #w-live", has_text="en vivo").wait_for()
    assert await page.evaluate(FONT), "the typeface is not there"
    await page.evaluate(REST)
    return float(await page.evaluate("window.liveAt"))


async def shifts(page: Page) -> tuple[float, list[str]]:
    """The cumulative layout shift of the page so far (web.dev/cls), and what moved."""
    seen: list[tuple[float, list[str]]] = await page.evaluate("window.shifts")
    return sum(value for value, _ in seen), [one for _, moved in seen for one in moved]
