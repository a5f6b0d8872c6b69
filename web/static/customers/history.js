/** All earlier gestiones, contacts and calls of a customer, newest first (S0-11, S3-65). */

import { OUTCOMES } from "../contact/words.js";
import { when } from "../lib/clock.js";
import { _ } from "../lib/gettext.js";
import { CHANNELS } from "../lib/terms.js";
import { el, icon } from "../lib/text.js";

/** @import { Named } from "../lib/events.js" */
/**
 * A row of models/rows/history.py.
 * @typedef {Object} HistoryRow
 * @property {string} kind "attempt", "disposition", or "call": the customer called
 * @property {string} at
 * @property {Named | null} agent
 * @property {number | null} case_number
 * @property {string} result
 * @property {boolean} finished
 * @property {string} observations
 * @property {string | null} channel
 * @property {string} value
 * @property {string | null} next_contact_at
 */

/**
 * Draw the rows into `place`; `most` limits them.
 * @param {HTMLElement} place
 * @param {HistoryRow[]} rows
 */
export function showHistory(place, rows, most = Infinity) {
  const shown = rows.slice(0, most).map(entry);
  place.replaceChildren(
    shown.length
      ? el("ol", { class: "past" }, shown)
      : el("p", { class: "pad sec" }, _("Todavía no hay gestiones ni contactos.")),
  );
}

/** @param {HistoryRow} row */
function entry(row) {
  const { picture, title } = row.kind === "disposition" ? disposition(row) : attempt(row);
  const unfinished = row.result ? _("sin finalizar") : ""; // a comment is called so by its title
  const end = row.kind === "disposition" ? (row.finished ? _("finalizada") : unfinished) : "";
  const facts = [
    row.agent?.name ?? (row.kind === "call" ? "" : _("Automático")),
    row.case_number && _("caso %(number)s", { number: row.case_number }),
    row.next_contact_at && _("próxima gestión %(when)s", { when: when(row.next_contact_at) }),
  ];
  return el(
    "li",
    { class: "past-row" },
    icon(picture, "s"),
    el(
      "div",
      { class: "grow" },
      el(
        "p",
        { class: "row gap6" },
        el("b", { class: "strong" }, title),
        end && el("span", { class: "meta" }, end),
        el("span", { class: "end meta num" }, when(row.at)),
      ),
      row.observations && el("p", { class: "read said" }, row.observations),
      el("p", { class: "meta num" }, facts.filter(Boolean).join(" · ")),
    ),
  );
}

/** @param {HistoryRow} row */
const disposition = (row) => ({ picture: "script", title: row.result || _("Comentario") });

/** @param {HistoryRow} row */
function attempt(row) {
  const channel = row.channel ?? "";
  const { icon: picture, name } = CHANNELS[channel] ?? { icon: "phone", name: channel };
  const words = [row.value ? `${name} · ${row.value}` : name, OUTCOMES[row.result] ?? row.result];
  return { picture, title: words.filter(Boolean).join(" · ") };
}
