/** The box that answers *por qué está aquí* beside a row. */
import { at } from "../lib/page.js";
import { whyInFull } from "./why.js";

/** @import { CaseRow } from "../lib/events.js" */

const box = at("why");

export const whyIsShown = () => !box.hidden;

/**
 * Show it for the row at `place` of `rows`, under its `node`.
 * @param {HTMLElement} node
 * @param {number} place
 * @param {CaseRow[]} rows
 */
export function showWhy(node, place, rows) {
  const row = rows[place];
  if (!row || !box.parentElement) return;
  box.replaceChildren(...whyInFull(row, place, rows));
  box.hidden = false;
  const frame = box.parentElement.getBoundingClientRect();
  const under = node.getBoundingClientRect().bottom - frame.top + 4;
  box.style.setProperty("top", `${Math.max(8, Math.min(under, frame.height - box.offsetHeight - 8))}px`);
  box.focus();
}

/** Take it away; whether it was there. */
export function hideWhy() {
  if (box.hidden) return false;
  box.hidden = true;
  return true;
}

document.addEventListener("pointerdown", (event) => box.contains(/** @type {Node} */ (event.target)) || hideWhy());
