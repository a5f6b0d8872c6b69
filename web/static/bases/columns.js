/** The second step: how the file is written, which column is which, and how its first rows read with that. */

import { _, ngettext } from "../lib/gettext.js";
import { allInside, at, button, field, numbers } from "../lib/page.js";
import { el, icon, setText } from "../lib/text.js";
import { showChoices } from "./choices.js";
import { drawRows } from "./sample-rows.js";

/** @import { Change, Choices, FilePreview, PreviewAnswer, PreviewColumn } from "./job.js" */

const ROWS_OF_HEADER = 10;
/** @type {Change} */
let change = () => {};
/** @type {PreviewColumn[]} */
let columns = [];

for (const id of ["encoding", "separator", "dates"])
  at(id).addEventListener("change", () => change({ [id]: field(id).value }));
at("header").addEventListener("change", () => {
  const row = Number(field("header").value);
  change(row ? { header_row: row } : { header: false });
});
at("sheet").addEventListener("change", () => change({ sheet: field("sheet").value }));

/** A size as people read it. @param {number} bytes */
function size(bytes) {
  const megabytes = bytes / 1e6;
  return megabytes >= 0.1
    ? `${numbers.format(Math.round(megabytes * 10) / 10)} MB`
    : `${numbers.format(Math.ceil(bytes / 1000))} KB`;
}

/** Show the step. @param {PreviewAnswer} answer @param {Choices} choices @param {Change} onChange */
export function showColumns(answer, choices, onChange) {
  const { job, preview } = answer;
  change = onChange;
  columns = preview.columns;
  setText(at("file-name"), job.file_name);
  const lines = ngettext("%(n)s línea", "%(n)s líneas", job.total, { n: numbers.format(job.total) });
  setText(at("file-size"), `${size(job.size)}, ${lines}`);
  drawWriting(preview);
  drawTop(preview);
  drawSheets(preview);
  drawState(preview, choices);
  drawHead(preview, choices);
  drawRows(preview, choices);
  showChoices(answer, choices, onChange);
}

/** How the file is written. @param {FilePreview} preview */
function drawWriting(preview) {
  for (const id of ["encoding", "separator", "accents"])
    at(id).parentElement?.toggleAttribute("hidden", preview.workbook);
  at("encoding-unknown").hidden = !preview.doubtful;
  at("encoding-doubtful").hidden = !preview.doubtful;
  field("encoding").value = preview.doubtful ? "" : preview.encoding;
  field("separator").value = preview.separator === "\t" ? "tab" : preview.separator;
  field("dates").value = preview.dates;
  at("accents").replaceChildren(...accents(preview));
}

/** Where the header stands: the first rows to choose from, as they begin. @param {FilePreview} preview */
function drawTop(preview) {
  const now = preview.header ? preview.header_row : 0;
  const shown = preview.top.filter((row, place) => place < ROWS_OF_HEADER || row.number === now);
  const rows = shown.map(({ number, text }) => [number, _("Fila %(number)s: %(text)s", { number, text })]);
  at("header").replaceChildren(
    ...[...rows, [0, _("No tiene")]].map(([value, word]) => el("option", { value, selected: value === now }, word)),
  );
}

/** The sheets of a workbook: which is read, and which are not. @param {FilePreview} preview */
function drawSheets(preview) {
  at("sheet-field").hidden = preview.sheets.length < 2;
  const read = preview.sheets_read.join(", ");
  const found = preview.sheet ? _("La más probable") : _("Detectada: %(sheets)s", { sheets: read });
  const options = [["", found], ...preview.sheets.map((name) => [name, name])];
  at("sheet").replaceChildren(
    ...options.map(([value, word]) => el("option", { value, selected: value === preview.sheet }, word)),
  );
  at("sheets-left").hidden = !preview.sheets_left.length;
  const sheets = preview.sheets_left.join(", ");
  setText(
    at("sheets-left-names"),
    _("Se lee: %(read)s. Estas otras hojas no se cargan: %(sheets)s.", { read, sheets }),
  );
}

/** @param {FilePreview} preview */
function accents(preview) {
  const words = el("b", { class: "strong" }, preview.accents.join(", "));
  if (preview.doubtful) {
    const encoding = at("encoding").querySelector(`[value="${preview.encoding}"]`)?.textContent ?? "";
    return [`${_("Con %(encoding)s se leen así:", { encoding })} `, words];
  }
  const found = preview.guessed ? _("Detectados al leer el archivo.") : _("Cambiados a mano.");
  if (!preview.accents.length) return [`${found} ${_("No se encontraron tildes ni eñes en el archivo.")}`];
  return [`${found} ${_("Así se leen las tildes:")} `, words, `. ${_("Si no se ven bien, cambie la codificación.")}`];
}

/** Say what is missing and what is to be looked at. @param {FilePreview} preview @param {Choices} choices */
function drawState(preview, choices) {
  const used = preview.columns.filter((column) => column.field).length;
  setText(at("columns-count"), _("%(all)s en el archivo, %(used)s se importan", { all: preview.columns.length, used }));
  const fields = new Set(preview.columns.map((column) => column.field));
  const missing = preview.key.some((word) => word !== "document_type" && !fields.has(choices.key_fields[word] ?? ""));
  const wrong = preview.columns.filter((column) => column.wrong).length;
  const state = (/** @type {string} */ hue, /** @type {string} */ picture, /** @type {string} */ word) =>
    el("span", { class: `plain k-${hue}` }, icon(picture), word);
  const key = missing
    ? state("red", "alert", _("Falta la columna de la clave de cliente"))
    : state("green", "check", _("Clave de cliente completa"));
  const review = ngettext("%(count)s columna por revisar", "%(count)s columnas por revisar", wrong);
  at("columns-state").replaceChildren(key, ...(wrong ? [state("amber", "alert", review)] : []));
  button("check").disabled = missing || preview.doubtful;
}

/** @param {FilePreview} preview @param {Choices} choices */
function drawHead(preview, choices) {
  const focused = document.activeElement?.getAttribute("data-column");
  const key = new Set(preview.key.map((word) => choices.key_fields[word]));
  const heads = preview.columns.map((column, place) => {
    return head(column, place, { isKey: key.has(column.field), byColumn: preview.dates === "column" }, choices);
  });
  allInside(at("map"), "thead tr")[0]?.replaceChildren(...heads);
  if (focused) allInside(at("map"), `[data-column="${focused}"]`)[0]?.focus();
}

/**
 * The head of a column: its name, its field, and the order of its dates where the columns differ.
 * @param {PreviewColumn} column
 * @param {number} place
 * @param {{isKey: boolean, byColumn: boolean}} how
 * @param {Choices} choices
 */
function head(column, place, { isKey, byColumn }, choices) {
  const mark = isKey ? el("span", { title: _("Parte de la clave de cliente") }, icon("key", "s")) : null;
  const kind = column.wrong ? " warn" : column.field ? "" : " off";
  const label = _("Dato de la columna %(name)s", { name: column.name });
  const pick = el(
    "select",
    { class: `pick sm w${kind}`, "data-column": place, "aria-label": label },
    options(column, choices),
  );
  pick.addEventListener("change", () => choose(place, pick.value));
  return el(
    "th",
    { scope: "col" },
    el("span", { class: "src" }, el("span", { class: "cut", title: column.name }, column.name), mark),
    pick,
    byColumn && column.dates ? el("span", { class: "meta order" }, choices.dates[column.dates]) : null,
  );
}

/** @param {PreviewColumn} column @param {Choices} choices */
function options(column, choices) {
  const custom = `custom:${column.name}`;
  /** @type {Record<string, string>} */
  const all = { "": _("No importar"), ...choices.fields, [custom]: _("Campo propio") };
  if (column.field.startsWith("custom:") && !(column.field in all)) all[column.field] = column.field.slice(7);
  return Object.entries(all).map(([value, word]) => el("option", { value, selected: value === column.field }, word));
}

/** A field goes to one column only: the column that had it is left out. @param {number} place @param {string} name */
function choose(place, name) {
  const others = columns.map((column) => (column.field === name ? "" : column.field));
  change({ columns: others.with(place, name) });
}
