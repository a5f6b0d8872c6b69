/** A row of the tree of results. */

import { _ } from "../lib/gettext.js";
import { numbers } from "../lib/page.js";
import { el, icon } from "../lib/text.js";
import { DOES } from "./effects.js";
import { decider, says } from "./tree.js";

/** Draw a result: whether it is `chosen` or `folded`, how often it was `used`, and the `most` that any was. */
export function resultRow({ one, above }, { chosen, folded, used, most }, { fold, choose }) {
  const does = decider([...above, one]);
  const inherited = does !== one;
  const [picture, word] =
    one.children.length && !says(one) && !does ? ["down", _("Cada hijo decide")] : DOES[does ? says(does) : ""];
  const bar = el("i");
  bar.style.width = `${(100 * used) / most}%`;
  const twist = one.children.length ? icon(folded.has(one.key) ? "cr" : "cd", "s") : null;
  const name = el(
    "p",
    { role: "gridcell", class: `row re-l${above.length + 1}` },
    el("span", { class: "tw" }, twist),
    el("i", { class: `sw k-${one.colour}` }),
    el("span", { class: above.length ? "cut" : "cut strong" }, one.name || _("(sin nombre)")),
  );
  const box = el(
    "div",
    {
      class: `grid item${one.key === chosen ? " seln" : ""}`,
      role: "row",
      "aria-level": above.length + 1,
      "aria-selected": String(one.key === chosen),
      "aria-expanded": one.children.length ? String(!folded.has(one.key)) : null,
      tabindex: one.key === chosen ? "0" : "-1",
      "data-key": one.key,
    },
    name,
    el(
      "p",
      { role: "gridcell", class: "row gap6" },
      el("span", { class: inherited ? "plain mut re-inherited" : "plain re-own" }, icon(picture), word),
    ),
    el("p", { role: "gridcell", class: "num" }, one.measure === null ? "–" : numbers.format(one.measure)),
    el(
      "p",
      { role: "gridcell", class: "row num" },
      el("span", { class: "meter re-meter", "aria-hidden": "true" }, bar),
      el("span", { class: "mut" }, numbers.format(used)),
    ),
    el("p", { role: "gridcell" }),
  );
  name
    .querySelector(".tw")
    .addEventListener("click", (event) => one.children.length && (event.stopPropagation(), fold(one.key)));
  box.addEventListener("click", () => choose(one.key));
  return box;
}
