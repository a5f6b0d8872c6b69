/** The third step: why rows would be refused, by reason, row by row, and as a file. */

import { api } from "../lib/api.js";
import { _, ngettext } from "../lib/gettext.js";
import { at, numbers } from "../lib/page.js";
import { el, setText } from "../lib/text.js";

const { locale, timeZone } = document.documentElement.dataset;
const clock = new Intl.DateTimeFormat(locale, { timeStyle: "medium", timeZone, hour12: false });
let job = null;
let reason = null;
let next = null;
let mendable = false;

/** Whether landlines without indicativo can be mended by the city. */
export function canMend(can) {
  mendable = can;
}

at("refused-more").addEventListener("click", () => load(true));

/** @param {any} checked the job after its trial */
export async function showRefusals(checked) {
  job = checked;
  reason = null;
  const seconds = (Date.parse(job.ended_at) - Date.parse(job.started_at)) / 1000;
  const took = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(seconds);
  at("check-when").replaceChildren(
    _("Prueba de las %(time)s, en %(seconds)s s.", { time: clock.format(Date.parse(job.ended_at)), seconds: took }),
    el("br"),
    _("No se ha guardado nada."),
  );
  await load(false);
}

async function load(more) {
  const query = new URLSearchParams({
    limit: "11",
    ...(reason ? { reason } : {}),
    ...(more && next ? { after: next } : {}),
  });
  const answer = await api.get(`/jobs/${job.id}/refusals?${query}`);
  if (answer.refused) return;
  const { reasons, items } = answer.value;
  next = answer.value.next;
  drawReasons(reasons);
  const rows = items.map(drawRow);
  if (more) at("refused").append(...rows);
  else at("refused").replaceChildren(...rows);
  const chosen = reasons.find((one) => one.reason === reason);
  const total = chosen ? chosen.count : job.refused;
  const shown = at("refused").rows.length;
  setText(at("refused-title"), chosen?.title ?? _("Todas las rechazadas"));
  setText(at("refused-count"), ngettext("%(n)s fila", "%(n)s filas", total, { n: numbers.format(total) }));
  at("none-refused").hidden = shown > 0;
  at("refused").parentElement.hidden = shown === 0;
  setText(
    at("refused-shown"),
    shown ? _("1 a %(shown)s de %(total)s", { shown: numbers.format(shown), total: numbers.format(total) }) : "",
  );
  at("refused-more").hidden = next === null || shown >= total;
  const columns = new Set(items.map((row) => row.column));
  setText(at("refused-value"), chosen && columns.size === 1 && items[0].column ? items[0].column : _("Valor"));
  at("refused-list").classList.toggle("one-reason", Boolean(chosen) && !byCity());
  setText(at("refused-why"), byCity() ? _("Indicativo por ciudad") : _("Motivo"));
  at("mend").hidden = !byCity() || !mendable;
  drawReport(chosen, total);
}

const byCity = () => reason === "no-area-code";

function cityWords(row) {
  if (row.area_code) return `(${row.area_code}), ${row.city}`;
  return row.city ? _("Ciudad desconocida: %(city)s", { city: row.city }) : _("Sin ciudad");
}

function drawReport(chosen, total) {
  const link = at("report");
  link.hidden = total === 0;
  link.href = job.report_url + (chosen?.warning ? "?warnings=true" : "");
  const words = chosen?.warning
    ? _("Descargar los avisos (CSV)")
    : ngettext("Descargar la rechazada (CSV)", "Descargar las %(n)s (CSV)", job.refused, {
        n: numbers.format(job.refused),
      });
  setText(link.querySelector("span"), words);
}

function drawReasons(reasons) {
  const most = Math.max(1, ...reasons.map((one) => one.count));
  const all = { reason: null, title: _("Todos"), count: job.refused };
  at("reasons").replaceChildren(
    ...[all, ...reasons].map((one) => {
      const on = one.reason === reason;
      const bar = el("i");
      bar.style.width = `${(100 * one.count) / most}%`;
      bar.style.setProperty("--c", "var(--bar)");
      const title = one.warning ? _("Aviso: %(title)s", { title: one.title }) : one.title;
      return el(
        "button",
        {
          type: "button",
          class: `why${on ? " on" : ""}`,
          "aria-pressed": String(on),
          onclick: () => ((reason = one.reason), load(false)),
        },
        el(
          "span",
          { class: "row" },
          el("span", { class: "cut grow" }, title),
          el("b", { class: "num" }, numbers.format(one.count)),
        ),
        one.reason ? el("span", { class: "meter" }, bar) : null,
      );
    }),
  );
}

function drawRow(row) {
  const text = (value) => el("td", {}, el("span", { class: "cut", title: value }, value));
  const empty = row.column ? el("span", { class: "mut" }, _("vacío")) : el("span", { class: "mut" }, "–");
  const value = row.reason === "repeated" ? _("igual a la %(row)s", { row: row.value }) : row.value;
  const bad = value ? el("span", { class: "badv cut", title: value }, value) : empty;
  return el(
    "tr",
    { title: row.sentence },
    el("td", { class: "r mut" }, numbers.format(row.row)),
    text(row.document),
    text(row.name),
    el("td", {}, bad),
    byCity() ? text(cityWords(row)) : text(row.column ? `${row.title} (${row.column})` : row.title),
  );
}
