/** The box of the bar that shows this person's phone: ready, ringing, in a call. */

import { _ } from "../lib/gettext.js";
import { setText } from "../lib/text.js";
import { progress, showInBar } from "./call-bar.js";
import { dialledCall, myCall, ringingCall } from "./calls.js";

/** @import { PersonRow } from "../lib/events.js" */

/** @type {Record<string, string>} */
const PHONE = {
  registered: _("lista"),
  ready: _("lista"),
  idle: _("lista"),
  in_use: _("en uso"),
  ringing: _("suena"),
  unregistered: _("sin conexión"),
  unavailable: _("sin conexión"),
};

/** Draw the box for this person and the present calls. @param {PersonRow | null} person */
export function drawPhone(person) {
  const box = document.getElementById("phonebox");
  if (!box || !person) return;
  const ringing = ringingCall();
  const dialled = dialledCall();
  const talking = person.call === "talking" || person.call === "held" || Boolean(dialled);
  const present = dialled ?? myCall();
  showInBar(box, ringing ? null : (present ?? null));
  box.classList.toggle("ring", Boolean(ringing));
  box.classList.toggle("on", talking && !ringing);
  const extension = person.extension ?? "";
  const state = PHONE[person.phone] ?? _("sin datos");
  box.title = talking || ringing ? "" : _("Interno %(extension)s: %(state)s", { extension, state });
  const words = talking ? present?.caller_shown || _("En llamada") : _("Interno %(extension)s", { extension });
  setText(box.querySelector("[data-words]"), ringing ? _("Llamada entrante") : words);
  setText(box.querySelector("[data-state]"), dialled && !ringing ? progress(dialled) : stateWord(person, talking));
}

/** @param {PersonRow} person @param {boolean} talking */
function stateWord(person, talking) {
  if (!talking && !ringingCall()) return PHONE[person.phone] ?? "";
  return person.call === "held" ? _("en espera") : "";
}
