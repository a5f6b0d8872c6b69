/** The third step: why rows would be refused, by reason, row by row, and as a file. */

import { api } from "../lib/api.js";
import { _, ngettext } from "../lib/gettext.js";
import { at, locale, numbers, timeZone } from "../lib/page.js";
import { el, setText } from "../lib/text.js";

/** @import { Job } from "./job.js" */
/** @typedef {{reason: string | null, title: string, count: number, warning?: boolean, optional?: boolean}} Reason */
/**
 * A row of the file that was refused or warned about: queue/bases/uploads/refused_rows.py.
 * @typedef {Object} RefusedRow
 * @property {number} row
 * @property {string} document
 * @property {string} name
 * @property {string} column
 * @property {string} value
 * @property {string} reason
 * @property {string} title
 * @property {string} sentence
 * @property {string[]} more further reasons of the same row
 * @property {string} city
 * @property {string | null} area_code the one that the city would give
 */

const clock = new Intl.DateTimeFormat(locale, { timeStyle: "medium", timeZone, hour12: false });
/** @type {Job} */
let job;
/** @type {string | null} */
let reason = null;
/** Whether it is about rows that are stored without a cell. */
let warning = false;
/** @type {string[]} reasons that refuse their rows */
let refused = [];
/** @type {string | null} */
let next = null;
let mendable = false;

/** Say whether landlines without indicativo can be mended by the city. @param {boolean} can */
export function canMend(can) {
  mendable = can;
}

/** Which reasons were chosen to refuse their rows. @param {string[]} reasons */
export function knowRefused(reasons) {
  refused = reasons;
}

/** The reasons that refuse once the one that is shown is changed over. */
export function refuseOrNot() {
  return refused.includes(reason ?? "") ? refused.filter((one) => one !== reason) : [...refused, reason ?? ""];
}

at("refused-more").addEventListener("click", () => load(true));

/** Show why rows would be refused. @param {Job} checked the job after its trial */
export async function showRefusals(checked) {
  job = checked;
  reason = null;
  warning = false;
  const ended = Date.parse(job.ended_at ?? "");
  const seconds = (ended - Date.parse(job.started_at ?? "")) / 1000;
  const took = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(seconds);
  at("check-when").replaceChildren(
    _("Prueba de las %(time)s, en %(seconds)s s.", { time: clock.format(ended), seconds: took }),
    el("br"),
    _("No se ha guardado nada."),
  );
  await load(false);
}

/** @param {boolean} more whether they come below those that are shown */
async function load(more) {
  const query = new URLSearchParams({
    limit: "11",
    ...(reason ? { reason, warning: String(warning) } : {}),
    ...(more && next ? { after: next } : {}),
  });
  const answer = await api.get(`/jobs/${job.id}/refusals?${query}`);
  if (answer.refused) return;
  const { reasons, items } = answer.value;
  next = answer.value.next;
  drawReasons(reasons);
  drawRows(items, more);
  const chosen = reasons.find((/** @type {Reason} */ one) => isChosen(one));
  drawHead(chosen, items);
  drawCounts(chosen?.count ?? job.refused);
  drawReport(chosen, chosen?.count ?? job.refused);
}

/** @param {Reason} one */
const isChosen = (one) => one.reason === reason && Boolean(one.warning) === warning;
const table = () => /** @type {HTMLTableSectionElement} */ (at("refused"));
const byCity = () => reason === "no-area-code";

/** @param {RefusedRow[]} items @param {boolean} more */
function drawRows(items, more) {
  const rows = items.map(drawRow);
  if (more) table().append(...rows);
  else table().replaceChildren(...rows);
}

/** @param {Reason | undefined} chosen @param {RefusedRow[]} items */
function drawHead(chosen, items) {
  setText(at("refused-title"), chosen?.title ?? _("Todas las rechazadas"));
  const columns = new Set(items.map((row) => row.column));
  const column = columns.size === 1 ? items[0]?.column : "";
  setText(at("refused-value"), (chosen && column) || _("Valor"));
  at("refused-list").classList.toggle("one-reason", Boolean(chosen) && !byCity());
  setText(at("refused-why"), byCity() ? _("Indicativo por ciudad") : _("Motivo"));
  at("mend").hidden = !byCity() || !mendable;
  at("refuse").hidden = !chosen?.optional || !(warning || refused.includes(reason ?? ""));
  setText(
    at("refuse"),
    warning ? _("Rechazar estas filas y probar otra vez") : _("Dejar la celda vacía y probar otra vez"),
  );
}

/** @param {number} total */
function drawCounts(total) {
  const shown = table().rows.length;
  const words = { shown: numbers.format(shown), total: numbers.format(total) };
  setText(at("refused-count"), ngettext("%(n)s fila", "%(n)s filas", total, { n: words.total }));
  at("none-refused").hidden = shown > 0;
  table().parentElement?.toggleAttribute("hidden", shown === 0);
  setText(at("refused-shown"), shown ? _("1 a %(shown)s de %(total)s", words) : "");
  at("refused-more").hidden = next === null || shown >= total;
}

/** @param {RefusedRow} row */
function cityWords(row) {
  if (row.area_code) return `(${row.area_code}), ${row.city}`;
  return row.city ? _("Ciudad desconocida: %(city)s", { city: row.city }) : _("Sin ciudad");
}

/** The reason, its column, and how many more there are. @param {RefusedRow} row */
function whyWords(row) {
  const first = row.column ? `${row.title} (${row.column})` : row.title;
  const n = row.more.length;
  return n ? ngettext("%(first)s y %(n)s motivo más", "%(first)s y %(n)s motivos más", n, { first, n }) : first;
}

/** @param {Reason | undefined} chosen @param {number} total */
function drawReport(chosen, total) {
  const link = /** @type {HTMLAnchorElement} */ (at("report"));
  link.hidden = total === 0;
  link.href = job.report_url + (chosen?.warning ? "?warnings=true" : "");
  const n = numbers.format(job.refused);
  const refused = ngettext("Descargar la rechazada (CSV)", "Descargar las %(n)s (CSV)", job.refused, { n });
  setText(link.querySelector("span"), chosen?.warning ? _("Descargar los avisos (CSV)") : refused);
}

/** @param {Reason[]} reasons */
function drawReasons(reasons) {
  const most = Math.max(1, ...reasons.map((one) => one.count));
  const all = { reason: null, title: _("Todas las rechazadas"), count: job.refused };
  at("reasons").replaceChildren(...[all, ...reasons].map((one) => reasonButton(one, most)));
}

/** @param {Reason} one @param {number} most */
function reasonButton(one, most) {
  const on = isChosen(one);
  const bar = el("i");
  bar.style.width = `${(100 * one.count) / most}%`;
  bar.style.setProperty("--c", "var(--bar)");
  const title = one.warning ? _("Aviso: %(title)s", { title: one.title }) : one.title;
  const choose = () => {
    reason = one.reason;
    warning = Boolean(one.warning);
    load(false);
  };
  return el(
    "button",
    { type: "button", class: on ? "why on" : "why", "aria-pressed": String(on), onclick: choose },
    el(
      "span",
      { class: "row" },
      el("span", { class: "cut grow" }, title),
      el("b", { class: "num" }, numbers.format(one.count)),
    ),
    one.reason ? el("span", { class: "meter" }, bar) : null,
  );
}

/** @param {RefusedRow} row */
function drawRow(row) {
  const text = (/** @type {string} */ value) => el("td", {}, el("span", { class: "cut", title: value }, value));
  const empty = row.column ? el("span", { class: "mut" }, _("vacío")) : el("span", { class: "mut" }, "–");
  const value = row.reason === "repeated" ? _("igual a la %(row)s", { row: row.value }) : row.value;
  const bad = value ? el("span", { class: "badv cut", title: value }, value) : empty;
  return el(
    "tr",
    { title: [row.sentence, ...row.more].join(" ") },
    el("td", { class: "r mut" }, numbers.format(row.row)),
    text(row.document),
    text(row.name),
    el("td", {}, bad),
    byCity() ? text(cityWords(row)) : text(whyWords(row)),
  );
}
