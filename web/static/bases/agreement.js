/**
 * Customers who exist are changed only after a person said so: the notice of the trial, and of a run that was held
 * (S4-14).
 */

import { api } from "../lib/api.js";
import { _, ngettext } from "../lib/gettext.js";
import { dialog } from "../lib/layers.js";
import { at, button, input, locale, numbers } from "../lib/page.js";
import { setText } from "../lib/text.js";
import { label } from "./choices.js";

/** @import { Choices, Job, FilePreview } from "./job.js" */

/**
 * Show what has to be agreed to.
 * @param {Job} job one that was tried
 * @param {number} stored how many of its rows would be stored
 */
export function showConfirm(job, stored) {
  const n = { n: numbers.format(job.to_agree) };
  at("confirm").hidden = !job.to_agree;
  setText(
    at("confirm-title"),
    ngettext(
      "%(n)s fila cambia un cliente que ya existe",
      "%(n)s filas cambian clientes que ya existen",
      job.to_agree,
      n,
    ),
  );
  setText(at("confirm-yes"), ngettext("Sí, actualizar esta %(n)s", "Sí, actualizar estas %(n)s", job.to_agree, n));
  button("run").disabled = stored === 0 || (job.to_agree > 0 && !input("confirm-tick").checked);
}

/** Say which data change in them, by the ticks. @param {FilePreview} preview @param {Choices} choices */
export function sayTicks(preview, choices) {
  setText(at("confirm-words"), ticks(preview, choices));
}

/** @param {FilePreview} preview @param {Choices} choices */
function ticks(preview, choices) {
  const named = (/** @type {string[]} */ fields) =>
    new Intl.ListFormat(locale).format(fields.map((field) => label(field, choices).toLowerCase()));
  const kept = preview.tickable.filter((field) => preview.kept.includes(field));
  const changing = preview.tickable.filter((field) => !preview.kept.includes(field));
  const first = changing.length
    ? _("Se cambian: %(fields)s.", { fields: named(changing) })
    : _("No se cambia ningún dato de ellos.");
  return kept.length ? `${first} ${_("No se tocan: %(fields)s.", { fields: named(kept) })}` : first;
}

/** Ask whether a run that was held may go on. @param {Job} job @param {Choices} choices @returns {Promise<boolean>} */
export async function mayGoOn(job, choices) {
  const answer = await api.get(`/jobs/${job.id}/preview`);
  const changes = ngettext(
    "%(n)s de las filas que siguen cambia un cliente que ya existe, y puede haber más.",
    "%(n)s de las filas que siguen cambian clientes que ya existen, y puede haber más.",
    job.to_agree,
    { n: numbers.format(job.to_agree) },
  );
  const sentence = answer.refused ? changes : `${changes} ${ticks(answer.value.preview, choices)}`;
  const buttons = [
    { id: "no", word: _("Cancelar"), safe: true },
    { id: "yes", word: _("Actualizar y continuar"), kind: "primary" },
  ];
  return (await dialog({ title: _("¿Actualizar clientes que ya existen?"), sentence, choices: buttons })) === "yes";
}
