/** What choosing a result does, in words and with its picture (X19). */

import { _ } from "../lib/gettext.js";
import { RESULT_ACTIONS } from "../lib/terms.js";
import { el, icon } from "../lib/text.js";
import { decider, says } from "./tree.js";

/** @import { Result } from "./tree.js" */
/** @typedef {{icon: string, name: string, effect: string}} Does */

const AGENDA = { icon: "cal", name: _("Agenda"), effect: _("el agente pone fecha y hora; no se marca antes.") };
const NOTHING = {
  icon: "minus",
  name: _("Sin acción"),
  effect: _("ningún nivel dice otra cosa; al finalizar, el caso se cierra."),
};

/**
 * What this result says: icon, short word, sentence; null when nobody says anything.
 * @param {Result | null} one
 * @returns {Does}
 */
export function does(one) {
  const said = one ? says(one) : "";
  return said === "agenda" ? AGENDA : (RESULT_ACTIONS[said] ?? NOTHING);
}

/** What choosing the last of `path` does, and which level decides it. @param {Result[]} path */
export function effect(path) {
  const by = decider(path);
  const { icon: picture, effect: sentence } = does(by);
  const from = by && by !== path.at(-1) ? _(" Lo decide «%(name)s».", { name: by.name }) : "";
  const clears = path.some((one) => one.clears_appointments) ? _(" Borra las citas anteriores.") : "";
  return { picture, sentence: `${sentence}${from}${clears}` };
}

/**
 * The content of a line that tells an effect, after a word in bold.
 * @param {string} word
 * @param {{picture: string, sentence: string}} told
 */
export const effectLine = (word, { picture, sentence }) => [
  icon(picture),
  el("span", {}, el("b", { class: "strong" }, word), " ", sentence),
];
