/** Contact data: shown big (S0-09), a contact by each medium registered with one press (S2-24), one more added (S3-13). */
import { _ } from "./words.js";
import { api, intention } from "./api.js";
import { el, icon } from "./text.js";
import { toast } from "./layers.js";

const KINDS = { mobile: ["phone", _("Celular")], landline: ["phone", _("Fijo")], email: ["mail", _("Correo")], address: ["flag", _("Dirección")], social: ["user", _("Red social")] };
const REACHED_BY = { mobile: ["call", "whatsapp", "sms"], landline: ["call", "whatsapp"], email: ["email"], address: [], social: [] };
/** The media that reach one of these points. */
export const reaching = (points) => new Set(points.flatMap((point) => REACHED_BY[point.kind] ?? []));
const MEDIA = { call: ["phone", _("Registrar llamada")], whatsapp: ["wa", _("Registrar WhatsApp")], sms: ["sms", _("Registrar SMS")], email: ["mail", _("Registrar correo")] };

/**
 * Draw `points` into `place`. `attempt(channel, point)` registers a contact, or is null for who only looks;
 * `refused` says of each medium that a rule or the customer forbids why it does: {call: "…"}.
 */
export function showPoints(place, points, { attempt = null, refused = {}, most = Infinity, next = null } = {}) {
  const shown = points.slice(0, most);
  if (!shown.length) return place.replaceChildren(el("p", { class: "pad sec" }, _("No hay datos de contacto.")));
  return place.replaceChildren(...shown.map((point) => row(point, attempt, refused, next)));
}

function row(point, attempt, refused, next) {
  const [picture, kind] = KINDS[point.kind] ?? ["user", point.kind];
  const buttons = attempt ? (REACHED_BY[point.kind] ?? []).map((channel) => register(channel, point, attempt, refused[channel])) : [];
  const phone = point.kind === "mobile" || point.kind === "landline";
  return el(
    "div",
    { class: "point", "data-point": point.id },
    el("span", { class: "eico small" }, icon(picture)),
    el("div", { class: "grow" }, el("p", { class: phone ? "big num" : "read" }, point.shown), el("p", { class: "meta" }, [kind, point.label, next && next === point.value && _("pedido para esta gestión")].filter(Boolean).join(" · "))),
    el("div", { class: "row gap6" }, buttons),
  );
}

function register(channel, point, attempt, refused) {
  const [picture, word] = MEDIA[channel];
  const label = `${word}: ${refused || point.shown}`;
  const button = el("button", { type: "button", class: "btn sm", "data-channel": channel, disabled: Boolean(refused), title: label, "aria-label": label }, icon(refused && channel === "call" ? "no" : picture, "s"), channel === "call" ? word : "");
  const key = { now: intention() };
  button.addEventListener("click", async () => {
    button.disabled = true;
    await attempt(channel, point, key.now);
    key.now = intention();
    button.disabled = false;
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
    const answer = await api.post(`/customers/${customerId}/contact-points`, { kind: field("kind").value, value: field("value").value, label: field("label").value });
    if (answer.refused) return fail(answer.refused.message);
    box.close();
    field("value").value = "";
    field("label").value = "";
    toast(_("Dato de contacto agregado."));
    return added(answer.value);
  });
}
