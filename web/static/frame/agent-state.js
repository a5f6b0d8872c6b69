/** The state pill, its timer and the menu of pauses. The server decides the state; this shows it and asks. */

import { api } from "../lib/api.js";
import { whenOver } from "../lib/case-end.js";
import { duration, everySecond, now } from "../lib/clock.js";
import { _ } from "../lib/gettext.js";
import { menu, toast } from "../lib/layers.js";
import { live } from "../lib/live.js";
import { el, icon, setText } from "../lib/text.js";
import { banner } from "./connection.js";

const LOOKS = {
  waiting: { word: _("EN ESPERA"), icon: "ring", css: "st-espera" },
  handling: { word: _("EN GESTIÓN"), icon: "play", css: "st-gestion" },
  wrap_up: { word: _("TIPIFICANDO"), icon: "pencil", css: "st-tipificando" },
  paused: { word: _("EN PAUSA"), icon: "pause", css: "st-pausa" },
  offline: { word: _("DESCONECTADO"), icon: "x", css: "st-fuera" },
  call: { word: _("EN LLAMADA"), icon: "phone", css: "st-llamada" },
  late: { word: _("PAUSA PASADA"), icon: "bell", css: "st-alarma" },
};
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

let person = null;
let shown = "";
let reasons = null;
const listeners = new Set();

/** Who this is now, as the newest event says. */
export const me = () => person;

/** Hear each newer state of this person. */
export function onMe(listener, { signal = null } = {}) {
  listeners.add(listener);
  whenOver(signal, () => listeners.delete(listener));
  if (person) listener(person);
}

/** Begin with what the page was drawn with; follow the events. */
export function showAgentState(first) {
  take(first);
  live.on("agent.state_changed", (event) => event.agent.id === person.id && take(event.agent, event.healed));
  live.refetch(readAgain);
  everySecond(tick);
}

async function readAgain() {
  const answer = await api.get("/me");
  if (!answer.refused) take(answer.value);
}

/** Take a newer state of this person, from an event or an answer. */
export function take(newer, healed = null) {
  if (person && newer.version < person.version) return;
  person = newer;
  draw();
  if (healed) toast(_("La central no coincidía con el servidor: ya se corrigió."), { name: "swap", hue: "amber" });
  for (const listener of listeners) listener(person);
}

const inCall = () => person.call === "talking" || person.call === "held";

function kind() {
  if (inCall()) return "call";
  const limit = person.reason_limit_seconds;
  const late = person.state === "paused" && limit && now() - Date.parse(person.since) > limit * 1000;
  return late ? "late" : person.state;
}

const since = () => Date.parse(inCall() && person.call_since ? person.call_since : person.since);

function tick() {
  if (!person) return;
  if (kind() !== shown) draw();
  const timer = document.querySelector("#statebox .timer");
  if (timer) setText(timer, duration(now() - since()));
}

function draw() {
  const place = document.getElementById("statebox");
  if (!place) return;
  shown = kind();
  const look = LOOKS[shown];
  const reason = person.state === "paused" && person.reason && shown !== "call" ? ` · ${person.reason}` : "";
  const timer = shown === "offline" ? null : el("span", { class: "timer" }, duration(now() - since()));
  const asked = person.pending_reason
    ? el("span", { class: "meta pending" }, _("luego %(reason)s", { reason: person.pending_reason }))
    : null;
  const parts = [icon(look.icon, "s"), el("span", {}, look.word, reason), timer, asked];
  if (place.querySelector(".menu:not([hidden])")) return; // being chosen from: redrawn at its end
  offerReturn();
  if (shown === "offline") return place.replaceChildren(el("span", { class: `state ${look.css}` }, parts));
  const button = el(
    "button",
    { type: "button", class: `state ${look.css}`, id: "state", "aria-haspopup": "menu", "aria-expanded": "false" },
    parts,
    icon("cd", "s"),
  );
  const box = el("div", { class: "menu", role: "menu", "aria-label": _("Estado del agente"), hidden: true });
  place.replaceChildren(button, box);
  menu(button, box, { opened: () => fillMenu(box) });
}

/** Who is DESCONECTADO at a living screen was away for too long, or was sent off: he is told, and may come back. */
function offerReturn() {
  if (shown !== "offline") return banner("shift", null);
  const back = el(
    "button",
    { type: "button", class: "btn sm", onclick: () => change({ state: "waiting" }) },
    icon("ring"),
    _("Volver a EN ESPERA"),
  );
  return banner(
    "shift",
    "amber",
    "alert",
    _("Está DESCONECTADO."),
    _("Su pantalla estuvo sin conexión o un supervisor terminó su turno."),
    back,
  );
}

/** The reasons to pause for: asked for once, and only of a page whose menu is opened. */
async function pauseReasons() {
  const answer = await api.get("/pause-reasons");
  if (answer.refused) reasons = null;
  return answer.value?.items ?? answer.value ?? [];
}

async function fillMenu(box) {
  const known = await (reasons ??= pauseReasons());
  const rows = [el("p", { class: "mh", role: "presentation" }, title())];
  const back = person.state === "paused" || person.state === "wrap_up";
  if (back && !inCall())
    rows.push(entry("ring", "c-green", _("Volver a EN ESPERA"), "", () => change({ state: "waiting" })));
  if (person.pending_reason)
    rows.push(entry("x", "", _("Quitar la pausa pedida"), person.pending_reason, () => change({ state: "waiting" })));
  if (person.state !== "paused")
    for (const reason of known)
      rows.push(
        entry(PICTURES[reason.code] ?? "pause", "c-amber", reason.name, limit(reason), () =>
          change({ state: "paused", reason: reason.code }),
        ),
      );
  rows.push(el("hr"), entry("exit", "", _("Terminar turno"), _("DESCONECTADO"), endShift));
  rows.push(el("p", { class: "hint" }, _("EN GESTIÓN y EN LLAMADA los pone el sistema al abrir un caso o contestar.")));
  box.replaceChildren(...rows);
  box.querySelector("[role=menuitem]")?.focus();
}

const busy = () => person.state === "handling" || inCall();
const title = () => (person.state === "paused" ? _("Pausa") : busy() ? _("Pausar al terminar, por") : _("Pausar por"));
const limit = (reason) =>
  reason.limit_seconds ? _("%(n)s min", { n: Math.round(reason.limit_seconds / 60) }) : _("sin límite");

function entry(picture, hue, word, end, does) {
  return el(
    "button",
    { type: "button", class: "mi", role: "menuitem", onclick: does },
    el("span", {}, el("span", { class: hue }, icon(picture)), word),
    end && el("span", { class: "end" }, end),
  );
}

async function change(wanted) {
  const answer = await api.post("/agents/me/state", wanted);
  if (answer.refused) toast(answer.refused.message, { name: "alert", hue: "red" });
  else if (answer.value?.id === person.id) take(answer.value);
}

/** Sign out: the state becomes DESCONECTADO and the sign-in page opens. */
export async function endShift() {
  const answer = await api.delete("/session");
  if (answer.refused && answer.refused.code === "offline")
    return toast(answer.refused.message, { name: "alert", hue: "red" });
  return location.assign("/");
}
