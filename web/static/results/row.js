/** A row of the tree of results. */

import { _ } from "../lib/gettext.js";
import { numbers } from "../lib/page.js";
import { el, icon } from "../lib/text.js";
import { does } from "./effects.js";
import { decider, says } from "./tree.js";

/** @import { Place, Result } from "./tree.js" */

/**
 * Draw a result.
 * @param {Place} place
 * @param {{chosen: number | null, folded: Set<number>, used: number, most: number}} state how often it was `used`, and
 *   the `most` that any was
 * @param {{fold: (key: number) => void, choose: (key: number) => void}} acts
 */
export function resultRow({ one, above }, { chosen, folded, used, most }, { fold, choose }) {
  const isChosen = one.key === chosen;
  const parent = one.children.length > 0;
  const box = el(
    "div",
    {
      class: `grid item${isChosen ? " seln" : ""}`,
      role: "row",
      "aria-level": above.length + 1,
      "aria-selected": String(isChosen),
      "aria-expanded": parent ? String(!folded.has(one.key)) : null,
      tabindex: isChosen ? "0" : "-1",
      "data-key": one.key,
    },
    nameCell(one, above.length, parent ? twist(folded.has(one.key), () => fold(one.key)) : null),
    doesCell(one, above),
    el("p", { role: "gridcell", class: "num" }, one.measure === null ? "–" : numbers.format(one.measure)),
    useCell(used, most),
    el("p", { role: "gridcell" }),
  );
  box.addEventListener("click", () => choose(one.key));
  return box;
}

/** What folds and unfolds those below. @param {boolean} folded @param {() => void} fold */
function twist(folded, fold) {
  const made = el("span", { class: "tw" }, icon(folded ? "cr" : "cd", "s"));
  made.addEventListener("click", (event) => {
    event.stopPropagation();
    fold();
  });
  return made;
}

/** @param {Result} one @param {number} level @param {HTMLElement | null} twisted */
const nameCell = (one, level, twisted) =>
  el(
    "p",
    { role: "gridcell", class: `row re-l${level + 1}` },
    twisted ?? el("span", { class: "tw" }),
    el("i", { class: `sw k-${one.colour}` }),
    el("span", { class: level ? "cut" : "cut strong" }, one.name || _("(sin nombre)")),
  );

/** @param {Result} one @param {Result[]} above */
function doesCell(one, above) {
  const by = decider([...above, one]);
  const { icon: picture, name } =
    one.children.length && !says(one) && !by ? { icon: "down", name: _("Cada hijo decide") } : does(by);
  const look = by === one ? "plain re-own" : "plain mut re-inherited";
  return el("p", { role: "gridcell", class: "row gap6" }, el("span", { class: look }, icon(picture), name));
}

/** @param {number} used @param {number} most */
function useCell(used, most) {
  const bar = el("i");
  bar.style.width = `${(100 * used) / most}%`;
  return el(
    "p",
    { role: "gridcell", class: "row num" },
    el("span", { class: "meter re-meter", "aria-hidden": "true" }, bar),
    el("span", { class: "mut" }, numbers.format(used)),
  );
}
