/** The row that is chosen: one stop of Tab with an inner cursor, which stays on its place when the row goes. */
import { attend } from "../frame/attend.js";
import { mayTake } from "../frame/may-take.js";
import { allInside, around, at, inside } from "../lib/page.js";
import { anybodys, rowOfAnybodys } from "./anybodys.js";
import { dropSeen, list, nodes, rowOf, shown } from "./rows.js";

/** @type {number | null} */
let selected = null;
let lastPlace = 0;

/** @param {number | null} n */
const nodeOf = (n) => (n === null ? undefined : nodes.get(n));

/** The number of the chosen row, or null. */
export const chosen = () => selected;

/** Choose a row; `focus` moves the keyboard there too. @param {number | null} n */
export function select(n, focus = true) {
  const before = nodeOf(selected);
  if (before && selected !== n) {
    mark(before, false);
  }
  selected = n;
  const node = nodeOf(n);
  if (!node || n === null) return;
  lastPlace = shown.order.indexOf(n);
  mark(node, true);
  if (focus) node.focus({ preventScroll: true });
  if (focus) node.scrollIntoView({ block: "nearest" });
}

/** @param {HTMLElement} node @param {boolean} on */
function mark(node, on) {
  node.classList.toggle("sel", on);
  inside(node, "[data-attend]").classList.toggle("on", on);
  node.tabIndex = on ? 0 : -1;
  for (const inner of allInside(node, "a, button")) inner.tabIndex = node.tabIndex;
}

/** After the rows changed: the same row, or the one that stands now where it stood. */
export function keepChoice() {
  const { order } = shown;
  const there = selected !== null && order.includes(selected);
  select(there ? selected : (order[Math.min(lastPlace, order.length - 1)] ?? null), false);
}

/** A row goes: the choice stays at its place. @param {number} n */
export function choiceStaysAt(n) {
  lastPlace = Math.max(0, shown.order.indexOf(n));
}

const visible = () => shown.order.filter((n) => nodes.get(n)?.hidden === false);

/** Move the choice by so many rows; the first time it only takes the focus. @param {number} by */
export function step(by) {
  const all = visible();
  if (!all.length) return;
  const at = all.indexOf(selected ?? -1);
  const here = nodeOf(selected)?.contains(document.activeElement);
  const to = here || at < 0 ? Math.min(all.length - 1, Math.max(0, at + by)) : at;
  select(all[to] ?? null);
  dropSeen();
}

/** @param {number} n */
const rowAt = (n) => rowOfAnybodys(n) ?? rowOf(n);

/** @param {number} n */
const free = (n) => mayTake(rowAt(n));

/** What could be taken, in its order: what is due for anybody stands above one's own. */
const candidates = () => [...anybodys(), ...visible()].filter(free);

/** The first case that this person may take. */
export const firstFree = () => candidates()[0];

/** The one to offer when this one turns out to be taken. @param {number} n */
const nextFree = (n) => {
  const all = [...anybodys(), ...visible()];
  return all.slice(all.indexOf(n) + 1).find(free) ?? candidates().find((other) => other !== n);
};

/** Atender; what cannot be taken is only looked at. @param {number | null | undefined} n */
export function take(n) {
  if (!n) return undefined;
  return free(n) ? attend(n, { next: nextFree }) : location.assign(`/casos/${n}`);
}

/** Choose and attend by the mouse. */
export function chooseByMouse() {
  list.addEventListener("click", (event) => {
    const node = around(event, "[data-number]");
    if (!node) return;
    const n = Number(node.dataset.number);
    select(n, !around(event, "a, button"));
    if (around(event, "[data-attend]")) take(n);
  });
  list.addEventListener("dblclick", (event) => {
    const n = Number(around(event, "[data-number]")?.dataset.number);
    if (n && !around(event, "a, button") && free(n)) take(n);
  });
  at("anybodys").addEventListener("click", (event) => {
    const node = around(event, "[data-attend]") && around(event, "[data-number]");
    if (node) take(Number(node.dataset.number));
  });
}
