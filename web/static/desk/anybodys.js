/** Appointments of any agent whose hour has come: above one's own list, for everybody who may take them (X2, X10). */

import { anybodysDue } from "../frame/may-take.js";
import { api } from "../lib/api.js";
import { now } from "../lib/clock.js";
import { place } from "../lib/list-motion.js";
import { allInside, copyOf, myId, at as placeOf } from "../lib/page.js";
import { Versions } from "../lib/versions.js";
import { fillMoment, fillRow } from "./case-row.js";
import { comparer } from "./order.js";
import { given } from "./rows.js";

/** @import { CaseRow } from "../lib/events.js" */

const list = placeOf("anybodys-rows");
const versions = new Versions();
/** @type {Map<number, CaseRow>} */
const rows = new Map();
/** @type {Map<number, HTMLElement>} */
const nodes = new Map();

const sorted = () => [...rows.values()].sort(comparer(given.section, now()));

/** Numbers of those that stand there, in their order. */
export const anybodys = () => sorted().map((row) => row.number);

/** One of them; undefined for any other case. @param {number} number */
export const rowOfAnybodys = (number) => rows.get(number);

/**
 * Take a newer row of a case: it comes, changes or goes.
 * @param {CaseRow} row
 * @param {string} at when it was so
 */
export function considerAnybodys(row, at) {
  if (given.section !== "assigned" || !versions.take("case", row.number, row.version)) return;
  if (given.campaign && row.campaign.id !== given.campaign) return;
  const known = rows.has(row.number);
  if (anybodysDue(row, Math.max(now(), Date.parse(at)))) rows.set(row.number, row);
  else if (!rows.delete(row.number) && !known) return;
  draw();
}

/** Read them again: events were missed. */
export async function readAnybodys() {
  if (given.section !== "assigned") return;
  const { value } = await api.get("/cases/due");
  if (!value) return;
  rows.clear();
  for (const row of value.items) put(row);
  draw();
}

/** @param {CaseRow} row */
function put(row) {
  if (given.campaign && row.campaign.id !== given.campaign) return;
  versions.know("case", row.number, row.version);
  rows.set(row.number, row);
}

/** What changes with the clock alone. */
export function tickAnybodys() {
  for (const [number, node] of nodes) fillMoment(node, /** @type {CaseRow} */ (rows.get(number)), { me: myId });
}

function draw() {
  const order = sorted();
  for (const number of [...nodes.keys()]) if (!rows.has(number)) nodes.delete(number);
  place(list, order.map(nodeOf));
  placeOf("anybodys").hidden = order.length === 0;
}

/** @param {CaseRow} row */
function nodeOf(row) {
  const node = nodes.get(row.number) ?? copyOf("row-template");
  nodes.set(row.number, node);
  fillRow(node, row, { me: myId });
  for (const inner of allInside(node, "a, button")) inner.tabIndex = 0;
  return node;
}

for (const row of given.due) put(row);
draw();
