/** Undoing an upload and deleting a base: both counts are said before, and asked again when they changed meanwhile. */

import { api } from "../lib/api.js";
import { _, ngettext } from "../lib/gettext.js";
import { dialog, toast } from "../lib/layers.js";
import { numbers, sayRefused } from "../lib/page.js";

const { locale, timeZone } = document.documentElement.dataset;
const shown = (n) => ({ n: numbers.format(n) });

const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone });

/** Whether an upload can be undone now, and until when or why not: only the last of a base, an earlier one lies under it.
 * @param {any} job @param {any[]} uploads @returns {{can: boolean, words: string}} */
export function undoing(job, uploads) {
  if (!job.undo_until || job.base_gone) return { can: false, words: "" };
  if (Date.parse(job.undo_until) < Date.now()) return { can: false, words: _("Ya no se puede deshacer.") };
  const later = uploads.filter(
    (one) =>
      one.base === job.base &&
      one.kind === "upload" &&
      one.state !== "undone" &&
      Date.parse(one.started_at) > Date.parse(job.started_at),
  );
  if (later.length)
    return {
      can: false,
      words: _("Para deshacerla, antes deshaga «%(name)s», que se cargó después.", { name: later[0].file_name }),
    };
  const part = Object.fromEntries(day.formatToParts(Date.parse(job.undo_until)).map((one) => [one.type, one.value]));
  return {
    can: true,
    words: _("Se puede deshacer hasta el %(day)s.", { day: `${part.day} ${part.month.replace(".", "")}` }),
  };
}

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
          "Queda %(n)s, con su historia, fuera de la base: tiene gestiones o intentos, está en otra base, o no vino de una carga.",
          "Quedan %(n)s, con su historia, fuera de la base: tienen gestiones o intentos, están en otra base, o no vinieron de una carga.",
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

/** Ask with the counts of now; what the server answers to the yes, or null. */
async function ask(read, act, title, word) {
  let counts = await api.get(read);
  for (;;) {
    if (counts.refused) {
      toast(counts.refused.message, { name: "alert", hue: "red" });
      return null;
    }
    const { removes, unlinks } = counts.value;
    const sentence = words(counts.value);
    const choices = [
      { id: "no", word: _("Cancelar"), safe: true },
      { id: "yes", word, kind: "danger" },
    ];
    if ((await dialog({ title, sentence, choices })) !== "yes") return null;
    const answer = await act({ removes, unlinks });
    if (!answer.refused) return answer.value;
    if (answer.refused.removes === undefined) sayRefused(answer.refused);
    if (answer.refused.removes === undefined) return null;
    counts = await api.get(read);
  }
}

/** @param {any} job */
export function undo(job) {
  return ask(
    `/jobs/${job.id}/undo`,
    (body) => api.post(`/jobs/${job.id}/undo`, body),
    _("¿Deshacer la carga de «%(file)s» en «%(name)s»?", { file: job.file_name, name: job.name }),
    _("Deshacer la carga"),
  );
}

/** @param {any} job one of its uploads */
export function removeBase(job) {
  return ask(
    `/bases/${job.base}/removal`,
    (body) => api.delete(`/bases/${job.base}`, { body }),
    _("¿Borrar la base «%(name)s»?", { name: job.name }),
    _("Borrar la base"),
  );
}
