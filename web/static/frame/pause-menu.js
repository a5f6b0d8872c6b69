/** The menu of the state pill: pauses to choose, the way back from one, the end of the shift. */

import { api } from "../lib/api.js";
import { _ } from "../lib/gettext.js";
import { el, icon } from "../lib/text.js";
import { changeState, endShift, inCall, me } from "./me.js";

/** @import { PersonRow } from "../lib/events.js" */
/** @typedef {{code: string, name: string, limit_seconds: number | null}} PauseReason */

/** @type {Record<string, string>} */
const PICTURES = {
  lunch: "fork",
  break: "cup",
  restroom: "user",
  bathroom: "user",
  meeting: "users",
  training: "book",
  fault: "tool",
  technical: "tool",
};

/** @type {Promise<PauseReason[]> | null} */
let reasons = null;

/** The reasons to pause for: asked for once, and only of a page whose menu is opened. */
async function pauseReasons() {
  const answer = await api.get("/pause-reasons");
  if (answer.refused) reasons = null;
  return answer.value?.items ?? answer.value ?? [];
}

/** Fill the menu for the state as it is now, and put the focus on its first entry. @param {HTMLElement} box */
export async function fillPauseMenu(box) {
  reasons ??= pauseReasons();
  const known = await reasons;
  const person = me();
  if (!person) return;
  box.replaceChildren(
    el("p", { class: "mh", role: "presentation" }, title(person)),
    ...entries(person, known),
    el("hr"),
    entry("exit", "", _("Terminar turno"), _("DESCONECTADO"), endShift),
    el("p", { class: "hint" }, _("EN GESTIÓN y EN LLAMADA los pone el sistema al abrir un caso o contestar.")),
  );
  /** @type {HTMLElement | null} */ (box.querySelector("[role=menuitem]"))?.focus();
}

/** @param {PersonRow} person @param {PauseReason[]} known */
function entries(person, known) {
  const wait = () => changeState({ state: "waiting" });
  const back = (person.state === "paused" || person.state === "wrap_up") && !inCall(person);
  const pending = person.pending_reason;
  return [
    ...(back ? [entry("ring", "c-green", _("Volver a EN ESPERA"), "", wait)] : []),
    ...(pending ? [entry("x", "", _("Quitar la pausa pedida"), pending, wait)] : []),
    ...(person.state === "paused" ? [] : known.map(pauseEntry)),
  ];
}

/** @param {PauseReason} reason */
const pauseEntry = (reason) =>
  entry(PICTURES[reason.code] ?? "pause", "c-amber", reason.name, limit(reason), () =>
    changeState({ state: "paused", reason: reason.code }),
  );

/** @param {PersonRow} person */
function title(person) {
  if (person.state === "paused") return _("Pausa");
  return person.state === "handling" || inCall(person) ? _("Pausar al terminar, por") : _("Pausar por");
}

/** @param {PauseReason} reason */
const limit = (reason) =>
  reason.limit_seconds ? _("%(n)s min", { n: Math.round(reason.limit_seconds / 60) }) : _("sin límite");

/** @param {string} picture @param {string} hue @param {string} word @param {string} end @param {() => unknown} does */
function entry(picture, hue, word, end, does) {
  return el(
    "button",
    { type: "button", class: "mi", role: "menuitem", onclick: does },
    el("span", {}, el("span", { class: hue }, icon(picture)), word),
    end && el("span", { class: "end" }, end),
  );
}
