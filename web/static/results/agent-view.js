/** The cascade as the agent has it, to be tried: level after level, and what saving would do. */

import { _ } from "../lib/gettext.js";
import { allInside, at } from "../lib/page.js";
import { el } from "../lib/text.js";
import { effect, effectLine } from "./effects.js";
import { LEVELS } from "./tree.js";

/** @import { Result } from "./tree.js" */

const place = at("re-agent");
/** @type {Result[]} */
let tree = [];
/** @type {number[]} */
let tried = []; // keys of what was chosen, level 1 first

/** Show this tree from its first level on. @param {Result[]} other */
export function tryFromStart(other) {
  tried = [];
  drawAgent(other);
}

/** Show the tree as it is now, if this is looked at. @param {Result[]} other */
export function drawAgent(other = tree) {
  tree = other;
  if (place.hidden) return;
  const path = triedPath();
  const level = path.at(-1)?.children ?? tree;
  const steps = path.map(step);
  const options = level.map((one, i) => option(one, i, path.length));
  const told = path.length
    ? effect(path)
    : { picture: "info", sentence: _("elija un resultado del primer nivel: sin él no se puede finalizar.") };
  place.replaceChildren(
    el("h2", {}, _("Resultado")),
    el(
      "div",
      { class: "path" },
      steps,
      options.length && path.length < LEVELS ? el("div", { class: "opts" }, options) : null,
    ),
    el("p", { class: "effect" }, effectLine(_("Al guardar:"), told)),
  );
}

/** The results that were chosen, as far as the tree still has them. */
function triedPath() {
  /** @type {Result[]} */
  const path = [];
  let level = tree;
  for (const key of tried) {
    const picked = level.find((one) => one.key === key);
    if (!picked) break;
    path.push(picked);
    level = picked.children;
  }
  return path;
}

/** @param {Result} picked @param {number} n */
function step(picked, n) {
  const again = el("button", { type: "button", class: "btn quiet sm end", onclick: () => pick(n, null) }, _("Cambiar"));
  return el(
    "div",
    { class: "step" },
    el("span", { class: "l" }, n + 1),
    el("i", { class: `sw k-${picked.colour}` }),
    el("b", {}, picked.name),
    again,
  );
}

/** @param {Result} one @param {number} i @param {number} n its level */
const option = (one, i, n) =>
  el(
    "button",
    { type: "button", class: "opt re-opt", onclick: () => pick(n, one.key) },
    el("kbd", {}, i + 1),
    el("i", { class: `sw k-${one.colour}` }),
    one.name,
  );

/** @param {number} n level @param {number | null} key */
function pick(n, key) {
  tried = [...tried.slice(0, n), ...(key ? [key] : [])];
  drawAgent();
  allInside(place, "button.opt, .step:last-of-type .btn")[0]?.focus();
}

/** Press the option `n` (1…9) of the level that is open. @param {number} n */
export const pressOption = (n) => allInside(place, "button.opt")[n - 1]?.click();
