/** A field of a result in words, as its form says it. */
import { _ } from "../lib/gettext.js";
import { allInside } from "../lib/page.js";
import { nodes } from "./tree-values.js";

/** @import { Say } from "../forms/conflict.js" */
/** @import { StoredResult } from "./tree.js" */

/** @type {Record<string, string>} */
const FIELDS = {
  name: _("Nombre"),
  does: _("Qué hace"),
  colour: _("Color"),
  measure: _("Medida"),
  successful: _("Contacto exitoso"),
  right_party: _("Titular contactado"),
  clears_appointments: _("Quita las citas"),
  under: _("Nivel de arriba"),
};

/**
 * How "key|field" and its value are said, with the names of the results of these trees.
 * @param {StoredResult[]} tree
 * @returns {Say}
 */
export function say(tree) {
  const names = new Map(nodes(tree).map(({ key, one }) => [key, one.name]));
  return (name, value) => {
    const [key = "", field = ""] = name.split("|");
    return [`${names.get(key) ?? ""}: ${FIELDS[field] ?? field}`, valueWord(field, value, names)];
  };
}

/** @param {string} field @param {unknown} value @param {Map<string, string>} names */
function valueWord(field, value, names) {
  if (field === "under") return value ? (names.get(String(value)) ?? "") : _("ninguno");
  if (typeof value === "boolean") return value ? _("sí") : _("no");
  if (field !== "does" && field !== "colour") return String(value ?? "");
  const radio = /** @type {HTMLInputElement[]} */ (allInside(document, `[name="${field}"]`)).find(
    (one) => one.value === String(value ?? ""),
  );
  return radio?.getAttribute("aria-label") ?? radio?.closest("label")?.textContent?.trim() ?? String(value ?? "");
}
