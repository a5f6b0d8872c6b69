/**
 * The present call in the bar: number, timer, Colgar (F4); and, in words, why a call one asked for did not come about.
 */

import { api } from "../lib/api.js";
import { duration, everySecond, now } from "../lib/clock.js";
import { _ } from "../lib/gettext.js";
import { onKey } from "../lib/keys.js";
import { announce, sayRefused, toast } from "../lib/layers.js";
import { live } from "../lib/live.js";
import { myId } from "../lib/page.js";
import { CALL_FAILURES } from "../lib/terms.js";
import { el, icon, setText } from "../lib/text.js";

/** @import { CallFailed, CallRow } from "../lib/events.js" */

/** @type {CallRow | null} */
let call = null; // the one that can be hung up
/** @type {{timer: HTMLElement, button: HTMLButtonElement} | null} */
let parts = null;

/** Begin: the words of failed calls, F4, the timer. */
export function callBar() {
  live.on("call.failed", (event) => event.agents.includes(myId) && failed(event));
  onKey("F4", () => (call ? hangUp() : false));
  everySecond(tick);
}

/**
 * Show the button and the timer for this call, or take them away (null).
 * @param {HTMLElement} box
 * @param {CallRow | null} newer
 */
export function showInBar(box, newer) {
  call = newer;
  if (!call) {
    parts?.timer.remove();
    parts?.button.remove();
    parts = null;
    return;
  }
  if (!parts) {
    const button = el(
      "button",
      { type: "button", class: "btn danger sm", title: _("Colgar (F4)"), onclick: hangUp },
      icon("hang", "s"),
      _("Colgar"),
    );
    parts = { timer: el("span", { class: "timer num" }), button };
    box.append(parts.timer, button);
  }
  tick();
}

/** What the bar says of a call that one made and that is not answered yet. @param {CallRow} asked */
export function progress(asked) {
  if (asked.phase === "dialing") return _("llamando a su teléfono…");
  return asked.rang_at ? _("timbra…") : _("conteste su teléfono");
}

function tick() {
  if (parts) setText(parts.timer, call?.answered_at ? duration(now() - Date.parse(call.answered_at)) : "");
}

async function hangUp() {
  const button = parts?.button;
  if (!call || button?.disabled) return;
  if (button) button.disabled = true;
  const answer = await api.post(`/calls/${call.id}/hangup`);
  if (button) button.disabled = false;
  if (answer.refused && answer.refused.code !== "call-over") sayRefused(answer.refused);
}

/** @param {CallFailed} event */
function failed(event) {
  const words = CALL_FAILURES[event.reason] ?? CALL_FAILURES.failed;
  const who = event.call.customer?.name ?? event.call.caller_shown;
  const cancelled = event.reason === "cancelled";
  toast(`${who}: ${words}`, { name: cancelled ? "hang" : "alert", hue: cancelled ? "grey" : "red" });
  announce(`${who}: ${words}`);
}
