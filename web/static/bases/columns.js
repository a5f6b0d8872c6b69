/** The second step: how the file is written, which column is which, and how its first rows read with that. */

import { _, ngettext } from "../lib/gettext.js";
import { at, numbers } from "../lib/page.js";
import { el, icon, setText } from "../lib/text.js";
import { showChoices } from "./choices.js";

const KEY_FIELDS = {
  document_type: "tipo_documento",
  document: "documento",
  account: "cuenta",
  phone: "telefono",
  email: "correo",
};
const RIGHT = new Set(["saldo"]);
let change = () => {};
let shown = null;

for (const id of ["encoding", "separator", "dates"])
  at(id).addEventListener("change", () => change({ [id]: at(id).value }));
at("header").addEventListener("change", () => change({ header: at("header").value === "true" }));

const size = (bytes) => {
  const megabytes = bytes / 1e6;
  return megabytes >= 0.1
    ? `${numbers.format(Math.round(megabytes * 10) / 10)} MB`
    : `${numbers.format(Math.ceil(bytes / 1000))} KB`;
};

/** @param {{job: any, preview: any}} answer @param {any} choices @param {(change: object) => void} onChange */
export function showColumns(answer, choices, onChange) {
  const { job, preview } = answer;
  change = onChange;
  shown = preview;
  setText(at("file-name"), job.file_name);
  setText(
    at("file-size"),
    `${size(job.size)}, ${ngettext("%(n)s línea", "%(n)s líneas", job.total, { n: numbers.format(job.total) })}`,
  );
  at("encoding").value = preview.encoding;
  at("separator").value = preview.separator === "\t" ? "tab" : preview.separator;
  at("dates").value = preview.dates;
  at("header").value = String(preview.header);
  at("accents").replaceChildren(...accents(preview));
  at("sheets-left").hidden = !preview.sheets_left.length;
  setText(
    at("sheets-left-names"),
    _("Se lee la primera hoja con filas. Estas otras no se cargan: %(sheets)s.", {
      sheets: preview.sheets_left.join(", "),
    }),
  );
  drawState(preview);
  drawHead(preview, choices);
  drawRows(preview, choices);
  showChoices(answer, choices, onChange);
}

function accents(preview) {
  const found = preview.guessed ? _("Detectados al leer el archivo.") : _("Cambiados a mano.");
  if (!preview.accents.length) return [`${found} ${_("No se encontraron tildes ni eñes en el archivo.")}`];
  return [
    `${found} ${_("Así se leen las tildes:")} `,
    el("b", { class: "strong" }, preview.accents.join(", ")),
    `. ${_("Si no se ven bien, cambie la codificación.")}`,
  ];
}

function drawState(preview, choices) {
  const used = preview.columns.filter((column) => column.field).length;
  setText(at("columns-count"), _("%(all)s en el archivo, %(used)s se importan", { all: preview.columns.length, used }));
  const fields = new Set(preview.columns.map((column) => column.field));
  const missing = preview.key.filter((word) => word !== "document_type" && !fields.has(choices.key_fields[word]));
  const wrong = preview.columns.filter((column) => column.wrong).length;
  const key = missing.length
    ? el("span", { class: "plain k-red" }, icon("alert"), _("Falta la columna de la clave de cliente"))
    : el("span", { class: "plain k-green" }, icon("check"), _("Clave de cliente completa"));
  const review = wrong
    ? el(
        "span",
        { class: "plain k-amber" },
        icon("alert"),
        ngettext("%(count)s columna por revisar", "%(count)s columnas por revisar", wrong),
      )
    : null;
  at("columns-state").replaceChildren(...[key, review].filter(Boolean));
  at("check").disabled = missing.length > 0;
}

function drawHead(preview, choices) {
  const focused = document.activeElement?.dataset?.column;
  const key = new Set(preview.key.map((word) => choices.key_fields[word]));
  at("map").tHead.rows[0].replaceChildren(
    ...preview.columns.map((column, place) => {
      const mark = key.has(column.field)
        ? el("span", { title: _("Parte de la clave de cliente") }, icon("key", "s"))
        : null;
      const kind = column.wrong ? " warn" : column.field ? "" : " off";
      const pick = el(
        "select",
        {
          class: `pick sm w${kind}`,
          "data-column": place,
          "aria-label": _("Dato de la columna %(name)s", { name: column.name }),
        },
        options(column, choices),
      );
      pick.addEventListener("change", () => choose(place, pick.value));
      return el(
        "th",
        { scope: "col" },
        el("span", { class: "src" }, el("span", { class: "cut", title: column.name }, column.name), mark),
        pick,
      );
    }),
  );
  if (focused !== undefined) at("map").querySelector(`[data-column="${focused}"]`)?.focus();
}

function options(column, choices) {
  const custom = `custom:${column.name}`;
  const all = { "": _("No importar"), ...choices.fields, [custom]: _("Campo propio") };
  if (column.field.startsWith("custom:") && !(column.field in all)) all[column.field] = column.field.slice(7);
  return Object.entries(all).map(([value, word]) => el("option", { value, selected: value === column.field }, word));
}

/** A field goes to one column only: the column that had it is left out. */
function choose(place, field) {
  change({
    columns: shown.columns.map((column, other) =>
      other === place ? field : column.field === field ? "" : column.field,
    ),
  });
}

function drawRows(preview, choices) {
  at("map").tBodies[0].replaceChildren(
    ...preview.rows.map((row) =>
      el(
        "tr",
        { class: row.wrong ? "bad" : null, title: row.wrong ? choices.reasons[row.wrong] : null },
        row.cells.map((cell, place) => drawCell(cell, preview.columns[place], choices)),
      ),
    ),
  );
}

function drawCell(cell, column, choices) {
  const side = choices.amounts.includes(column?.field) ? "r" : null;
  if (cell.wrong) {
    const why = choices.reasons[cell.wrong];
    return el(
      "td",
      { class: side },
      el(
        "span",
        { class: "warned", title: why },
        icon("alert", "s"),
        cell.text || _("vacío"),
        el("span", { class: "vh" }, ` (${why})`),
      ),
    );
  }
  if (!cell.text) return el("td", { class: side }, el("span", { class: "mut" }, _("vacío")));
  return el(
    "td",
    { class: side },
    el(
      "span",
      { class: column?.field ? "cut" : "cut mut", title: cell.text.length > 24 ? cell.text : null },
      cell.text,
    ),
  );
}
