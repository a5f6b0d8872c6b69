/** The present call in the bar: number, timer, Colgar (F4); and, in words, why a call one asked for did not come about. */

import { api } from "../lib/api.js";
import { duration, everySecond, now } from "../lib/clock.js";
import { _ } from "../lib/gettext.js";
import { onKey } from "../lib/keys.js";
import { announce, toast } from "../lib/layers.js";
import { live } from "../lib/live.js";
import { el, icon, setText } from "../lib/text.js";

const FAILURES = {
  busy: _("El número está ocupado."),
  no_answer: _("El cliente no contestó."),
  declined: _("El cliente rechazó la llamada."),
  no_such_number: _("Ese número no existe."),
  unreachable: _("El teléfono está apagado o fuera de cobertura."),
  congestion: _("No hay líneas libres. Intente de nuevo en un momento."),
  cancelled: _("Se colgó antes de que el cliente contestara."),
  agent_no_answer: _("Su teléfono sonó y no se contestó: no se llamó al cliente."),
  agent_declined: _("Su teléfono rechazó la llamada: no se llamó al cliente."),
  agent_unavailable: _("Su teléfono no está conectado a la central: no se llamó al cliente."),
  refused: _("La central telefónica no aceptó la llamada."),
  pbx_lost: _("La central telefónica no responde: no se llamó al cliente."),
  expired: _("La central telefónica tardó demasiado: no se llamó al cliente."),
  lost: _("No se supo más de la llamada."),
  failed: _("La llamada no se pudo hacer."),
};

const myId = Number(document.documentElement.dataset.me);
let call = null; // the one that can be hung up
let parts = null;

/** Begin: the words of failed calls, F4, the timer. */
export function callBar() {
  live.on("call.failed", (event) => event.agents.includes(myId) && failed(event));
  onKey("F4", () => (call ? hangUp() : false));
  everySecond(tick);
}

/** Show the button and the timer for this call, or take them away (null). */
export function showInBar(box, newer) {
  call = newer;
  if (!call) {
    parts?.forEach((part) => part.remove());
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
    parts = [el("span", { class: "timer num" }), button];
    box.append(...parts);
  }
  tick();
}

/** What the bar says of a call that one made and that is not answered yet. */
export function progress(asked) {
  if (asked.phase === "dialing") return _("llamando a su teléfono…");
  return asked.rang_at ? _("timbra…") : _("conteste su teléfono");
}

function tick() {
  if (parts) setText(parts[0], call.answered_at ? duration(now() - Date.parse(call.answered_at)) : "");
}

async function hangUp() {
  const button = parts?.[1];
  if (!call || button?.disabled) return;
  if (button) button.disabled = true;
  const answer = await api.post(`/calls/${call.id}/hangup`);
  if (button) button.disabled = false;
  if (answer.refused && answer.refused.code !== "call-over")
    toast(answer.refused.message, { name: "alert", hue: "red" });
}

function failed(event) {
  const words = FAILURES[event.reason] ?? FAILURES.failed;
  const who = event.call.customer?.name ?? event.call.caller_shown;
  const cancelled = event.reason === "cancelled";
  toast(`${who}: ${words}`, { name: cancelled ? "hang" : "alert", hue: cancelled ? "grey" : "red" });
  announce(`${who}: ${words}`);
}
