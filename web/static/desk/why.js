/** Por qué está aquí: on the row in two or three words, and in full on Q (SCREENS, states-lists). */

import { pressureAt, pressureWord } from "../contact/pressure.js";
import { ago, now, span, when } from "../lib/clock.js";
import { _, ngettext } from "../lib/gettext.js";
import { el, icon } from "../lib/text.js";
import { DUE, FREE, LATER, orderKey } from "./order.js";

const PRIORITY = { urgent: _("Urgente"), high: _("Alta"), normal: _("Normal"), low: _("Baja") };

/** The code of models/cases/order.py's `why`, now. */
export function why(row, me) {
  if (row.status === "closed") return "closed";
  if (row.holder && row.holder.id !== me) return "held";
  const group = orderKey(row, now())[0];
  if (group !== FREE) return group === DUE ? "due" : "later";
  if (row.next_phone) return "alternative";
  return row.rotated_at ? "rotated" : "never_contacted";
}

/** {word, strong, detail} of a row. */
export function whyWords(row, me) {
  switch (why(row, me)) {
    case "closed":
      return { word: row.last_result || _("Cerrado"), detail: row.closed_at ? when(row.closed_at) : "" };
    case "held":
      return { word: _("Con %(name)s", { name: row.holder.name }), detail: ago(row.holder.since) };
    case "due":
      return { word: _("Cita vencida"), strong: true, detail: ago(row.next_contact_at) };
    case "later":
      return {
        word: _("Cita futura"),
        detail: _("en %(span)s", { span: span(Date.parse(row.next_contact_at) - now()) }),
      };
    case "alternative":
      return { word: _("Rellamar alternativo"), detail: _("otro teléfono") };
    case "rotated":
      return { word: _("Rotó al final"), detail: ago(row.rotated_at) };
    default:
      return { word: row.campaign.name, detail: _("sin contactos") };
  }
}

/** The whole answer: each step of the order, what this case has of it, and how many stand before it. */
export function whyInFull(row, place, rows) {
  const key = orderKey(row, now());
  const before = rows.slice(0, place);
  const due = row.next_contact_at && key[0] === DUE;
  const lines = [];
  const line = (yes, ...text) =>
    lines.push(el("li", { class: yes ? "" : "no" }, icon(yes ? "check" : "x", "s"), el("span", {}, text)));
  if (due) line(true, _("Cita vencida"), " ", el("b", { class: "strong" }, when(row.next_contact_at)));
  else if (key[0] === LATER)
    line(
      true,
      _("Espera su cita"),
      " ",
      el("b", { class: "strong" }, when(row.next_contact_at)),
      _(": pasa al primer lugar a esa hora"),
    );
  else line(false, _("Cita vencida"), " ", el("span", { class: "mut" }, _("no tiene")));
  line(
    true,
    _("Campaña"),
    " ",
    el("b", { class: "strong" }, row.campaign.name),
    ", ",
    _("prioridad %(n)s", { n: row.campaign.priority }),
  );
  const ahead = before.filter((other) => orderKey(other, now())[3] < key[3]).length;
  const order = ahead
    ? `: ${ngettext("va antes %(count)s de más prioridad", "van antes %(count)s de más prioridad", ahead)}`
    : "";
  line(true, _("Caso de prioridad"), " ", el("b", { class: "strong" }, PRIORITY[row.priority]), order);
  if (row.rotated_at)
    line(
      true,
      _("Último contacto"),
      " ",
      el("b", { class: "strong" }, when(row.rotated_at)),
      _(": rotó al final de los de su prioridad"),
    );
  else
    line(
      true,
      row.last_contact
        ? _("Sin contacto nuestro en este caso: va antes que los ya contactados")
        : _("Nunca contactado: va antes que los ya contactados"),
    );
  if (row.next_phone) line(true, _("Pidió otro teléfono: "), el("b", { class: "strong" }, row.next_phone));
  const at = pressureAt(row.pressure, now());
  const note = at.refused.length
    ? el("p", { class: "notice k-red mt2" }, icon("no"), el("span", {}, pressureWord(at)))
    : null;
  return [
    el("p", { class: "strong" }, _("%(name)s, puesto %(place)s", { name: row.customer.name, place: place + 1 })),
    el("ol", { class: "why-l num" }, lines),
    note,
  ].filter(Boolean);
}
