/** The state pill, its timer, and the way back for who was sent off. */

import { duration, everySecond, now } from "../lib/clock.js";
import { _ } from "../lib/gettext.js";
import { menu } from "../lib/layers.js";
import { el, icon, setText } from "../lib/text.js";
import { banner } from "./connection.js";
import { changeState, inCall, me, onMe } from "./me.js";
import { fillPauseMenu } from "./pause-menu.js";

/** @import { PersonRow } from "../lib/events.js" */
/** @typedef {keyof typeof LOOKS} Shown */

const LOOKS = {
  waiting: { word: _("EN ESPERA"), icon: "ring", css: "st-espera" },
  handling: { word: _("EN GESTIÓN"), icon: "play", css: "st-gestion" },
  wrap_up: { word: _("TIPIFICANDO"), icon: "pencil", css: "st-tipificando" },
  paused: { word: _("EN PAUSA"), icon: "pause", css: "st-pausa" },
  offline: { word: _("DESCONECTADO"), icon: "x", css: "st-fuera" },
  call: { word: _("EN LLAMADA"), icon: "phone", css: "st-llamada" },
  late: { word: _("PAUSA PASADA"), icon: "bell", css: "st-alarma" },
};

/** @type {Shown | ""} */
let shown = "";

/** Show the state of this person, in step with its events and the clock. */
export function showAgentState() {
  onMe(draw);
  everySecond(tick);
}

/** @param {PersonRow} person @returns {Shown} */
function kind(person) {
  if (inCall(person)) return "call";
  const limit = person.reason_limit_seconds;
  const late = person.state === "paused" && limit && now() - Date.parse(person.since) > limit * 1000;
  return late ? "late" : person.state;
}

/** @param {PersonRow} person */
function lasted(person) {
  const since = inCall(person) && person.call_since ? person.call_since : person.since;
  return duration(now() - Date.parse(since));
}

function tick() {
  const person = me();
  if (!person) return;
  if (kind(person) !== shown) draw(person);
  const timer = document.querySelector("#statebox .timer");
  if (timer) setText(timer, lasted(person));
}

/** @param {PersonRow} person */
function draw(person) {
  const place = document.getElementById("statebox");
  if (!place) return;
  shown = kind(person);
  const look = LOOKS[shown];
  if (place.querySelector(".menu:not([hidden])")) return; // being chosen from: redrawn at its end
  offerReturn();
  const parts = pillParts(person, shown);
  if (shown === "offline") return place.replaceChildren(el("span", { class: `state ${look.css}` }, parts));
  const button = el(
    "button",
    { type: "button", class: `state ${look.css}`, id: "state", "aria-haspopup": "menu", "aria-expanded": "false" },
    parts,
    icon("cd", "s"),
  );
  const box = el("div", { class: "menu", role: "menu", "aria-label": _("Estado del agente"), hidden: true });
  place.replaceChildren(button, box);
  menu(button, box, { opened: () => fillPauseMenu(box) });
  return undefined;
}

/** @param {PersonRow} person @param {Shown} as */
function pillParts(person, as) {
  const reason = person.state === "paused" && person.reason && as !== "call" ? ` · ${person.reason}` : "";
  const pending = person.pending_reason;
  return [
    icon(LOOKS[as].icon, "s"),
    el("span", {}, LOOKS[as].word, reason),
    as === "offline" ? null : el("span", { class: "timer" }, lasted(person)),
    pending ? el("span", { class: "meta pending" }, _("luego %(reason)s", { reason: pending })) : null,
  ];
}

/**
 * An agent who is DESCONECTADO at a living screen was away for too long, or was sent off: they are told, and may come
 * back.
 */
function offerReturn() {
  if (shown !== "offline") return banner("shift", null);
  return banner("shift", {
    hue: "amber",
    picture: "alert",
    title: _("Está DESCONECTADO."),
    sentence: _("Su pantalla estuvo sin conexión o un supervisor terminó su turno."),
    action: el(
      "button",
      { type: "button", class: "btn sm", onclick: () => changeState({ state: "waiting" }) },
      icon("ring"),
      _("Volver a EN ESPERA"),
    ),
  });
}
