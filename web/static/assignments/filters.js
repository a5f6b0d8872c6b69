/** The filters of the search: rows of field, condition and value. */

import { _ } from "../lib/gettext.js";
import { allInside, at, button, copyOf, inside, pageData } from "../lib/page.js";
import { el, setText } from "../lib/text.js";

/** @import { Field } from "../lib/page.js" */
/** @typedef {{field: string, op: string, value: string}} Filter */

/**
 * The values of the fields whose list is closed, and how they are shown.
 * @type {Record<string, [value: string, shown: string][]>}
 */
const CHOICES = pageData("choices");

const rows = () => allInside(at("as-filters"), ".fl");

/** @param {HTMLElement} row @param {string} name */
const part = (row, name) => /** @type {Field} */ (inside(row, `[name=${name}]`));

/** @param {HTMLElement} row @returns {Filter} */
const read = (row) => ({
  field: part(row, "field").value,
  op: part(row, "op").value,
  value: part(row, "value").value,
});

/** The filters as they are written; one of a closed list, or for a text, that has no value yet says nothing. */
export const filters = () => asking().map(read);

const asking = () =>
  rows().filter((row) => {
    const { op, value } = read(row);
    return value.trim() || (op !== "contains" && part(row, "value") instanceof HTMLInputElement);
  });

/**
 * Where a value is written or, of a closed list, chosen; what was there stays when it may.
 * @param {HTMLElement} row
 */
function fitValue(row) {
  const { field, op, value } = read(row);
  const choices = op === "contains" ? undefined : CHOICES[field];
  const label = { name: "value", "aria-label": _("Valor del filtro") };
  const words = choices ?? [];
  const known = words.some(([one]) => one === value) || !value ? words : [...words, [value, value]];
  const place = choices
    ? el(
        "select",
        { ...label, class: "pick w208" },
        el("option", { value: "" }, _("Elija…")),
        known.map(([one = "", word]) => el("option", { value: one, selected: one === value }, word)),
      )
    : el("input", { ...label, class: "input w208", maxlength: 200, value, placeholder: hint(op) });
  part(row, "value").replaceWith(place);
}

/** What an empty text asks for. @param {string} op */
const hint = (op) => {
  if (op === "contains") return _("Texto");
  return op === "differs" ? _("Vacío: con algún dato") : _("Vacío: sin este dato");
};

/**
 * Add a filter, to be chosen or as given; `removed` is called when it is taken away. Answers its field.
 * @param {() => void} removed
 * @param {Filter} [filter]
 */
export function addFilter(removed, { field, op, value } = { field: "service_state", op: "equals", value: "" }) {
  const row = copyOf("as-filter");
  part(row, "field").value = field;
  part(row, "op").value = op;
  part(row, "value").value = value;
  fitValue(row);
  part(row, "field").addEventListener("change", () => {
    part(row, "value").value = "";
    fitValue(row);
  });
  part(row, "op").addEventListener("change", () => fitValue(row));
  inside(row, "[data-remove]").addEventListener("click", () => {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    joinWords();
    const focused = /** @type {HTMLElement | null | undefined} */ (next?.querySelector("[data-remove]"));
    (focused ?? at("as-add")).focus();
    removed();
  });
  at("as-filters").append(row);
  joinWords();
  return part(row, "field");
}

/** Take all filters away. */
export function clearFilters() {
  at("as-filters").replaceChildren();
  joinWords();
}

/** "Clientes con … y … y …" */
function joinWords() {
  rows().forEach((row, i) => void setText(row.querySelector(".fy"), i ? _("y") : _("Clientes con")));
  button("as-clear").disabled = !rows().length;
}

/** Mark the value that the server refused ("filters.1.value"). @param {string} name */
export function markWrong(name) {
  const place = /^filters[[.](\d+)/.exec(name)?.[1];
  const row = place === undefined ? undefined : asking()[Number(place)];
  if (row) part(row, "value").classList.add("bad");
  if (name === "max") at("as-max").classList.add("bad");
}

/** Take the marks away. */
export function unmark() {
  for (const value of allInside(at("as-search"), ".bad")) value.classList.remove("bad");
}
