/**
 * The filters of what is on the screen: name or surname (S0-23) and last result (S0-24); never the whole base (S0-26).
 */
import { _ } from "../lib/gettext.js";
import { input, inside, select } from "../lib/page.js";
import { fold, setText } from "../lib/text.js";

/** @import { CaseRow } from "../lib/events.js" */
/** @typedef {{row: CaseRow, node: HTMLElement}} ShownRow */

const words = input("screen-q");
const result = select("screen-result");
const nobody = inside(document, '[data-empty="filter"]');

/** Where the person writes a name. */
export const focusFilter = () => words.focus();

/** Hear of every change of what is asked. @param {() => void} changed */
export function onFilter(changed) {
  const clear = () => {
    words.value = "";
    result.value = "";
    changed();
  };
  words.addEventListener("input", changed);
  result.addEventListener("change", changed);
  words.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    clear();
    words.blur();
  });
  inside(nobody, "[data-clear]").addEventListener("click", clear);
  inside(nobody, "[data-whole]").addEventListener("click", searchWholeBase);
}

/** Ask in the bar's field what was asked here. */
function searchWholeBase() {
  const field = input("whole-base-q");
  field.value = words.value;
  field.focus();
  field.dispatchEvent(new Event("input"));
}

/** Hide what does not match; answers whether a filter is on. @param {ShownRow[]} shown */
export function filterRows(shown) {
  offerResults(shown);
  const wanted = fold(words.value.trim()).split(/\s+/).filter(Boolean);
  for (const { row, node } of shown) {
    const name = fold(row.customer.name);
    const named = wanted.every((word) => name.includes(word));
    node.hidden = !named || (result.value !== "" && `=${row.last_result ?? ""}` !== result.value);
  }
  const filtering = wanted.length > 0 || result.value !== "";
  nobody.hidden = !(filtering && shown.length && shown.every(({ node }) => node.hidden));
  const title = wanted.length
    ? _("Nadie en pantalla se llama «%(q)s»", { q: words.value.trim() })
    : _("Nadie en pantalla tiene ese resultado");
  setText(nobody.querySelector("h2"), title);
  return filtering;
}

/** The results that rows on the screen have, kept in step with them. @param {ShownRow[]} shown */
function offerResults(shown) {
  const present = [...new Set(shown.map(({ row }) => row.last_result ?? ""))].sort((a, b) => a.localeCompare(b));
  if (result.dataset.says === JSON.stringify(present) || document.activeElement === result) return;
  result.dataset.says = JSON.stringify(present);
  const chosen = result.value;
  while (result.options.length > 1) result.remove(1);
  for (const name of present) result.add(new Option(name || _("Sin resultado"), `=${name}`));
  result.value = [...result.options].some((option) => option.value === chosen) ? chosen : "";
}
