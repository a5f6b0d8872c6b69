/** The state of an upload in a word, for the list. */

import { _ } from "../lib/gettext.js";
import { el, icon } from "../lib/text.js";
import { percent } from "./job.js";

/** @import { Job } from "./job.js" */

/** @type {Record<string, (job: Job) => HTMLElement>} */
const WORDS = {
  done: () => word("green", "check", _("Completa")),
  running: (job) => word("blue", "upload", _("Cargando %(percent)s %", { percent: percent(job) })),
  undoing: (job) => word("blue", "undo", _("Deshaciendo %(percent)s %", { percent: percent(job) })),
  undone: () => word("grey", "undo", _("Deshecha")),
  stopped: () => word("amber", "pause", _("Detenida")),
  failed: () => word("red", "alert", _("Se detuvo")),
};

/** @param {string} hue @param {string} picture @param {string} text */
const word = (hue, picture, text) => el("span", { class: `plain k-${hue}` }, icon(picture), text);

/** The state in a word, with its picture. @param {Job} job */
export function stateWord(job) {
  if (job.kind === "delete" && job.state === "done") return word("grey", "trash", _("Base borrada"));
  if (job.kind === "delete") return word("blue", "trash", _("Borrando %(percent)s %", { percent: percent(job) }));
  if (job.base_gone && job.state !== "undone") return word("grey", "trash", _("Borrada"));
  return WORDS[job.state]?.(job) ?? word("grey", "file", "");
}
