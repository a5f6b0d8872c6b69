/** The cascade as the agent has it, to be tried: level after level, and what saving would do. */

import { _ } from "../lib/gettext.js";
import { el } from "../lib/text.js";
import { effect, effectLine } from "./effects.js";
import { LEVELS } from "./tree.js";

const place = document.getElementById("re-agent");
let tree = [];
let tried = []; // keys of what was chosen, level 1 first

/** Show this tree from its first level on. */
export function tryAnew(other) {
  tried = [];
  drawAgent(other);
}

/** Show the tree as it is now, if this is looked at. */
export function drawAgent(other = tree) {
  tree = other;
  if (place.hidden) return;
  const path = [];
  let level = tree;
  const steps = [];
  for (let n = 0; level.length && n < LEVELS; n++) {
    const picked = level.find((one) => one.key === tried[n]);
    if (!picked) {
      steps.push(
        el(
          "div",
          { class: "opts" },
          level.map((one, i) => option(one, i, n)),
        ),
      );
      break;
    }
    const again = el(
      "button",
      { type: "button", class: "btn quiet sm end", onclick: () => pick(n, null) },
      _("Cambiar"),
    );
    steps.push(
      el(
        "div",
        { class: "step" },
        el("span", { class: "l" }, n + 1),
        el("i", { class: `sw k-${picked.colour}` }),
        el("b", {}, picked.name),
        again,
      ),
    );
    path.push(picked);
    level = picked.children;
  }
  const told = path.length
    ? effect(path)
    : { picture: "info", sentence: _("elija un resultado del primer nivel: sin él no se puede finalizar.") };
  place.replaceChildren(
    el("h2", {}, _("Resultado")),
    el("div", { class: "path" }, steps),
    el("p", { class: "effect" }, effectLine(_("Al guardar:"), told)),
  );
}

const option = (one, i, n) =>
  el(
    "button",
    { type: "button", class: "opt re-opt", onclick: () => pick(n, one.key) },
    el("kbd", {}, i + 1),
    el("i", { class: `sw k-${one.colour}` }),
    one.name,
  );

function pick(n, key) {
  tried = [...tried.slice(0, n), ...(key ? [key] : [])];
  drawAgent();
  place.querySelector("button.opt, .step:last-of-type .btn")?.focus();
}

/** Press the option `n` (1…9) of the level that is open. */
export const pressOption = (n) => place.querySelectorAll("button.opt")[n - 1]?.click();
