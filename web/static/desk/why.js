/** Por qué está aquí: on the row in two or three words, and in full on Q. */

import { pressureAt, pressureWord } from "../contact/pressure.js";
import { ago, now, span, when } from "../lib/clock.js";
import { _, ngettext } from "../lib/gettext.js";
import { PRIORITIES } from "../lib/terms.js";
import { el, icon } from "../lib/text.js";
import { DUE, FREE, LATER, orderKey } from "./order.js";

/** @import { CaseRow } from "../lib/events.js" */
/** @typedef {{word: string, strong?: boolean, hue?: string, rest?: string, detail: string}} WhyWords */

/** The code of models/cases/order.py's `why`, now. @param {CaseRow} row @param {number} me */
export function why(row, me) {
  if (row.status === "closed") return "closed";
  if (row.holder && row.holder.id !== me) return "held";
  const group = orderKey(row, now())[0];
  if (group !== FREE) return group === DUE ? "due" : "later";
  if (row.next_phone) return "alternative";
  return row.rotated_at ? "rotated" : "never_contacted";
}

/**
 * Why a row stands here, in two or three words; whose it is, when it is a colleague's.
 * @param {CaseRow} row
 * @param {number} me
 * @returns {WhyWords}
 */
export function whyWords(row, me) {
  const words = placeWords(row, me);
  if (!row.agent || row.agent.id === me || row.status === "closed" || row.holder) return words;
  const name = row.agent.name;
  if (row.next_contact_at) return { ...words, detail: _("de %(name)s", { name }) };
  return { word: _("De %(name)s", { name }), detail: words.detail };
}

/** @param {CaseRow} row @param {number} me @returns {WhyWords} */
function placeWords(row, me) {
  const appointment = row.next_contact_at ?? "";
  switch (why(row, me)) {
    case "closed":
      return { word: row.last_result || _("Cerrado"), detail: row.closed_at ? when(row.closed_at) : "" };
    case "held":
      return { word: _("Con %(name)s", { name: row.holder?.name }), detail: ago(row.holder?.since ?? "") };
    case "due":
      return { word: _("Cita vencida"), strong: true, detail: ago(appointment) };
    case "later":
      return {
        word: _("Cita futura"),
        detail: _("en %(span)s", { span: span(Date.parse(appointment) - now()) }),
      };
    case "alternative":
      return { word: _("Rellamar alternativo"), detail: _("otro teléfono") };
    case "rotated":
      return { word: _("Rotó al final"), detail: ago(row.rotated_at ?? "") };
    default:
      // Somebody who called us was not contacted by us: the case stays where it is, and the words say which.
      return { word: row.campaign.name, detail: row.last_contact ? _("sin contacto nuestro") : _("sin contactos") };
  }
}

/**
 * The whole answer: each step of the order, what this case has of it, and how many stand before it.
 * @param {CaseRow} row
 * @param {number} place
 * @param {CaseRow[]} rows
 */
export function whyInFull(row, place, rows) {
  const steps = [
    appointmentStep(row),
    step(true, _("Campaña"), strong(row.campaign.name), `, ${_("prioridad %(n)s", { n: row.campaign.priority })}`),
    priorityStep(row, rows.slice(0, place)),
    contactStep(row),
    ...(row.next_phone ? [step(true, _("Pidió otro teléfono: "), strong(row.next_phone))] : []),
  ];
  const at = pressureAt(row.pressure, now());
  const refused = el("p", { class: "notice k-red mt2" }, icon("no"), el("span", {}, pressureWord(at)));
  return [
    el("p", { class: "strong" }, _("%(name)s, puesto %(place)s", { name: row.customer.name, place: place + 1 })),
    el("ol", { class: "why-l num" }, steps),
    ...(at.refused.length ? [refused] : []),
  ];
}

/**
 * A step of the order; `has` says whether the case has what it asks for.
 * @param {boolean} has
 * @param {string} name
 * @param {(Node | string)[]} rest
 */
const step = (has, name, ...rest) =>
  el("li", { class: has ? "" : "no" }, icon(has ? "check" : "x", "s"), el("span", {}, name, " ", rest));

/** @param {string} text */
const strong = (text) => el("b", { class: "strong" }, text);

/** @param {CaseRow} row */
function appointmentStep(row) {
  const group = orderKey(row, now())[0];
  const at = row.next_contact_at;
  if (at && group === DUE) return step(true, _("Cita vencida"), strong(when(at)));
  if (at && group === LATER)
    return step(true, _("Espera su cita"), strong(when(at)), _(": pasa al primer lugar a esa hora"));
  return step(false, _("Cita vencida"), el("span", { class: "mut" }, _("no tiene")));
}

/** @param {CaseRow} row @param {CaseRow[]} before the rows that stand before it */
function priorityStep(row, before) {
  const facts = PRIORITIES[row.priority];
  const rank = (/** @type {CaseRow} */ one) => PRIORITIES[one.priority]?.rank ?? 0;
  const ahead = before.filter((other) => rank(other) < rank(row)).length;
  const order = ngettext("va antes %(count)s de más prioridad", "van antes %(count)s de más prioridad", ahead);
  return step(true, _("Caso de prioridad"), strong(facts?.name ?? ""), ahead ? `: ${order}` : "");
}

/** @param {CaseRow} row */
function contactStep(row) {
  if (row.rotated_at)
    return step(true, _("Último contacto"), strong(when(row.rotated_at)), _(": rotó al final de los de su prioridad"));
  const never = row.last_contact
    ? _("Sin contacto nuestro en este caso: va antes que los ya contactados")
    : _("Nunca contactado: va antes que los ya contactados");
  return step(true, never);
}
