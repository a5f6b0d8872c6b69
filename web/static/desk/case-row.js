/** Fills a row of desk/case_row.html from a CaseRow: the same piece for the page and for what is pushed. */

import { showPressure } from "../contact/pressure.js";
import { ago, dateOf, day, hour, now, numericDay, when } from "../lib/clock.js";
import { _ } from "../lib/gettext.js";
import { el, icon, setText } from "../lib/text.js";
import { DUE, LATER, orderKey } from "./order.js";
import { whyWords } from "./why.js";

export const SERVICE = {
  active: ["check", "k-green", _("Activo")],
  suspended: ["pause", "k-amber", _("Suspendido")],
  in_arrears: ["coin", "k-red", _("Moroso")],
  withdrawn: ["exit", "k-grey", _("Retirado")],
};
export const PRIORITY = {
  urgent: ["alert", "k-red", _("Urgente")],
  high: ["up", "k-amber", _("Alta")],
  normal: ["right", "", _("Normal")],
  low: ["down", "", _("Baja")],
};
const CHANNEL = {
  call: ["phone", _("llamada")],
  whatsapp: ["wa", _("WhatsApp")],
  sms: ["sms", _("SMS")],
  email: ["mail", _("correo")],
};
export const OUTCOME = {
  answered: _("llamada"),
  no_answer: _("no contestó"),
  busy: _("ocupado"),
  failed: _("no salió"),
  inbound: _("nos llamó"),
};

/** Icon and word without ground. */
export const plain = ([picture, hue, word]) => el("span", { class: `plain ${hue}`.trim() }, icon(picture), word);

/** "18 nov 18:02, no contestó" */
export function contactWords(contact) {
  const [, medium] = CHANNEL[contact.channel] ?? ["", contact.channel];
  return `${when(contact.at)}, ${OUTCOME[contact.outcome] ?? (contact.outcome || medium)}`;
}

/** Whether another person has it open now. */
export const heldByOther = (row, me) => Boolean(row.holder && row.holder.id !== me);

/** Show `row` in `node`; `fresh` = it has just arrived and was not seen yet. */
export function fillRow(node, row, { me, fresh = false }) {
  const at = (field) => node.querySelector(`[data-field="${field}"]`);
  node.dataset.number = row.number;
  node.dataset.version = row.version;
  const name = at("name");
  setText(name, row.customer.name);
  name.href = `/clientes/${row.customer.id}`;
  setText(
    at("phones"),
    row.phones
      .slice(0, 2)
      .map((phone) => phone.shown)
      .join(" · "),
  );
  setText(at("plan"), row.account?.plan ?? row.campaign.name);
  swap(at("service"), row.service_state, () => (SERVICE[row.service_state] ? plain(SERVICE[row.service_state]) : ""));
  setText(at("account"), accountWords(row.account));
  swap(at("priority"), row.priority, () => plain(PRIORITY[row.priority]));
  fillMoment(node, row, { me, fresh });
}

/** What changes with the clock alone: pressure, due or not, how long ago. */
export function fillMoment(node, row, { me, fresh = false }) {
  const at = (field) => node.querySelector(`[data-field="${field}"]`);
  const group = orderKey(row, now())[0];
  const held = heldByOther(row, me);
  const closed = row.status === "closed";
  node.classList.toggle("due", group === DUE && !closed);
  node.classList.toggle("later", group === LATER && !closed);
  node.classList.toggle("held", held);
  showPressure(node, row.pressure, now());
  showAppointment(at("appointment"), row, group, me);
  showContact(at("contact"), row.last_contact);
  const words = fresh && row.assigned_at ? arrived(row) : whyWords(row, me);
  swap(at("why"), JSON.stringify(words), () => [
    words.strong ? el("b", { class: `strong ${words.hue ?? ""}`.trim() }, words.word) : words.word,
    words.rest ?? "",
  ]);
  setText(at("detail"), words.detail ?? "");
  const button = node.querySelector("[data-attend]");
  if (!button) return;
  button.disabled = held;
  setText(button, closed ? _("Ver") : held ? _("Ocupado") : row.holder ? _("Seguir") : _("Atender"));
}

const arrived = (row) => ({
  word: _("Nuevo"),
  strong: true,
  hue: "c-blue",
  rest: row.assigned_by ? _(", de %(name)s", { name: row.assigned_by }) : "",
  detail: ago(row.assigned_at),
});

function accountWords(account) {
  if (!account) return "";
  if (account.extension_until) return _("prórr. %(day)s", { day: numericDay(account.extension_until) });
  return account.cut_off_date ? _("corte %(day)s", { day: day(account.cut_off_date) }) : "";
}

function showAppointment(place, row, group, me) {
  const due = row.next_contact_at;
  const near = due && dateOf(due) === dateOf(now());
  const mine = row.next_contact_agent_id === me ? _(", para mí") : "";
  const moment = due && (near ? _("Hoy %(hour)s", { hour: hour(due) }) : when(due));
  const words = !due ? _("Sin cita") : group === DUE ? `${moment}, ${ago(due)}` : moment + mine;
  swap(place, words, () =>
    due
      ? el(
          "span",
          { class: `plain inherits ${group === DUE ? "k-amber" : ""}`.trim() },
          icon(group === DUE ? "clock" : "cal"),
          words,
        )
      : el("span", { class: "mut" }, words),
  );
}

function showContact(place, contact) {
  const words = contact ? contactWords(contact) : _("Nunca contactado");
  swap(place, words, () => [
    contact && CHANNEL[contact.channel] ? icon(CHANNEL[contact.channel][0], "s") : "",
    el("span", { class: "cut" }, words),
  ]);
}

/** Draw a place anew only when what it says is another thing. */
function swap(place, key, draw) {
  if (!place || place.dataset.says === String(key)) return;
  place.dataset.says = key;
  place.replaceChildren(...[draw()].flat().filter((piece) => piece !== ""));
}
