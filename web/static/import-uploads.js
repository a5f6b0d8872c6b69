/** The uploads there were, kept true by what is pushed. */
import { percent } from "./import-load.js";
import { el, icon } from "./text.js";
import { _ } from "./words.js";

const at = (id) => document.getElementById(id);
const { locale, timeZone } = document.documentElement.dataset;
const number = new Intl.NumberFormat(locale);
const parts = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hour12: false, timeZone });

/** "21 nov 16:44": the words between are left out. */
function when(time) {
  const found = Object.fromEntries(parts.formatToParts(Date.parse(time)).map((part) => [part.type, part.value]));
  return `${found.day} ${found.month.replace(".", "")} ${found.hour}:${found.minute}`;
}

/** @param {any[]} uploads @param {any} current */
export function showUploads(uploads, current) {
  at("no-uploads").hidden = uploads.length > 0;
  const focused = document.activeElement?.dataset?.upload;
  at("upload-rows").replaceChildren(...uploads.map((job) => draw(job, job.id === current?.id)));
  if (focused) at("upload-rows").querySelector(`[data-upload="${focused}"]`)?.focus();
}

function draw(job, chosen) {
  const report = job.refused ? el("a", { class: "btn sm quiet icon", href: job.report_url, download: true, title: _("Descargar rechazadas"), "aria-label": _("Descargar rechazadas de %(name)s", { name: job.name }) }, icon("dl")) : null;
  const count = (value) => el("td", { class: "r" }, number.format(value));
  return el(
    "tr",
    { class: chosen ? "sel" : null },
    el("td", {}, el("a", { href: `/bases/cargas/${job.id}`, "data-upload": job.id }, job.name)),
    el("td", {}, when(job.created_at)),
    el("td", {}, job.by ?? "Atiende"),
    count(job.done),
    count(job.stored),
    count(job.refused),
    el("td", {}, state(job)),
    el("td", { class: "r nowrap" }, report),
  );
}

function state(job) {
  const [hue, name, word] = {
    done: ["green", "check", _("Completa")],
    running: ["blue", "upload", _("Cargando %(percent)s %", { percent: percent(job) })],
    stopped: ["amber", "pause", _("Detenida")],
    failed: ["red", "alert", _("Se detuvo")],
  }[job.state] ?? ["grey", "file", ""];
  return el("span", { class: `plain k-${hue}` }, icon(name), word);
}
