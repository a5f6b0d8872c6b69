/** The rows of the desktop: which there are, in which order they stand on the page, which are new, the node of each. */
import { pageData } from "../lib/api.js";
import { now } from "../lib/clock.js";
import { fillMoment, fillRow } from "./case-row.js";
import { CaseWindow } from "./case-window.js";

const SEEN = 6000; // how long an arrival is shown as new once the page is looked at

export const me = Number(document.documentElement.dataset.me);
export const given = pageData("desk");
export const list = document.getElementById("rows");
export const box = document.getElementById("rows-box");
export const cases = new CaseWindow({ ...given, me });
export const nodes = new Map(
  [...list.querySelectorAll("[data-number]")].map((node) => [Number(node.dataset.number), node]),
);
/** Numbers as they stand on the page. */
export const shown = { order: [] };
/** Arrivals held back while the list is being read. */
export const waiting = new Set();
const fresh = new Map(); // number → when it stops being new

/** The node of a row, filled; made when there is none. */
export function nodeOf(row) {
  let node = nodes.get(row.number);
  if (!node) {
    node = document.getElementById("row-template").content.firstElementChild.cloneNode(true);
    nodes.set(row.number, node);
  }
  fillRow(node, row, { me, fresh: fresh.has(row.number) });
  node.classList.toggle("new", fresh.has(row.number));
  return node;
}

/** Change a row where it stands. */
export function refill(row) {
  const node = nodes.get(row.number);
  if (node) fillRow(node, row, { me, fresh: fresh.has(row.number) });
}

/** What changes on a row with the clock alone. */
export function tickRow(n) {
  const node = nodes.get(n);
  node.classList.toggle("new", fresh.has(n));
  fillMoment(node, cases.get(n), { me, fresh: fresh.has(n) });
}

/** It has just come, and is new until it was seen. */
export const arrived = (n) => fresh.set(n, 0);

/** It stands here no longer; the node it had. */
export function forget(n) {
  const node = nodes.get(n);
  fresh.delete(n);
  waiting.delete(n);
  nodes.delete(n);
  shown.order = shown.order.filter((other) => other !== n);
  return node;
}

/** What was on the page for long enough is new no longer. */
export function dropSeen() {
  for (const [n, until] of fresh) {
    if (!until && nodes.get(n)?.isConnected) fresh.set(n, Date.now() + SEEN);
    else if (until && until < Date.now()) fresh.delete(n);
  }
}

/** The first of these rows in the list's order. */
export const firstOf = (numbers) => cases.sorted(now()).find((row) => numbers.has(row.number))?.number;

/** Whether one row belongs before another. */
export const comesBefore = (one, other) => {
  const numbers = cases.sorted(now()).map((row) => row.number);
  return numbers.indexOf(one) < numbers.indexOf(other);
};
