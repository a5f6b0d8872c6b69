/** `/bases`: a file, its columns, a trial, the load; progress is pushed by `import.progressed`. */

import { api } from "../lib/api.js";
import { _ } from "../lib/gettext.js";
import { live } from "../lib/live.js";
import { allInside, at, button, input, inside, numbers, pageData } from "../lib/page.js";
import { setText } from "../lib/text.js";
import { mayGoOn, sayTicks, showConfirm } from "./agreement.js";
import { showColumns } from "./columns.js";
import { sendFile } from "./file.js";
import { percent } from "./job.js";
import { showLoad } from "./load.js";
import { canMend, knowRefused, refuseOrNot, showRefusals } from "./refused-rows.js";
import { showStep, stepOf } from "./steps.js";
import { undo } from "./undo.js";
import { showUploads } from "./uploads.js";

/** @import { Change, Choices, Job } from "./job.js" */
/** @import { Base } from "./key.js" */

/** @type {{job: Job | null, uploads: Job[], choices: Choices, bases: Base[]}} */
const { job: first, uploads, choices, bases } = pageData("import");
/** The upload this page is about, as last told; null until a file is given. */
let job = first;

/** @param {HTMLElement} box @param {Job} one */
function fillCounts(box, one) {
  const counts = new Map(Object.entries(one));
  for (const place of allInside(box, "[data-count]"))
    setText(place, numbers.format(Number(counts.get(place.dataset.count ?? ""))));
}

function show() {
  const step = stepOf(job);
  showStep(job);
  if (job && step === 2) {
    fillCounts(at("step-check"), job);
    setText(at("run"), _("Importar %(count)s filas", { count: numbers.format(stored(job)) }));
    showConfirm(job, stored(job));
  }
  if (job && step === 3) {
    fillCounts(at("step-load"), job);
    showLoad(job, uploads);
  }
  showUploads(uploads, job, take);
}

/** How many rows would be stored. @param {Job} one */
const stored = (one) => one.total - one.refused;

/** Say a refusal above the step, or take it away. @param {{message: string} | null} refused */
function refuse(refused) {
  at("import-error").hidden = !refused;
  setText(inside(at("import-error"), "span"), refused?.message ?? "");
}

/** Take up what is newer than what is shown, here and in the list. @param {Job} next */
function take(next) {
  if (next.base !== null) keepInList(next);
  if (next.kind === "delete" && next.base_gone)
    for (const one of uploads) if (one.base === next.base) one.base_gone = true;
  const before = job;
  const mine = before?.id === next.id && before.version <= next.version;
  if (mine) job = next;
  show();
  if (mine && next.state !== before.state) enter();
}

/** @param {Job} next */
function keepInList(next) {
  const place = uploads.findIndex((one) => one.id === next.id);
  const known = uploads[place];
  if (!known) uploads.unshift(next);
  else if (known.version <= next.version) uploads[place] = next;
}

/** What a step reads when it begins; the job may be at another one when the answer is there. */
async function enter() {
  const step = stepOf(job);
  if (job?.state === "reading") await look(job);
  if (job && step === 1) await enterColumns(job);
  if (job && step === 2) await enterTrial(job);
  if (stepOf(job) !== step) return;
  document.title = `${job?.state === "running" ? `${percent(job)} % · ` : ""}${_("Subir base")} · Atiende`;
}

/** What was told before this page heard of it. @param {Job} one */
async function look(one) {
  const answer = await api.get(`/jobs/${one.id}`);
  if (!answer.refused && answer.value.state !== "reading") take(answer.value);
}

/** @param {Job} one */
async function enterColumns(one) {
  const answer = await api.get(`/jobs/${one.id}/preview`);
  if (stepOf(job) !== 1) return;
  if (answer.refused) return refuse(answer.refused);
  job = answer.value.job;
  showColumns(answer.value, choices, changed);
}

/** @param {Job} one */
async function enterTrial(one) {
  input("confirm-tick").checked = false;
  const answer = await api.get(`/jobs/${one.id}/preview`);
  if (stepOf(job) !== 2) return;
  if (!answer.refused) {
    const { preview } = answer.value;
    sayTicks(preview, choices);
    canMend(preview.by_city && preview.area_code !== "city");
    knowRefused(preview.refuse);
  }
  await showRefusals(job ?? one);
}

/** A change of how the file is read; the preview follows. @type {Change} */
async function changed(change) {
  if (!job) return;
  const answer = await api.patch(`/jobs/${job.id}`, change);
  refuse(answer.refused);
  if (answer.refused) return;
  job = answer.value.job;
  show();
  if (answer.value.preview) showColumns(answer.value, choices, changed);
  else enter();
}

/**
 * Ask for the next step; the button waits for the answer.
 * @param {string} id of the button
 * @param {string} what
 * @param {object} body
 */
async function go(id, what, body = {}) {
  if (!job) return;
  button(id).disabled = true;
  const answer = await api.post(`/jobs/${job.id}/${what}`, body);
  button(id).disabled = false;
  refuse(answer.refused);
  if (!answer.refused) take(answer.value);
}

/** Store the rows, with what was agreed to; the server refuses any other number. @param {string} id of the button */
const run = (id) => go(id, "run", { changes: job?.to_agree });

async function goOn() {
  if (!job || job.base === null) return go("go-on", "check");
  if (job.to_agree && !(await mayGoOn(job, choices))) return undefined;
  return run("go-on");
}

at("confirm-tick").addEventListener("change", () => job && showConfirm(job, stored(job)));
at("undo").addEventListener("click", async () => {
  const next = job && (await undo(job));
  if (next) take(next);
});
at("mend").addEventListener("click", async () => {
  await changed({ area_code: "city" });
  go("mend", "check");
});
at("refuse").addEventListener("click", async () => {
  await changed({ refuse: refuseOrNot() });
  go("refuse", "check");
});
at("check").addEventListener("click", () => go("check", "check"));
at("run").addEventListener("click", () => run("run"));
at("stop").addEventListener("click", () => go("stop", "stop"));
at("go-on").addEventListener("click", goOn);
at("back-to-columns").addEventListener("click", async () => {
  await changed({});
  enter();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  // Only the trial has a key: what it found must be seen before anything is stored.
  if (stepOf(job) === 1 && !button("check").disabled) at("check").click();
});

sendFile(
  refuse,
  (one) => {
    history.pushState(null, "", `/bases/cargas/${one.id}`);
    job = one;
    show();
    enter();
  },
  bases,
);
addEventListener("popstate", () => location.reload());

live.on("import.progressed", (event) => take(/** @type {Job} */ (event.job)));
live.refetch(async () => {
  if (!job) return location.reload();
  const answer = await api.get(`/jobs/${job.id}`);
  if (!answer.refused) take(answer.value);
  return undefined;
});

show();
enter();
