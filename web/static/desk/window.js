/** Rows from the server: the next page below, and the whole window once more. */
import { api } from "../lib/api.js";
import { keepingPlace } from "../lib/list-motion.js";
import { inside } from "../lib/page.js";
import { box, cases, given, list } from "./rows.js";

/** @import { CasePage } from "./case-window.js" */

const REFILL = 0.8; // refill when fewer than this part of a page is left
const PAGE = 50;
const JITTER = 2000;
let loading = false;
let soon = 0;

/** Whether a page is on its way. */
export const isLoading = () => loading;

/** Whether the window has become so small that the next page is wanted. */
export const fewAreLeft = () => Boolean(cases.next) && cases.size < PAGE * REFILL;

/** @param {string | null} cursor @returns {Promise<CasePage | null>} */
async function ask(cursor) {
  const query = new URLSearchParams({ section: given.section });
  if (given.campaign) query.set("campaign", String(given.campaign));
  if (cursor) query.set("next", cursor);
  return (await api.get(`/cases?${query}`)).value;
}

/** The next page, below. @param {() => void} arrange */
export async function more(arrange) {
  if (loading || !cases.next) return;
  loading = true;
  const skeleton = inside(document, "[data-skeleton]");
  const slow = setTimeout(() => skeleton.removeAttribute("hidden"), 300);
  const page = await ask(cases.next);
  clearTimeout(slow);
  skeleton.hidden = true;
  loading = false;
  if (!page) return;
  cases.extend(page.items, page.next);
  arrange();
}

/** Read the whole window again: events were missed, or many rows changed at once. @param {() => void} arrange */
export async function refetch(arrange) {
  const wanted = Math.max(PAGE, cases.size);
  /** @type {CasePage["items"]} */
  const items = [];
  /** @type {string | null} */
  let next = null;
  do {
    /** @type {CasePage | null} */
    const page = await ask(next);
    if (!page) return;
    items.push(...page.items);
    next = page.next;
  } while (next && items.length < wanted);
  cases.replace(items, next);
  if (box.scrollTop <= 4) arrange();
  else keepingPlace(box, list, arrange);
}

/** Read once for a burst of events, and not on all screens at the same moment. @param {() => unknown} read */
export function refetchSoon(read) {
  clearTimeout(soon);
  soon = setTimeout(read, 200 + Math.random() * JITTER);
}
