/** The filters of the search: rows of field, condition and value. */

import { _ } from "../lib/gettext.js";
import { allInside, at, button, copyOf, inside } from "../lib/page.js";
import { setText } from "../lib/text.js";

/** @import { Field } from "../lib/page.js" */
/** @typedef {{field: string, op: string, value: string}} Filter */

const rows = () => allInside(at("as-filters"), ".fl");

/** @param {HTMLElement} row @param {string} name */
const part = (row, name) => /** @type {Field} */ (inside(row, `[name=${name}]`));

/** The filters as they are written. @returns {Filter[]} */
export const filters = () =>
  rows().map((row) => ({
    field: part(row, "field").value,
    op: part(row, "op").value,
    value: part(row, "value").value,
  }));

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
  const row = place === undefined ? undefined : rows()[Number(place)];
  if (row) part(row, "value").classList.add("bad");
}

/** Take the marks away. */
export function unmark() {
  for (const value of allInside(at("as-filters"), ".bad")) value.classList.remove("bad");
}
