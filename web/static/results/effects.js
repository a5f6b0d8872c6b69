/** What choosing a result does, in words and with its picture (X19). */

import { _ } from "../lib/gettext.js";
import { el, icon } from "../lib/text.js";
import { decider, says } from "./tree.js";

/** By what a result says: icon, short word, sentence. */
export const DOES = {
  agenda: ["cal", _("Agenda"), _("el agente pone fecha y hora; no se marca antes.")],
  redial: ["refresh", _("Rellamar"), _("vuelve al final de la lista con el mismo teléfono.")],
  redial_alternative: ["swap", _("Rellamar alternativo"), _("vuelve al final de la lista con el siguiente teléfono.")],
  none: ["minus", _("Sin acción"), _("al finalizar, el caso se cierra con este resultado.")],
  never_again: ["no", _("No volver a llamar"), _("se cierran las llamadas a este cliente.")],
  "": ["minus", _("Sin acción"), _("ningún nivel dice otra cosa; al finalizar, el caso se cierra.")],
};

/** What choosing the last of `path` does, and which level decides it. */
export function effect(path) {
  const by = decider(path);
  const [picture, , sentence] = DOES[by ? says(by) : ""];
  const from = by && by !== path.at(-1) ? _(" Lo decide «%(name)s».", { name: by.name }) : "";
  const clears = path.some((one) => one.clears_appointments) ? _(" Borra las citas anteriores.") : "";
  return { picture, sentence: `${sentence}${from}${clears}` };
}

/** The content of a line that tells an effect, after a word in bold. */
export const effectLine = (word, { picture, sentence }) => [
  icon(picture),
  el("span", {}, el("b", { class: "strong" }, word), " ", sentence),
];
