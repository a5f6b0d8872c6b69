/** The form of one result: filled from it, and read into it. */

import { _ } from "../lib/gettext.js";
import { at } from "../lib/page.js";
import { setText } from "../lib/text.js";
import { effect, effectLine } from "./effects.js";
import { LEVELS, says } from "./tree.js";

const FLAGS = ["successful", "right_party", "clears_appointments"];

/** Show the result at `place` (of `find`), or nothing when there is none. */
export function fillForm(place) {
  at("re-form").hidden = !place;
  if (!place) return;
  const { one, above } = place;
  setText(at("re-title"), one.name || _("(sin nombre)"));
  setText(at("re-above"), above.map((parent) => parent.name).join(", ") || _("Nivel 1, obligatorio"));
  if (document.activeElement !== at("re-name")) at("re-name").value = one.name;
  if (document.activeElement !== at("re-measure")) at("re-measure").value = one.measure ?? "";
  for (const radio of document.querySelectorAll('[name="does"]')) {
    radio.checked = radio.value === says(one);
    radio.closest(".opt").classList.toggle("on", radio.checked);
    radio.closest(".opt").classList.toggle("dis", says(one) === "agenda" && !radio.checked);
  }
  at("re-does").lastElementChild.hidden = !above.length && !one.children.length;
  setText(
    at("re-does").lastElementChild.querySelector("span"),
    above.length ? _("Lo que diga su nivel de arriba") : _("Cada hijo decide"),
  );
  for (const radio of document.querySelectorAll('[name="colour"]')) {
    radio.checked = radio.value === one.colour;
    radio.parentElement.classList.toggle("on", radio.checked);
  }
  for (const flag of FLAGS) {
    const inherited = above.some((parent) => parent[flag]);
    at(`re-${flag}`).checked = one[flag] || inherited;
    at(`re-${flag}`).disabled = inherited;
  }
  at("re-effect").replaceChildren(...effectLine(_("Efecto:"), effect([...above, one])));
  at("re-child").disabled = above.length + 1 >= LEVELS;
  at("re-out").disabled = !above.length;
  at("re-up").disabled = place.index === 0;
  at("re-down").disabled = place.index === place.siblings.length - 1;
  at("re-in").disabled = place.index === 0 || above.length + 1 >= LEVELS;
}

/** Take what was changed in the field `target` into the result. */
export function readForm(target, one) {
  if (target.id === "re-name") one.name = target.value.trim();
  if (target.id === "re-measure") one.measure = /^-?\d+$/.test(target.value.trim()) ? Number(target.value) : null;
  if (target.name === "does")
    [one.schedules, one.action] = target.value === "agenda" ? [true, null] : [false, target.value || null];
  if (target.name === "colour") one.colour = target.value;
  for (const flag of FLAGS) if (target.id === `re-${flag}`) one[flag] = target.checked;
}
