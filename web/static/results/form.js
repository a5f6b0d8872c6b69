/** The form of one result: filled from it, and read into it. */

import { _ } from "../lib/gettext.js";
import { at, button, field, input, inputsInside } from "../lib/page.js";
import { setText } from "../lib/text.js";
import { effect, effectLine } from "./effects.js";
import { LEVELS, says } from "./tree.js";

/** @import { Place, Result } from "./tree.js" */

const FLAGS = /** @type {const} */ (["successful", "right_party", "clears_appointments"]);

/** Show the result at `place`, or nothing when there is none. @param {Place | null} place */
export function fillForm(place) {
  at("re-form").hidden = !place;
  if (!place) return;
  const { one, above } = place;
  setText(at("re-title"), one.name || _("(sin nombre)"));
  setText(at("re-above"), above.map((parent) => parent.name).join(", ") || _("Nivel 1, obligatorio"));
  if (document.activeElement !== at("re-name")) field("re-name").value = one.name;
  if (document.activeElement !== at("re-measure")) field("re-measure").value = String(one.measure ?? "");
  fillDoes(place);
  for (const radio of inputsInside(document, '[name="colour"]')) {
    radio.checked = radio.value === one.colour;
    radio.parentElement?.classList.toggle("on", radio.checked);
  }
  for (const flag of FLAGS) {
    const inherited = above.some((parent) => parent[flag]);
    input(`re-${flag}`).checked = one[flag] || inherited;
    input(`re-${flag}`).disabled = inherited;
  }
  at("re-effect").replaceChildren(...effectLine(_("Efecto:"), effect([...above, one])));
  allowMoves(place);
}

/** @param {Place} place */
function fillDoes({ one, above }) {
  for (const radio of inputsInside(document, '[name="does"]')) {
    radio.checked = radio.value === says(one);
    const option = radio.closest(".opt");
    option?.classList.toggle("on", radio.checked);
    option?.classList.toggle("dis", says(one) === "agenda" && !radio.checked);
  }
  const inherits = at("re-does").lastElementChild;
  inherits?.toggleAttribute("hidden", !above.length && !one.children.length);
  const word = above.length ? _("Lo que diga su nivel de arriba") : _("Cada hijo decide");
  setText(inherits?.querySelector("span"), word);
}

/** @param {Place} place */
function allowMoves({ above, index, siblings }) {
  const deepest = above.length + 1 >= LEVELS;
  button("re-child").disabled = deepest;
  button("re-out").disabled = !above.length;
  button("re-up").disabled = index === 0;
  button("re-down").disabled = index === siblings.length - 1;
  button("re-in").disabled = index === 0 || deepest;
}

/** Take what was changed in a field into the result. @param {HTMLInputElement} changed @param {Result} one */
export function readForm(changed, one) {
  const { id, name, value, checked } = changed;
  if (id === "re-name") one.name = value.trim();
  if (id === "re-measure") one.measure = /^-?\d+$/.test(value.trim()) ? Number(value) : null;
  if (name === "does") {
    one.schedules = value === "agenda";
    one.action = one.schedules ? null : value || null;
  }
  if (name === "colour") one.colour = value;
  for (const flag of FLAGS) if (id === `re-${flag}`) one[flag] = checked;
}
