/** The first rows of a file as they read with the chosen columns: what is wrong in them, and why. */

import { _ } from "../lib/gettext.js";
import { allInside, at } from "../lib/page.js";
import { el, icon } from "../lib/text.js";

/** @import { Choices, FilePreview, PreviewCell, PreviewColumn } from "./job.js" */

const LONG = 24; // from so many characters on a cell is cut and shown whole as its title

/** Draw the first rows below the heads. @param {FilePreview} preview @param {Choices} choices */
export function drawRows(preview, choices) {
  const rows = preview.rows.map((row) =>
    el(
      "tr",
      { class: row.wrong ? "bad" : null, title: row.wrong ? choices.reasons[row.wrong] : null },
      row.cells.map((cell, place) => drawCell(cell, preview.columns[place], choices)),
    ),
  );
  allInside(at("map"), "tbody")[0]?.replaceChildren(...rows);
}

/** @param {PreviewCell} cell @param {PreviewColumn | undefined} column @param {Choices} choices */
function drawCell(cell, column, choices) {
  const side = choices.amounts.includes(column?.field ?? "") ? "r" : null;
  if (cell.wrong) return el("td", { class: side }, wrongText(cell.text, choices.reasons[cell.wrong] ?? ""));
  if (!cell.text) return el("td", { class: side }, el("span", { class: "mut" }, _("vacío")));
  const title = cell.text.length > LONG ? cell.text : null;
  const text = el("span", { class: column?.field ? "cut" : "cut mut", title }, cell.text);
  return el(
    "td",
    { class: side },
    text,
    cell.read ? el("span", { class: "read cut", title: cell.read }, cell.read) : null,
  );
}

/** @param {string} text @param {string} why */
const wrongText = (text, why) =>
  el(
    "span",
    { class: "warned", title: why },
    icon("alert", "s"),
    text || _("vacío"),
    el("span", { class: "vh" }, ` (${why})`),
  );
