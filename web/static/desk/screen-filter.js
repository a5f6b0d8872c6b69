/** The filters of what is on the screen: name or surname (S0-23) and last result (S0-24); never the whole base (S0-26). */
import { _ } from "../lib/gettext.js";
import { fold, setText } from "../lib/text.js";

const words = document.getElementById("screen-q");
const result = document.getElementById("screen-result");
const nobody = document.querySelector('[data-empty="filter"]');

/** Where the person writes a name. */
export const focusFilter = () => words.focus();

/** Hear of every change of what is asked. */
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
  nobody.querySelector("[data-clear]").addEventListener("click", clear);
  nobody.querySelector("[data-whole]").addEventListener("click", () => {
    const field = document.getElementById("whole-base-q");
    field.value = words.value;
    field.focus();
    field.dispatchEvent(new Event("input"));
  });
}

/** Hide what does not match among `shown` = [{row, node}]; answers whether a filter is on. */
export function filterRows(shown) {
  offerResults(shown);
  const wanted = fold(words.value.trim()).split(/\s+/).filter(Boolean);
  for (const { row, node } of shown) {
    const name = fold(row.customer.name);
    const matches =
      wanted.every((word) => name.includes(word)) &&
      (result.value === "" || `=${row.last_result ?? ""}` === result.value);
    node.hidden = !matches;
  }
  const filtering = wanted.length > 0 || result.value !== "";
  nobody.hidden = !(filtering && shown.length && shown.every(({ node }) => node.hidden));
  setText(
    nobody.querySelector("h2"),
    wanted.length
      ? _("Nadie en pantalla se llama «%(q)s»", { q: words.value.trim() })
      : _("Nadie en pantalla tiene ese resultado"),
  );
  return filtering;
}

/** The results that rows on the screen have, kept in step with them. */
function offerResults(shown) {
  const present = [...new Set(shown.map(({ row }) => row.last_result ?? ""))].sort((a, b) => a.localeCompare(b));
  if (result.dataset.says === JSON.stringify(present) || document.activeElement === result) return;
  result.dataset.says = JSON.stringify(present);
  const chosen = result.value;
  while (result.options.length > 1) result.remove(1);
  for (const name of present) result.add(new Option(name || _("Sin resultado"), `=${name}`));
  result.value = [...result.options].some((option) => option.value === chosen) ? chosen : "";
}
