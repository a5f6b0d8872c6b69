/** The keys of the tree: arrows walk and fold; with Alt and Shift they move the chosen result. */

import { allInside, at } from "../lib/page.js";
import { choose, chosenPlace, drop, fold, isFolded, move } from "./edited-tree.js";
import { indent, outdent, shift } from "./tree.js";

/** @import { Result } from "./tree.js" */

/** Do what a key says on the tree. @param {KeyboardEvent} event */
export function pressInTree(event) {
  const place = chosenPlace();
  if (!place) return;
  const rows = allInside(at("re-tree"), "[data-key]");
  const index = rows.findIndex((row) => Number(row.dataset.key) === place.one.key);
  const to = (/** @type {number} */ n) => choose(Number(rows[Math.max(0, Math.min(rows.length - 1, n))]?.dataset.key));
  const { altKey, shiftKey } = event;
  const { one, above } = place;
  /** @type {Record<string, () => unknown>} */
  const acts = {
    ArrowDown: () => (altKey ? moveDown() : to(index + 1)),
    ArrowUp: () => (altKey ? moveUp() : to(index - 1)),
    ArrowRight: () => (shiftKey ? move(indent) : goIn(one, () => to(index + 1))),
    ArrowLeft: () => (shiftKey ? move(outdent) : goOut(one, above)),
    Home: () => to(0),
    End: () => to(rows.length - 1),
    Enter: () => at("re-name").focus(),
    Delete: drop,
  };
  const does = acts[event.key];
  if (!does) return;
  event.preventDefault();
  does();
}

/** Move the chosen result before the sibling above it. */
export const moveUp = () => move((tree, key) => shift(tree, key, -1));
/** Move the chosen result after the sibling below it. */
export const moveDown = () => move((tree, key) => shift(tree, key, 1));

/** Unfold, or go to the first below. @param {Result} one @param {() => void} next */
function goIn(one, next) {
  if (isFolded()) fold(one.key, false);
  else if (one.children.length) next();
}

/** Fold, or go to the one above. @param {Result} one @param {Result[]} above */
function goOut(one, above) {
  const parent = above.at(-1);
  if (one.children.length && !isFolded()) fold(one.key, true);
  else if (parent) choose(parent.key);
}
