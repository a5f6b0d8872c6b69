/**
 * A page that the server draws whole: read again when something of it changed, and put in the place of what stands
 * there. The focus stays where it was; nothing is touched when nothing changed, or while the page is not looked at.
 */
import { live } from "./live.js";
import { at } from "./page.js";

/** @import { EventType } from "./events.js" */

const SOON = 400; // milliseconds in which events are one
const REST = 3000; // between two readings

/**
 * @param {readonly EventType[]} events after which the page may read otherwise
 * @param {{every?: number, drawn?: () => void}} [options] `every` so many milliseconds in any case: what time changes
 */
export function redrawOn(events, { every = 0, drawn = () => {} } = {}) {
  let timer = 0;
  let last = 0;
  let shown = at("redrawn").innerHTML;
  const soon = () => {
    if (timer) return;
    timer = setTimeout(read, Math.max(SOON, last + REST - Date.now()));
  };
  async function read() {
    timer = 0;
    if (document.hidden) return;
    last = Date.now();
    const fresh = await readPage();
    if (!fresh || fresh.innerHTML === shown) return;
    shown = fresh.innerHTML;
    put(fresh);
    drawn();
  }
  for (const event of events) live.on(event, soon);
  live.refetch(read);
  document.addEventListener("visibilitychange", soon);
  if (every) setInterval(soon, every);
}

/** The page's `#redrawn` as the server draws it now; null when it does not answer with this page. */
async function readPage() {
  try {
    const response = await fetch(location.href, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    if (!response.ok || response.redirected) return null;
    return new DOMParser().parseFromString(await response.text(), "text/html").getElementById("redrawn");
  } catch {
    return null;
  }
}

/** @param {HTMLElement} fresh */
function put(fresh) {
  const focused = focusPath();
  const scrolled = at("main").scrollTop;
  at("redrawn").replaceWith(document.adoptNode(fresh));
  at("main").scrollTop = scrolled;
  if (focused) /** @type {HTMLElement | null} */ (at("redrawn").querySelector(focused))?.focus({ preventScroll: true });
}

/** A selector of what has the focus inside the drawn part; null when nothing there has it. */
function focusPath() {
  const { activeElement: one } = document;
  if (!one || !at("redrawn").contains(one)) return null;
  if (one.id) return `#${CSS.escape(one.id)}`;
  const href = one.getAttribute("href");
  return href ? `a[href="${CSS.escape(href)}"]` : null;
}
