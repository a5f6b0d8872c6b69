/** `/auditoria`: choose a row by pointer or by J and K; a choice of the filter is asked at once. */
import { onKey } from "../lib/keys.js";
import { allInside, around, at } from "../lib/page.js";

const rows = allInside(at("au-rows"), "[data-row]");
const filter = /** @type {HTMLFormElement} */ (at("au-filter"));
let chosen = 0;

/** @param {number} place @param {boolean} focus */
function choose(place, focus) {
  const row = rows[place];
  if (!row) return;
  chosen = place;
  for (const other of rows) {
    other.classList.toggle("sel", other === row);
    other.querySelector("button")?.setAttribute("aria-pressed", String(other === row));
  }
  const whole = row.querySelector("template")?.content.cloneNode(true);
  if (whole) at("au-one").replaceChildren(whole);
  if (focus) row.querySelector("button")?.focus();
}

at("au-rows").addEventListener("click", (event) => {
  const row = around(event, "[data-row]");
  if (row) choose(rows.indexOf(row), false);
});
onKey("j", () => choose(Math.min(chosen + 1, rows.length - 1), true));
onKey("k", () => choose(Math.max(chosen - 1, 0), true));
onKey("f", () => at("au-q").focus());
filter.addEventListener("change", (event) => {
  if (around(event, "select, [type=radio]")) filter.requestSubmit();
});
// What is empty is not said in the address.
filter.addEventListener("formdata", (event) => {
  for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
});
choose(0, false);
