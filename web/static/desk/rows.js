/** The rows of the desktop: which there are, in which order they stand on the page, which are new, the node of each. */

import { now } from "../lib/clock.js";
import { allInside, at, copyOf, myId, pageData } from "../lib/page.js";
import { fillMoment, fillRow } from "./case-row.js";
import { CaseWindow } from "./case-window.js";

/** @import { CaseRow } from "../lib/events.js" */
/** @import { CasePage } from "./case-window.js" */

const SEEN = 6000; // how long an arrival is shown as new once the page is looked at

/** @type {CasePage & {campaign: number | null, due: CaseRow[]}} `due`: appointments of any agent whose hour has come */
export const given = pageData("desk");
export const list = at("rows");
export const box = at("rows-box");
export const cases = new CaseWindow({ ...given, me: myId });
/** The node of each row, by its number. */
export const nodes = new Map(allInside(list, "[data-number]").map((node) => [Number(node.dataset.number), node]));
/** @type {{order: number[]}} numbers as they stand on the page */
export const shown = { order: [] };
/** Arrivals held back while the list is being read. @type {Set<number>} */
export const waiting = new Set();
/** @type {Map<number, number>} */
const fresh = new Map(); // number → when it stops being new

/** @param {number} n */
const seen = (n) => ({ me: myId, fresh: fresh.has(n) });

/** The row of a number that stands on the page. @param {number} n */
export function rowOf(n) {
  const row = cases.get(n);
  if (!row) throw new Error(`No row ${n} on the page.`);
  return row;
}

/** The node of a row, filled; made when there is none. @param {CaseRow} row */
export function nodeOf(row) {
  let node = nodes.get(row.number);
  if (!node) {
    node = copyOf("row-template");
    nodes.set(row.number, node);
  }
  fillRow(node, row, seen(row.number));
  node.classList.toggle("new", fresh.has(row.number));
  return node;
}

/** Change a row where it stands. @param {CaseRow} row */
export function refill(row) {
  const node = nodes.get(row.number);
  if (node) fillRow(node, row, seen(row.number));
}

/** What changes on a row with the clock alone. @param {number} n */
export function tickRow(n) {
  const node = nodes.get(n);
  if (!node) return;
  node.classList.toggle("new", fresh.has(n));
  fillMoment(node, rowOf(n), seen(n));
}

/** It has just come, and is new until it was seen. @param {number} n */
export const arrived = (n) => fresh.set(n, 0);

/** It stands here no longer; the node it had. @param {number} n */
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

/** The first of these rows in the list's order. @param {Set<number>} numbers */
export const firstOf = (numbers) => cases.sorted(now()).find((row) => numbers.has(row.number))?.number;

/** Whether one row belongs before another. @param {number | undefined} one @param {number | undefined} other */
export const comesBefore = (one, other) => {
  const numbers = cases.sorted(now()).map((row) => row.number);
  return numbers.indexOf(one ?? -1) < numbers.indexOf(other ?? -1);
};
