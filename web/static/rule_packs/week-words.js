/** The hours of a week in words: equal days that follow each other together, days without hours left out. */
import { _ } from "../lib/gettext.js";

/** @import { Week } from "./week.js" */

const SHORT = [_("lun"), _("mar"), _("mié"), _("jue"), _("vie"), _("sáb"), _("dom")];

/** "lun a vie 08:00–18:00; sáb 08:00–12:00" @param {Week | null} week */
export function weekWords(week) {
  if (!week) return _("Sin horario propio");
  /** @type {{first: number, last: number, text: string}[]} */
  const runs = [];
  for (const [day, spans] of week.entries()) {
    const text = spans.map((span) => span.join("–")).join(", ");
    const before = runs.at(-1);
    if (before?.text === text && before.last === day - 1) before.last = day;
    else runs.push({ first: day, last: day, text });
  }
  const open = runs.filter(({ text }) => text).map(({ first, last, text }) => `${days(first, last)} ${text}`);
  return open.join("; ") || _("No se contacta");
}

/** @param {number} first @param {number} last */
function days(first, last) {
  if (first === last) return SHORT[first];
  return _("%(first)s a %(last)s", { first: SHORT[first], last: SHORT[last] });
}
