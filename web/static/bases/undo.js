/** Undoing an upload and deleting a base: both counts are said before, and asked again when they changed meanwhile. */

import { api } from "../lib/api.js";
import { _, ngettext } from "../lib/gettext.js";
import { mayDo, sayRefused } from "../lib/layers.js";
import { locale, numbers, timeZone } from "../lib/page.js";

/** @import { Answer } from "../lib/api.js" */
/** @import { Job } from "./job.js" */
/** @typedef {{removes: number, unlinks: number, restores: number}} Counts of customers */

/** @param {number} n */
const shown = (n) => ({ n: numbers.format(n) });

const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone });

/**
 * Whether an upload can be undone now, and until when or why not: only the last of a base, an earlier one lies under
 * it.
 * @param {Job} job
 * @param {Job[]} uploads
 * @returns {{can: boolean, words: string}}
 */
export function undoing(job, uploads) {
  if (!job.undo_until || job.base_gone) return { can: false, words: "" };
  if (Date.parse(job.undo_until) < Date.now()) return { can: false, words: _("Ya no se puede deshacer.") };
  const later = uploads.find((one) => one.base === job.base && isDone(one) && startOf(one) > startOf(job));
  if (later) {
    const name = later.file_name;
    return { can: false, words: _("Para deshacerla, antes deshaga «%(name)s», que se cargó después.", { name }) };
  }
  const part = Object.fromEntries(day.formatToParts(Date.parse(job.undo_until)).map((one) => [one.type, one.value]));
  const until = `${part.day} ${part.month?.replace(".", "")}`;
  return { can: true, words: _("Se puede deshacer hasta el %(day)s.", { day: until }) };
}

/** @param {Job} one */
const isDone = (one) => one.kind === "upload" && one.state !== "undone";
/** @param {Job} one */
const startOf = (one) => Date.parse(one.started_at ?? "");

/** @param {Counts} counts */
function words({ removes, unlinks, restores }) {
  const parts = [
    removes
      ? ngettext(
          "Se quita %(n)s cliente que nadie trabajó.",
          "Se quitan %(n)s clientes que nadie trabajó.",
          removes,
          shown(removes),
        )
      : _("No se quita ningún cliente."),
    unlinks
      ? ngettext(
          "Queda %(n)s, con su historia, fuera de la base: " +
            "tiene gestiones o intentos, está en otra base, o no vino de una carga.",
          "Quedan %(n)s, con su historia, fuera de la base: " +
            "tienen gestiones o intentos, están en otra base, o no vinieron de una carga.",
          unlinks,
          shown(unlinks),
        )
      : "",
    restores
      ? ngettext("%(n)s recupera los datos de antes.", "%(n)s recuperan los datos de antes.", restores, shown(restores))
      : "",
  ];
  return parts.filter(Boolean).join(" ");
}

/**
 * Ask with the counts of now, and again when they changed meanwhile. Answers what the server says to the yes, or null.
 * @param {string} read where the counts are
 * @param {(counts: {removes: number, unlinks: number}) => Promise<Answer>} act
 * @param {string} title
 * @param {string} word
 * @returns {Promise<Job | null>}
 */
async function ask(read, act, title, word) {
  const counts = await api.get(read);
  if (counts.refused) {
    sayRefused(counts.refused);
    return null;
  }
  const { removes, unlinks } = counts.value;
  if (!(await mayDo(title, words(counts.value), _("Cancelar"), word))) return null;
  const answer = await act({ removes, unlinks });
  if (!answer.refused) return answer.value;
  if (answer.refused.removes !== undefined) return ask(read, act, title, word);
  sayRefused(answer.refused);
  return null;
}

/** Undo an upload. @param {Job} job */
export function undo(job) {
  return ask(
    `/jobs/${job.id}/undo`,
    (body) => api.post(`/jobs/${job.id}/undo`, body),
    _("¿Deshacer la carga de «%(file)s» en «%(name)s»?", { file: job.file_name, name: job.name }),
    _("Deshacer la carga"),
  );
}

/** Delete the base of an upload. @param {Job} job */
export function removeBase(job) {
  return ask(
    `/bases/${job.base}/removal`,
    (body) => api.delete(`/bases/${job.base}`, { body }),
    _("¿Borrar la base «%(name)s»?", { name: job.name }),
    _("Borrar la base"),
  );
}
