/** The fourth step, and the trial while it runs: how far it is, how fast, what became of the rows. */

import { _ } from "../lib/gettext.js";
import { at, inside, locale, numbers, timeZone } from "../lib/page.js";
import { setIcon, setText } from "../lib/text.js";
import { percent } from "./job.js";
import { noticeWords, rowsWords, titleWords } from "./load-words.js";
import { undoing } from "./undo.js";

/** @import { Job } from "./job.js" */

const clock = new Intl.DateTimeFormat(locale, { timeStyle: "medium", timeZone, hour12: false });
/** Rows and time at the first look, for the speed of now and not of an upload that was stopped for a night. */
let from = { id: "", done: 0, at: 0 };

/** Show how far a load is. @param {Job} job @param {Job[]} uploads those there were, for what can be undone */
export function showLoad(job, uploads) {
  const now = percent(job);
  setText(at("load-title"), titleWords(job));
  const began = job.started_at ? _("empezó a las %(time)s", { time: clock.format(Date.parse(job.started_at)) }) : "";
  setText(at("load-when"), [began, job.by].filter(Boolean).join(", "));
  setText(at("load-percent"), `${now} %`);
  setText(at("load-rows"), rowsWords(job));
  at("load-meter").setAttribute("aria-valuenow", String(now));
  inside(at("load-meter"), "i").style.width = `${now}%`;
  const campaign = job.campaign?.name;
  setText(at("load-cases-lab"), campaign ? _("Casos creados en %(campaign)s", { campaign }) : _("Casos creados"));
  showSpeed(job);
  at("load-facts").hidden = job.kind === "delete";
  showActs(job, uploads);
  showNotice(job);
}

/** @param {Job} job */
const isGoing = (job) => job.state === "running" || job.state === "checking";
/** Whether what was loaded is being taken out, or was. @param {Job} job */
const isTakenOut = (job) => job.state === "undoing" || job.state === "undone" || job.kind === "delete";

/** What can be done with it now. @param {Job} job @param {Job[]} uploads */
function showActs(job, uploads) {
  const going = isGoing(job);
  at("stop").hidden = !going || isTakenOut(job);
  const { can, words } = undoing(job, uploads);
  at("undo").hidden = !can;
  setText(at("load-undo"), words);
  setText(at("go-on"), job.to_agree ? _("Revisar y continuar") : _("Continuar"));
  const unread = job.base === null && !job.total;
  at("go-on").hidden =
    job.base_gone || unread || job.kind === "delete" || (job.state !== "stopped" && job.state !== "failed");
  const report = /** @type {HTMLAnchorElement} */ (at("load-report"));
  report.hidden = going || !job.refused;
  report.href = job.report_url;
  const assign = /** @type {HTMLAnchorElement} */ (at("to-assign"));
  assign.hidden = job.state !== "done" || job.kind === "delete" || !job.campaign;
  assign.href = `/asignaciones?campana=${job.campaign?.id ?? ""}`;
}

/** Rows a second, and how long it will still take. @param {Job} job */
function showSpeed(job) {
  if (isTakenOut(job)) return setText(at("load-speed"), "–");
  const going = isGoing(job);
  const speed = going ? speedOfNow(job) : speedOfAll(job);
  const rows = numbers.format(Math.round(speed));
  setText(at("load-speed"), speed ? _("%(rows)s filas por segundo", { rows }) : "–");
  const left = going && speed ? Math.ceil((job.total - job.done) / speed) : 0;
  const time = left < 90 ? `${left} s` : `${Math.ceil(left / 60)} min`;
  return setText(at("load-left"), left > 0 ? _("quedan unos %(time)s", { time }) : "");
}

/** @param {Job} job */
function speedOfNow(job) {
  const id = `${job.id} ${job.state}`;
  const time = performance.now();
  if (from.id !== id || job.done < from.done) from = { id, done: job.done, at: time };
  const seconds = (time - from.at) / 1000;
  return seconds > 0.5 ? (job.done - from.done) / seconds : 0;
}

/** @param {Job} job */
function speedOfAll(job) {
  if (!job.ended_at || !job.started_at) return 0;
  return job.done / Math.max(0.1, (Date.parse(job.ended_at) - Date.parse(job.started_at)) / 1000);
}

/** @param {Job} job */
function showNotice(job) {
  const { hue, picture, strong, rest } = noticeWords(job);
  const box = at("load-notice");
  box.className = `notice k-${hue}`;
  setIcon(box.querySelector("svg"), picture);
  setText(box.querySelector("strong"), strong);
  setText(box.querySelector("span > span"), rest);
}
