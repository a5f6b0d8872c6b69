/**
 * Draws the desktop: rows in the order of X2, and what follows from them.
 *
 * While the list is read (scrolled, with the focus or the pointer in it), rows are changed in place and what would move
 * them waits.
 */

import { count } from "../frame/counters.js";
import { now } from "../lib/clock.js";
import { _, ngettext } from "../lib/gettext.js";
import { place, sliding } from "../lib/list-motion.js";
import { at, copyOf, inside, numbers } from "../lib/page.js";
import { setText } from "../lib/text.js";
import { firstFree, keepChoice } from "./choice.js";
import { LATER, orderKey } from "./order.js";
import { box, cases, comesBefore, firstOf, given, list, nodeOf, nodes, rowOf, shown, waiting } from "./rows.js";
import { filterRows } from "./screen-filter.js";
import { fewAreLeft, isLoading, more } from "./window.js";

const arrivedButton = at("arrived");
let pointerIn = false;

/** Whether the list is being read, so that nothing may move. */
export const reading = () => pointerIn || box.scrollTop > 4 || list.contains(document.activeElement);

box.addEventListener("pointerenter", () => {
  pointerIn = true;
});
box.addEventListener("pointerleave", () => {
  pointerIn = false;
  if (!reading()) arrange();
});

/** Put every row where it belongs. */
export function arrange() {
  waiting.clear();
  const rows = cases.sorted(now());
  shown.order = rows.map((row) => row.number);
  const pieces = rows.map(nodeOf);
  const later = rows.findIndex((row) => row.status !== "closed" && orderKey(row, now())[0] === LATER);
  if (later >= 0 && given.section !== "closed") pieces.splice(later, 0, divider());
  sliding([...nodes.values()], () => place(list, pieces));
  for (const known of [...nodes.keys()]) if (!cases.get(known)) nodes.delete(known);
  showWhatFollows();
}

/** @returns {HTMLElement} the line between cases of now and those that wait for their appointment */
const divider = () => list.querySelector("[data-gap]") ?? copyOf("gap-template");

/** What follows from the rows: selection, filter, counts, empty states, more rows when few are left. */
export function showWhatFollows() {
  keepChoice();
  filter();
  tellWaiting();
  showTotals();
  if (fewAreLeft()) more(arrange);
}

/** How many cases there are, and how many of them are on the screen. */
export function showTotals() {
  const all = given.items.length || shown.order.length ? Math.max(count(given.section), shown.order.length) : 0;
  const campaigns = new Set(shown.order.map((n) => rowOf(n).campaign.id)).size;
  const amount = ngettext("1 caso", "%(n)s casos", all, { n: numbers.format(all) });
  const total = campaigns > 1 ? _("%(cases)s en %(campaigns)s campañas", { cases: amount, campaigns }) : amount;
  setText(document.querySelector("[data-total]"), total);
  const visible = shown.order.filter((n) => !nodes.get(n)?.hidden).length;
  const words = { shown: numbers.format(visible), all: numbers.format(all) };
  setText(document.querySelector("[data-shown]"), _("En pantalla %(shown)s de %(all)s", words));
  document.getElementById("attend-first")?.toggleAttribute("disabled", !firstFree());
}

/** Say how many cases have come while the list was read. */
export function tellWaiting() {
  const n = waiting.size;
  arrivedButton.hidden = n === 0;
  if (!n) return;
  const inSight = shown.order.find((known) => (nodes.get(known)?.offsetTop ?? -1) >= box.scrollTop);
  const words = comesBefore(firstOf(waiting), inSight)
    ? ngettext("1 caso nuevo arriba", "%(count)s casos nuevos arriba", n)
    : ngettext("1 caso nuevo", "%(count)s casos nuevos", n);
  setText(inside(arrivedButton, "[data-word]"), words);
}

/** What is shown of the rows, and what is said when it is nothing. */
export function filter() {
  const rows = shown.order.map((n) => ({ row: rowOf(n), node: /** @type {HTMLElement} */ (nodes.get(n)) }));
  const filtering = filterRows(rows);
  inside(document, '[data-empty="none"]').hidden = shown.order.length > 0 || isLoading();
  list.querySelector("[data-gap]")?.toggleAttribute("hidden", filtering);
}
