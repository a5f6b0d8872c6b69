/** The row that is chosen: one stop of Tab with an inner cursor, which stays on its place when the row goes. */
import { attend } from "../case/attend.js";
import { heldByOther } from "./case-row.js";
import { cases, dropSeen, list, me, nodes, shown } from "./rows.js";

let selected = null;
let lastPlace = 0;

/** The number of the chosen row, or null. */
export const chosen = () => selected;

/** Choose a row; `focus` moves the keyboard there too. */
export function select(n, focus = true) {
  const before = nodes.get(selected);
  if (before && selected !== n) {
    before.classList.remove("sel");
    before.querySelector("[data-attend]").classList.remove("on");
    before.tabIndex = -1;
    for (const inner of before.querySelectorAll("a, button")) inner.tabIndex = -1;
  }
  selected = n;
  const node = nodes.get(n);
  if (!node) return;
  lastPlace = shown.order.indexOf(n);
  node.classList.add("sel");
  node.querySelector("[data-attend]").classList.add("on");
  node.tabIndex = 0;
  for (const inner of node.querySelectorAll("a, button")) inner.tabIndex = 0;
  if (focus) node.focus({ preventScroll: true });
  if (focus) node.scrollIntoView({ block: "nearest" });
}

/** After the rows changed: the same row, or the one that stands now where it stood. */
export function keepChoice() {
  const { order } = shown;
  select(order.includes(selected) ? selected : (order[Math.min(lastPlace, order.length - 1)] ?? null), false);
}

/** A row goes: the choice stays at its place. */
export const choiceStaysAt = (n) => (lastPlace = Math.max(0, shown.order.indexOf(n)));

const visible = () => shown.order.filter((n) => nodes.get(n) && !nodes.get(n).hidden);

/** Move the choice by so many rows; the first time it only takes the focus. */
export function step(by) {
  const all = visible();
  if (!all.length) return;
  const at = all.indexOf(selected);
  const here = nodes.get(selected)?.contains(document.activeElement);
  select(all[here || at < 0 ? Math.min(all.length - 1, Math.max(0, at + by)) : at]);
  dropSeen();
}

const free = (n) => !heldByOther(cases.get(n), me) && cases.get(n).status !== "closed";

/** The first row that is shown and free. */
export const firstFree = () => visible().find(free);

const nextFree = (n) => {
  const all = visible();
  return all.slice(all.indexOf(n) + 1).find(free) ?? all.find((other) => other !== n && free(other));
};

/** Atender; a closed case is only looked at. */
export const take = (n) =>
  n && (cases.get(n).status === "closed" ? location.assign(`/casos/${n}`) : attend(n, { next: nextFree }));

/** Choose and attend by the mouse. */
export function chooseByMouse() {
  list.addEventListener("click", (event) => {
    const node = event.target.closest("[data-number]");
    if (!node) return;
    const n = Number(node.dataset.number);
    select(n, !event.target.closest("a, button"));
    if (event.target.closest("[data-attend]")) take(n);
  });
  list.addEventListener("dblclick", (event) => {
    const node = event.target.closest("[data-number]");
    if (node && !event.target.closest("a, button") && free(Number(node.dataset.number)))
      take(Number(node.dataset.number));
  });
}
