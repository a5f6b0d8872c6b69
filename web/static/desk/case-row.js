/** Fills a row of desk/case_row.html from a CaseRow: the same piece for the page and for what is pushed. */

import { showPressure } from "../contact/pressure.js";
import { contactWords, priorityWord, serviceWord } from "../contact/words.js";
import { heldByOther, mayTake } from "../frame/may-take.js";
import { ago, dateOf, day, hour, now, numericDay, when } from "../lib/clock.js";
import { _ } from "../lib/gettext.js";
import { CHANNELS } from "../lib/terms.js";
import { el, icon, setText } from "../lib/text.js";
import { DUE, LATER, orderKey } from "./order.js";
import { whyWords } from "./why.js";

/** @import { AccountRow, CaseRow, Contact } from "../lib/events.js" */
/** @import { WhyWords } from "./why.js" */
/** @typedef {{me: number, fresh?: boolean}} Seen `fresh`: the row has just arrived and was not seen yet */
/** @typedef {Node | string | null} Piece */

/** @param {HTMLElement} node @param {string} field @returns {HTMLElement | null} */
const part = (node, field) => node.querySelector(`[data-field="${field}"]`);

/** Show `row` in `node`. @param {HTMLElement} node @param {CaseRow} row @param {Seen} seen */
export function fillRow(node, row, seen) {
  node.dataset.number = String(row.number);
  node.dataset.version = String(row.version);
  const name = /** @type {HTMLAnchorElement} */ (part(node, "name"));
  setText(name, row.customer.name);
  name.href = `/clientes/${row.customer.id}`;
  const phones = row.phones.slice(0, 2).map((phone) => phone.shown);
  setText(part(node, "phones"), phones.join(" · "));
  setText(part(node, "plan"), row.account?.plan ?? row.campaign.name);
  const service = row.account ? row.service_state : ""; // without an account there is no service to speak of
  swap(part(node, "service"), service, () => [row.account ? serviceWord(service) : _("Sin cuenta")]);
  setText(part(node, "account"), accountWords(row.account));
  swap(part(node, "priority"), row.priority, () => [priorityWord(row.priority)]);
  fillMoment(node, row, seen);
}

/**
 * Show what changes with the clock alone: pressure, due or not, how long ago.
 * @param {HTMLElement} node
 * @param {CaseRow} row
 * @param {Seen} seen
 */
export function fillMoment(node, row, { me, fresh = false }) {
  const group = orderKey(row, now())[0];
  const closed = row.status === "closed";
  node.classList.toggle("due", group === DUE && !closed);
  node.classList.toggle("later", group === LATER && !closed);
  node.classList.toggle("held", heldByOther(row));
  showPressure(node, row.pressure, now());
  showAppointment(part(node, "appointment"), row, group === DUE, me);
  showContact(part(node, "contact"), row.last_contact);
  showWhy(node, fresh && row.assigned_at ? arrivedWords(row, row.assigned_at) : whyWords(row, me));
  showButton(node.querySelector("[data-attend]"), row);
}

/** @param {HTMLElement} node @param {WhyWords} words */
function showWhy(node, words) {
  const look = `strong ${words.hue ?? ""}`.trim();
  swap(part(node, "why"), JSON.stringify(words), () => [
    words.strong ? el("b", { class: look }, words.word) : words.word,
    words.rest ?? "",
  ]);
  setText(part(node, "detail"), words.detail);
}

/**
 * Say what a press will do: take it, go on with it, or only look.
 * @param {HTMLButtonElement | null} button
 * @param {CaseRow} row
 */
function showButton(button, row) {
  if (!button) return;
  button.disabled = heldByOther(row);
  if (button.disabled) setText(button, _("Ocupado"));
  else if (!mayTake(row)) setText(button, _("Ver"));
  else setText(button, row.holder ? _("Seguir") : _("Atender"));
}

/** @param {CaseRow} row @param {string} at @returns {WhyWords} */
const arrivedWords = (row, at) => ({
  word: _("Nuevo"),
  strong: true,
  hue: "c-blue",
  rest: row.assigned_by ? _(", de %(name)s", { name: row.assigned_by }) : "",
  detail: ago(at),
});

/** @param {AccountRow | null} account */
function accountWords(account) {
  if (!account) return "";
  if (account.extension_until) return _("prórr. %(day)s", { day: numericDay(account.extension_until) });
  return account.cut_off_date ? _("corte %(day)s", { day: day(account.cut_off_date) }) : "";
}

/** @param {HTMLElement | null} place @param {CaseRow} row @param {boolean} due @param {number} me */
function showAppointment(place, row, due, me) {
  const at = row.next_contact_at;
  if (!at) return swap(place, _("Sin cita"), () => [el("span", { class: "mut" }, _("Sin cita"))]);
  const near = dateOf(at) === dateOf(now());
  const moment = near ? _("Hoy %(hour)s", { hour: hour(at) }) : when(at);
  const mine = row.next_contact_agent_id === me ? _(", para mí") : "";
  const words = due ? `${moment}, ${ago(at)}` : moment + mine;
  const look = due ? "plain inherits k-amber" : "plain inherits";
  return swap(place, words, () => [el("span", { class: look }, icon(due ? "clock" : "cal"), words)]);
}

/** @param {HTMLElement | null} place @param {Contact | null} contact */
function showContact(place, contact) {
  const words = contact ? contactWords(contact) : _("Nunca contactado");
  const picture = CHANNELS[contact?.channel ?? ""]?.icon;
  swap(place, words, () => [picture ? icon(picture, "s") : null, el("span", { class: "cut" }, words)]);
}

/**
 * Draw a place only when it says another thing than before.
 * @param {HTMLElement | null} place
 * @param {string} key
 * @param {() => Piece[]} draw
 */
function swap(place, key, draw) {
  if (!place || place.dataset.says === key) return;
  place.dataset.says = key;
  place.replaceChildren(
    ...draw()
      .filter((piece) => piece !== null)
      .filter((piece) => piece !== ""),
  );
}
