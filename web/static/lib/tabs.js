/** Tabs: arrows move, content stays mounted so that nothing typed is lost. */
import { onKey } from "./keys.js";
import { allInside, at } from "./page.js";

/**
 * Make the tablist of the page work; Alt+1… choose too.
 * @param {{signal?: AbortSignal | null}} [options]
 * @returns {(id: string) => void} shows the tab with this name without moving the focus
 */
export function tabs({ signal = null } = {}) {
  const all = allInside(document, "[role=tab]");
  const choose = (/** @type {HTMLElement} */ tab, focus = true) => {
    for (const other of all) {
      const chosen = other === tab;
      other.setAttribute("aria-selected", String(chosen));
      other.tabIndex = chosen ? 0 : -1;
      at(other.getAttribute("aria-controls") ?? "").hidden = !chosen;
    }
    if (focus) tab.focus();
  };
  all.forEach((tab, i) => {
    tab.addEventListener("click", () => choose(tab));
    tab.addEventListener("keydown", (event) => {
      /** @type {Record<string, number>} */
      const places = { ArrowRight: i + 1, ArrowLeft: i - 1 + all.length, Home: 0, End: all.length - 1 };
      const to = places[event.key];
      if (to === undefined) return;
      event.preventDefault();
      choose(/** @type {HTMLElement} */ (all[to % all.length]));
    });
    onKey(`Alt+${i + 1}`, () => choose(tab), { signal });
  });
  return (id) => choose(at(`tab-${id}`), false);
}
