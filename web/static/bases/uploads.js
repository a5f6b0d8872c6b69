/** The uploads there were, kept true by what is pushed. */

import { _ } from "../lib/gettext.js";
import { allInside, at, locale, numbers, timeZone } from "../lib/page.js";
import { el, icon } from "../lib/text.js";
import { stateWord } from "./state-word.js";
import { removeBase, undo, undoing } from "./undo.js";

/** @import { Job } from "./job.js" */

const parts = new Intl.DateTimeFormat(locale, {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  hour12: false,
  timeZone,
});

/** "21 nov 16:44": the words between are left out. @param {string} time */
function when(time) {
  const found = Object.fromEntries(parts.formatToParts(Date.parse(time)).map((part) => [part.type, part.value]));
  return `${found.day} ${found.month?.replace(".", "")} ${found.hour}:${found.minute}`;
}

/** @type {(job: Job) => void} */
let take = () => {};
/** @type {Job[]} */
let shown = [];

/**
 * Draw the uploads; `onChange` is told the job that changed.
 * @param {Job[]} uploads
 * @param {Job | null} current
 * @param {(job: Job) => void} onChange
 */
export function showUploads(uploads, current, onChange) {
  take = onChange;
  shown = uploads;
  at("no-uploads").hidden = uploads.length > 0;
  const focused = document.activeElement?.getAttribute("data-upload");
  at("upload-rows").replaceChildren(...uploads.map((job) => draw(job, job.id === current?.id)));
  if (focused) allInside(at("upload-rows"), `[data-upload="${focused}"]`)[0]?.focus();
}

/** @param {Job} job @param {boolean} chosen */
function draw(job, chosen) {
  const count = (/** @type {number} */ value) =>
    el("td", { class: "r" }, job.kind === "delete" ? "–" : numbers.format(value));
  return el(
    "tr",
    { class: [chosen ? "sel" : "", job.base_gone || job.state === "undone" ? "gone" : ""].join(" ").trim() || null },
    el("td", {}, el("a", { href: `/bases/cargas/${job.id}`, "data-upload": job.id }, job.name)),
    el("td", { class: "nowrap" }, when(job.created_at)),
    el("td", { class: "nowrap" }, job.by ?? "Atiende"),
    count(job.done),
    count(job.stored),
    el("td", { class: "r" }, refused(job)),
    el("td", {}, stateWord(job)),
    el("td", { class: "r nowrap acts-of" }, undoOf(job), ...ofBase(job)),
  );
}

/** How many were refused, with their file. @param {Job} job */
function refused(job) {
  const n = numbers.format(job.refused);
  if (job.kind === "delete") return "–";
  if (!job.refused) return n;
  return el(
    "a",
    {
      class: "file",
      href: job.report_url,
      download: true,
      title: _("Descargar rechazadas"),
      "aria-label": `${n}. ${_("Descargar rechazadas de %(name)s", { name: job.name })}`,
    },
    n,
  );
}

/** A button while it can be undone; why not when another upload lies over it. @param {Job} job */
function undoOf(job) {
  const { can, words } = undoing(job, shown);
  if (!can) return null;
  const about = `${_("Deshacer la carga de %(name)s", { name: job.name })}. ${words}`;
  return el(
    "button",
    {
      type: "button",
      class: "btn sm quiet",
      title: about,
      "aria-label": about,
      onclick: () => undo(job).then((next) => next && take(next)),
    },
    icon("undo", "s"),
    _("Deshacer"),
  );
}

/**
 * Whether the base's own actions stand in this row: in that of the latest upload that was not undone.
 * @param {Job} job
 */
function hasActions(job) {
  const its = shown.filter((one) => one.base === job.base && one.kind === "upload");
  return (its.find((one) => one.state !== "undone") ?? its[0]) === job;
}

/** What is about the whole base: take it out, delete it (S4-07, S4-16). @param {Job} job */
function ofBase(job) {
  if (job.base_gone || job.base === null || !hasActions(job) || job.state === "running") return [];
  const name = { name: job.name };
  return [
    el(
      "a",
      {
        class: "btn sm quiet",
        href: `/api/v1/bases/${job.base}/export`,
        download: true,
        title: _("Exportar la base (CSV)"),
        "aria-label": _("Exportar la base %(name)s (CSV)", name),
      },
      icon("dl", "s"),
      "CSV",
    ),
    el(
      "a",
      {
        class: "btn sm quiet",
        href: `/api/v1/bases/${job.base}/export?format=xlsx`,
        download: true,
        title: _("Exportar la base (Excel). Lo que pasa de 1.048.576 filas sigue en otra hoja."),
        "aria-label": _("Exportar la base %(name)s (Excel)", name),
      },
      "XLSX",
    ),
    el(
      "button",
      {
        type: "button",
        class: "btn sm quiet icon cross",
        title: _("Borrar la base"),
        "aria-label": _("Borrar la base %(name)s", name),
        onclick: () => removeBase(job),
      },
      icon("x"),
    ),
  ];
}
