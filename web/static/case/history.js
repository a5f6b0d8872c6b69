/** All earlier gestiones and contacts of a customer, newest first (S0-11, S3-65). */

import { OUTCOME } from "../desk/case-row.js";
import { when } from "../lib/clock.js";
import { _ } from "../lib/gettext.js";
import { el, icon } from "../lib/text.js";

const MEDIA = {
  call: ["phone", _("Llamada")],
  whatsapp: ["wa", _("WhatsApp")],
  sms: ["sms", _("SMS")],
  email: ["mail", _("Correo")],
};

/** Draw the rows into `place`; `most` limits them. */
export function showHistory(place, rows, most = Infinity) {
  const shown = rows.slice(0, most).map(entry);
  place.replaceChildren(
    shown.length
      ? el("ol", { class: "past" }, shown)
      : el("p", { class: "pad sec" }, _("Todavía no hay gestiones ni contactos.")),
  );
}

function entry(row) {
  const [picture, title] = row.kind === "attempt" ? attempt(row) : ["script", row.result || _("Comentario")];
  const who = row.agent?.name ?? _("Automático");
  const end = row.kind === "disposition" ? (row.finished ? _("finalizada") : _("comentario")) : "";
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
      el(
        "p",
        { class: "meta num" },
        [
          who,
          row.case_number && _("caso %(number)s", { number: row.case_number }),
          row.next_contact_at && _("próxima gestión %(when)s", { when: when(row.next_contact_at) }),
        ]
          .filter(Boolean)
          .join(" · "),
      ),
    ),
  );
}

function attempt(row) {
  const [picture, word] = MEDIA[row.channel] ?? ["phone", row.channel];
  return [
    picture,
    [row.value ? `${word} · ${row.value}` : word, OUTCOME[row.result] ?? row.result].filter(Boolean).join(" · "),
  ];
}
