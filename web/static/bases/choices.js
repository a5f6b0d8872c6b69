/** The second step, below the columns: what happens to customers who exist, and landlines without indicativo. */

import { _, ngettext } from "../lib/gettext.js";
import { allInside, at, button, input, inputsInside, numbers, select } from "../lib/page.js";
import { el, setText } from "../lib/text.js";
import { keyWords, sameKey } from "./key.js";

/** @import { Change, Choices, FilePreview, PreviewAnswer } from "./job.js" */

const modes = inputsInside(document, 'input[name="mode"]');
/** @type {Change} */
let change = () => {};
/** @type {string[] | null} */
let baseKey = null;

for (const radio of modes) radio.addEventListener("change", () => change({ mode: radio.value }));
at("area-code").addEventListener("change", () => change({ area_code: select("area-code").value }));
at("same-key").addEventListener("click", () => change({ key: baseKey, other_key: false }));
at("take-key").addEventListener("change", () => change({ other_key: input("take-key").checked }));

/** The label of a field: the column's own name for one of ours. @param {string} field @param {Choices} choices */
export function label(field, choices) {
  return choices.fields[field] ?? field.replace("custom:", "");
}

/** Show what was chosen. @param {PreviewAnswer} answer @param {Choices} choices @param {Change} onChange */
export function showChoices({ job, preview, base_key }, choices, onChange) {
  change = onChange;
  baseKey = base_key;
  for (const radio of modes) radio.checked = radio.value === preview.mode;
  drawTicks(preview, choices);
  drawArea(preview, choices);
  const differs = base_key !== null && !sameKey(base_key, preview.key);
  at("key-differs").hidden = !differs;
  if (differs)
    setText(
      at("key-differs-words"),
      _(
        "«%(name)s» se cargó con %(old)s y esta carga usa %(new)s. " +
          "Con otra clave, clientes que ya están pueden no reconocerse.",
        { name: job.name, old: keyWords(base_key), new: keyWords(preview.key) },
      ),
    );
  input("take-key").checked = preview.other_key;
  if (differs && !preview.other_key) button("check").disabled = true;
}

/** @param {FilePreview} preview @param {Choices} choices */
function drawTicks(preview, choices) {
  const focused = document.activeElement?.getAttribute("data-tick");
  const none = preview.mode === "create";
  const kept = new Set(preview.kept);
  at("ticks").replaceChildren(
    ...preview.tickable.map((field) => {
      const input = el("input", { type: "checkbox", "data-tick": field, checked: !kept.has(field), disabled: none });
      input.addEventListener("change", () => {
        if (input.checked) kept.delete(field);
        else kept.add(field);
        change({ kept: [...kept] });
      });
      return el("label", { class: "row tick" }, input, label(field, choices));
    }),
  );
  setText(
    at("ticks-none"),
    none
      ? _("Los clientes que ya existen se rechazan con su motivo y no se tocan.")
      : preview.tickable.length
        ? ""
        : _("El archivo no trae más datos que la clave."),
  );
  if (focused) allInside(at("ticks"), `[data-tick="${CSS.escape(focused)}"]`)[0]?.focus();
}

/** @param {FilePreview} preview @param {Choices} choices */
function drawArea(preview, choices) {
  const codes = choices.area_codes;
  at("area-box").hidden = !codes.length;
  const options = [
    ["", _("Dejar sin ese teléfono")],
    ...(preview.by_city ? [["city", _("El de la ciudad de cada cliente")]] : []),
    ...codes.map((code) => [code, _("%(code)s para todos", { code })]),
  ];
  at("area-code").replaceChildren(
    ...options.map(([value, word]) => el("option", { value, selected: value === preview.area_code }, word)),
  );
  const n = preview.no_area_code;
  setText(
    at("area-words"),
    n
      ? ngettext(
          "Entre las primeras filas, %(n)s fijo viene sin indicativo. Elija uno, o queda solo en los avisos.",
          "Entre las primeras filas, %(n)s fijos vienen sin indicativo. Elija uno, o quedan solo en los avisos.",
          n,
          { n: numbers.format(n) },
        )
      : _("En las primeras filas no hay fijos sin indicativo. Los que haya más adelante siguen esta elección."),
  );
  setText(
    at("area-example"),
    preview.no_area_code_example ? _("Ejemplo: %(phone)s", { phone: preview.no_area_code_example }) : "",
  );
}
