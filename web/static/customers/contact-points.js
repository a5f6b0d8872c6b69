/** Contact data: shown big (S0-09), a contact by each medium registered with one press (S2-24), one more added (S3-13). */

import { api, intention } from "../lib/api.js";
import { _ } from "../lib/gettext.js";
import { toast } from "../lib/layers.js";
import { el, icon } from "../lib/text.js";

const KINDS = {
  mobile: ["phone", _("Celular")],
  landline: ["phone", _("Fijo")],
  email: ["mail", _("Correo")],
  address: ["flag", _("Dirección")],
  social: ["user", _("Red social")],
};
const REACHED_BY = {
  mobile: ["call", "whatsapp", "sms"],
  landline: ["call", "whatsapp"],
  email: ["email"],
  address: [],
  social: [],
};
/** The media that reach one of these points. */
export const reaching = (points) => new Set(points.flatMap((point) => REACHED_BY[point.kind] ?? []));
const MEDIA = {
  call: ["phone", _("Registrar llamada")],
  whatsapp: ["wa", _("Registrar WhatsApp")],
  sms: ["sms", _("Registrar SMS")],
  email: ["mail", _("Registrar correo")],
};

/**
 * Draw `points` into `place`. `attempt(channel, point)` registers a contact, or is null for who only looks;
 * `call(point, key)` calls a phone, or is null for who has none to call with;
 * `refused` says of each medium that a rule or the customer forbids why it does: {call: "…"}.
 */
export function showPoints(
  place,
  points,
  { attempt = null, call = null, refused = {}, most = Infinity, next = null } = {},
) {
  const shown = points.slice(0, most);
  if (!shown.length) return place.replaceChildren(el("p", { class: "pad sec" }, _("No hay datos de contacto.")));
  return place.replaceChildren(
    ...shown.map((point) => row(point, point === shown.find(isPhone), { attempt, call, refused, next })),
  );
}

const isPhone = (point) => point.kind === "mobile" || point.kind === "landline";

function row(point, first, { attempt, call, refused, next }) {
  const [picture, kind] = KINDS[point.kind] ?? ["user", point.kind];
  const buttons = attempt
    ? (REACHED_BY[point.kind] ?? []).map((channel) =>
        register(channel, point, attempt, refused[channel], Boolean(call)),
      )
    : [];
  const phone = isPhone(point);
  if (phone && call) buttons.unshift(dialler(point, call, refused.call, first));
  return el(
    "div",
    { class: "point", "data-point": point.id },
    el("span", { class: "eico small" }, icon(picture)),
    el(
      "div",
      { class: "grow" },
      el("p", { class: phone ? "big num" : "read" }, point.shown),
      el(
        "p",
        { class: "meta" },
        [kind, point.label, next && next === point.value && _("pedido para esta gestión")].filter(Boolean).join(" · "),
      ),
    ),
    el("div", { class: "row gap6" }, buttons),
  );
}

/** The button that calls: the one thing a phone number is for (S3-64). Of several, the first is the screen's solid one. */
function dialler(point, call, refused, first) {
  const button = el("button", {
    type: "button",
    class: "btn sm",
    "data-dial": point.id,
    "data-phone": point.shown,
    "data-refused": refused ?? "",
    "data-first": String(first),
  });
  drawDialler(button);
  return pressedOnce(
    button,
    (key) => call(point, key),
    () => drawDialler(button),
  );
}

let inCall = false;

/** During a call nothing else is dialled: the buttons are quiet and say why, and are as before when it is over. */
export function duringCall(now) {
  inCall = now;
  document.querySelectorAll("[data-dial]").forEach(drawDialler);
}

function drawDialler(button) {
  const { refused, phone, first } = button.dataset;
  const busy = inCall && !refused;
  const word = busy ? _("En llamada") : _("Llamar");
  const label = busy
    ? `${word}. ${_("Ya tiene una llamada. Termínela antes de hacer otra.")}`
    : refused || _("Llamar a %(phone)s", { phone });
  button.disabled = Boolean(refused) || busy;
  button.classList.toggle("primary", first === "true" && !button.disabled);
  button.title = label;
  button.setAttribute("aria-label", label);
  button.replaceChildren(icon(refused ? "no" : "phone", "s"), word);
}

function register(channel, point, attempt, refused, iconOnly) {
  const [picture, word] = MEDIA[channel];
  const label = `${word}: ${refused || point.shown}`;
  const button = el(
    "button",
    {
      type: "button",
      class: "btn sm",
      "data-channel": channel,
      disabled: Boolean(refused),
      title: label,
      "aria-label": label,
    },
    icon(refused && channel === "call" ? "no" : iconOnly && channel === "call" ? "check" : picture, "s"),
    channel === "call" && !iconOnly ? word : "",
  );
  return pressedOnce(button, (key) => attempt(channel, point, key));
}

/** While it is being done the button is dead, and each press that had an answer is a new intention. */
function pressedOnce(button, does, done = () => (button.disabled = false)) {
  const key = { now: intention() };
  button.addEventListener("click", async () => {
    button.disabled = true;
    await does(key.now);
    key.now = intention();
    done();
  });
  return button;
}

/** The dialog that adds a datum to the customer; `added(point)` gets it. */
export function contactDialog(customerId, added) {
  const box = document.getElementById("contact-dialog");
  const field = (id) => document.getElementById(`contact-${id}`);
  const fail = (sentence) => {
    field("error").hidden = !sentence;
    field("error").querySelector("span").textContent = sentence ?? "";
    field("value").classList.toggle("bad", Boolean(sentence));
  };
  for (const button of document.querySelectorAll("[data-add-contact]"))
    button.addEventListener("click", () => {
      fail("");
      box.showModal();
      field("value").focus();
    });
  box.querySelector("[data-cancel]").addEventListener("click", () => box.close());
  box.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await api.post(`/customers/${customerId}/contact-points`, {
      kind: field("kind").value,
      value: field("value").value,
      label: field("label").value,
    });
    if (answer.refused) return fail(answer.refused.message);
    box.close();
    field("value").value = "";
    field("label").value = "";
    toast(_("Dato de contacto agregado."));
    return added(answer.value);
  });
}
