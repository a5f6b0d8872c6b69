/** Undoing an upload and deleting a base: both counts are said before, and asked again when they changed meanwhile. */
import { api } from "./api.js";
import { dialog, toast } from "./layers.js";
import { _, ngettext } from "./words.js";

const number = new Intl.NumberFormat(document.documentElement.dataset.locale);
const shown = (n) => ({ n: number.format(n) });

function words({ removes, unlinks, restores }, kept) {
  const parts = [
    ngettext("Se quita %(n)s cliente que nadie trabajó.", "Se quitan %(n)s clientes que nadie trabajó.", removes, shown(removes)),
    unlinks ? `${ngettext("Queda %(n)s, con su historia, fuera de la base:", "Quedan %(n)s, con su historia, fuera de la base:", unlinks, shown(unlinks))} ${_("tiene gestiones o intentos, está en otra base, o no vino de una carga.")}` : kept,
    restores ? ngettext("%(n)s recupera los datos de antes.", "%(n)s recuperan los datos de antes.", restores, shown(restores)) : "",
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
    const sentence = words(counts.value, _("Ninguno queda."));
    const choices = [
      { id: "no", word: _("Cancelar"), safe: true },
      { id: "yes", word, kind: "danger" },
    ];
    if ((await dialog({ title, sentence, choices })) !== "yes") return null;
    const answer = await act({ removes, unlinks });
    if (!answer.refused) return answer.value;
    if (answer.refused.removes === undefined) toast(answer.refused.message, { name: "alert", hue: "red" });
    if (answer.refused.removes === undefined) return null;
    counts = await api.get(read);
  }
}

/** @param {any} job */
export function undo(job) {
  return ask(`/jobs/${job.id}/undo`, (body) => api.post(`/jobs/${job.id}/undo`, body), _("¿Deshacer la carga de «%(name)s»?", { name: job.name }), _("Deshacer la carga"));
}

/** @param {any} job one of its uploads */
export function removeBase(job) {
  return ask(`/bases/${job.base}/removal`, (body) => api.delete(`/bases/${job.base}`, { body }), _("¿Borrar la base «%(name)s»?", { name: job.name }), _("Borrar la base"));
}
