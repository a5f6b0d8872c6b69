/** Tabs: arrows move, content stays mounted so that nothing typed is lost. */
import { onKey } from "./keys.js";

/** Make the tablist of the page work; Alt+1… choose too. */
export function tabs({ signal = null } = {}) {
  const all = [...document.querySelectorAll("[role=tab]")];
  const choose = (tab, focus = true) => {
    for (const other of all) {
      const chosen = other === tab;
      other.setAttribute("aria-selected", String(chosen));
      other.tabIndex = chosen ? 0 : -1;
      document.getElementById(other.getAttribute("aria-controls")).hidden = !chosen;
    }
    if (focus) tab.focus();
  };
  all.forEach((tab, i) => {
    tab.addEventListener("click", () => choose(tab));
    tab.addEventListener("keydown", (event) => {
      const to = { ArrowRight: i + 1, ArrowLeft: i - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      choose(all[to % all.length]);
    });
    onKey(`Alt+${i + 1}`, () => choose(tab), { signal });
  });
  return (id) => choose(document.getElementById(`tab-${id}`), false);
}
