/** What is said of a load: its title, what became of its rows, what one may rely on. */

import { _ } from "../lib/gettext.js";
import { numbers } from "../lib/page.js";

/** @import { Job } from "./job.js" */
/** @typedef {{hue: string, picture: string, strong: string, rest: string}} NoticeWords */

/** What is being done with which base. @param {Job} job */
export function titleWords(job) {
  const name = { name: job.name };
  if (job.kind === "delete")
    return job.state === "done" ? _("«%(name)s» se borró", name) : _("Borrando «%(name)s»", name);
  /** @type {Record<string, string>} */
  const titles = {
    checking: _("Probando «%(name)s»", name),
    running: _("Cargando «%(name)s»", name),
    done: _("«%(name)s» está completa", name),
    stopped: _("«%(name)s» está detenida", name),
    failed: _("«%(name)s» se detuvo", name),
    undoing: _("Deshaciendo «%(name)s»", name),
    undone: _("«%(name)s» se deshizo", name),
  };
  return titles[job.state] ?? "";
}

/** How many rows were read and stored, or how many customers taken out. @param {Job} job */
export function rowsWords(job) {
  const taken = {
    removed: numbers.format(job.removed),
    unlinked: numbers.format(job.unlinked),
    restored: numbers.format(job.restored),
  };
  if (job.kind === "delete") return _("%(removed)s clientes quitados, %(unlinked)s fuera de la base", taken);
  if (job.state === "undoing" || job.state === "undone")
    return _(
      "%(removed)s clientes quitados, %(unlinked)s fuera de la base, %(restored)s con los datos de antes",
      taken,
    );
  const rows = { done: numbers.format(job.done), total: numbers.format(job.total), stored: numbers.format(job.stored) };
  return job.state === "checking"
    ? _("%(done)s de %(total)s filas leídas", rows)
    : _("%(done)s de %(total)s filas leídas, %(stored)s guardadas", rows);
}

/** What one may rely on. @param {Job} job @returns {NoticeWords} */
export function noticeWords(job) {
  if (job.error && job.state === "done") return { hue: "amber", picture: "alert", strong: job.error, rest: "" };
  if (job.kind === "delete")
    return {
      hue: "grey",
      picture: "trash",
      strong: job.state === "done" ? _("La base se borró.") : _("La base se está borrando."),
      rest: _("Los clientes trabajados o de otra base siguen con su historia."),
    };
  return NOTICES[job.state]?.(job) ?? { hue: "blue", picture: "info", strong: "", rest: "" };
}

/** @type {Record<string, (job: Job) => NoticeWords>} */
const NOTICES = {
  checking: () => ({
    hue: "blue",
    picture: "info",
    strong: _("No se guarda nada todavía."),
    rest: _("Al terminar verá qué filas entran y por qué se rechazan las otras."),
  }),
  running: (job) => ({
    hue: "blue",
    picture: "info",
    strong: _("Puede salir de esta página."),
    rest: _(
      "La carga sigue sola. Si se detiene, lo guardado queda y se puede continuar desde la fila %(row)s.",
      nextRow(job),
    ),
  }),
  done: (job) => ({
    hue: "green",
    picture: "check",
    strong: _("Todo está guardado."),
    rest: job.refused ? _("Cada fila rechazada está en el archivo con su motivo.") : _("Ninguna fila se rechazó."),
  }),
  stopped: (job) => ({
    hue: "amber",
    picture: "pause",
    strong: _("Lo guardado queda."),
    rest: _("Continúa desde la fila %(row)s sin duplicar nada.", nextRow(job)),
  }),
  undoing: () => ({
    hue: "blue",
    picture: "undo",
    strong: _("Se está deshaciendo."),
    rest: _("Lo que nadie trabajó se quita; lo demás queda con su historia."),
  }),
  undone: () => ({
    hue: "grey",
    picture: "undo",
    strong: _("Esta carga se deshizo."),
    rest: _("Los clientes trabajados o de otra base siguen con su historia."),
  }),
  failed: (job) => ({
    hue: "red",
    picture: "alert",
    strong: job.error || _("Algo falló."),
    rest: _("Lo guardado queda y no se duplica al continuar."),
  }),
};

/** @param {Job} job */
const nextRow = (job) => ({ row: numbers.format(job.done + 1) });
