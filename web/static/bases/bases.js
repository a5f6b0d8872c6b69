/** `/bases`: a file, its columns, a trial, the load; progress is pushed by `import.progressed`. */

import { api } from "../lib/api.js";
import { _ } from "../lib/gettext.js";
import { live } from "../lib/live.js";
import { at, numbers, pageData } from "../lib/page.js";
import { setText } from "../lib/text.js";
import { mayGoOn, sayTicks, showConfirm } from "./agreement.js";
import { showColumns } from "./columns.js";
import { sendFile } from "./file.js";
import { percent, showLoad } from "./load.js";
import { canMend, showRefusals } from "./refused-rows.js";
import { undo } from "./undo.js";
import { showUploads } from "./uploads.js";

const { job: first, uploads, choices, bases } = pageData("import");
const steps = ["step-file", "step-columns", "step-check", "step-load"];
/** The upload this page is about, as last told. */
let job = first;

/** Which step an upload is in: 0 file, 1 columns, 2 trial, 3 load. */
function stepOf(one) {
  if (!one) return 0;
  if (one.base !== null) return 3;
  if (one.state === "uploaded") return 1;
  return one.state === "checked" ? 2 : 3;
}

function fillCounts(box, one) {
  for (const place of box.querySelectorAll("[data-count]")) setText(place, numbers.format(one[place.dataset.count]));
}

function show() {
  const step = stepOf(job);
  const marked = job?.state === "checking" ? 2 : job?.state === "failed" && job.base === null ? 2 : step;
  steps.forEach((id, place) => (at(id).hidden = place !== step));
  [...at("import-steps").children].forEach((li, place) => {
    li.className = place < marked ? "done" : place === marked ? "now" : "";
    if (place === marked) li.setAttribute("aria-current", "step");
    else li.removeAttribute("aria-current");
  });
  at("import-steps").hidden = job?.kind === "delete";
  at("uploads").hidden = step === 1 || step === 2;
  at("another").hidden = step === 0;
  setText(at("import-name"), job?.name ? _("Base «%(name)s»", { name: job.name }) : "");
  if (step === 2) {
    fillCounts(at("step-check"), job);
    const stored = job.total - job.refused;
    setText(at("run"), _("Importar %(count)s filas", { count: numbers.format(stored) }));
    showConfirm(job, stored);
  }
  if (step === 3) {
    fillCounts(at("step-load"), job);
    showLoad(job, uploads);
  }
  showUploads(uploads, job, take);
}

/** Say a refusal above the step, or take it away. */
function refuse(refused) {
  at("import-error").hidden = !refused;
  setText(at("import-error").querySelector("span"), refused?.message ?? "");
}

/** Take up what is newer than what is shown, here and in the list. */
function take(next) {
  if (next.base !== null) {
    const place = uploads.findIndex((one) => one.id === next.id);
    if (place < 0) uploads.unshift(next);
    else if (uploads[place].version <= next.version) uploads[place] = next;
  }
  if (next.kind === "delete" && next.base_gone)
    for (const one of uploads) if (one.base === next.base) one.base_gone = true;
  const before = job;
  const mine = job?.id === next.id && job.version <= next.version;
  if (mine) job = next;
  show();
  if (mine && next.state !== before.state) enter();
}

/** What a step reads when it begins; the job may be at another one when the answer is there. */
async function enter() {
  const step = stepOf(job);
  if (step === 1) {
    const answer = await api.get(`/jobs/${job.id}/preview`);
    if (stepOf(job) !== step) return undefined;
    if (answer.refused) return refuse(answer.refused);
    job = answer.value.job;
    showColumns(answer.value, choices, changed);
  }
  if (step === 2) {
    at("confirm-tick").checked = false;
    const answer = await api.get(`/jobs/${job.id}/preview`);
    if (stepOf(job) !== step) return undefined;
    if (!answer.refused) {
      sayTicks(answer.value.preview, choices);
      canMend(answer.value.preview.by_city && answer.value.preview.area_code !== "city");
    }
    await showRefusals(job);
  }
  document.title = `${job?.state === "running" ? `${percent(job)} % · ` : ""}${_("Subir base")} · Atiende`;
  return undefined;
}

/** A change of how the file is read; the preview follows. */
async function changed(change) {
  const answer = await api.patch(`/jobs/${job.id}`, change);
  refuse(answer.refused);
  if (answer.refused) return;
  job = answer.value.job;
  show();
  showColumns(answer.value, choices, changed);
}

/** Ask for the next step; the button waits for the answer. */
async function go(button, what, body = {}) {
  button.disabled = true;
  const answer = await api.post(`/jobs/${job.id}/${what}`, body);
  button.disabled = false;
  refuse(answer.refused);
  if (!answer.refused) take(answer.value);
}

/** Store the rows, with what was agreed to; the server refuses any other number. */
const run = (button) => go(button, "run", { changes: job.to_agree });

async function goOn() {
  if (job.base === null) return go(at("go-on"), "check");
  if (job.to_agree && !(await mayGoOn(job, choices))) return undefined;
  return run(at("go-on"));
}

at("confirm-tick").addEventListener("change", () => showConfirm(job, job.total - job.refused));
at("undo").addEventListener("click", async () => {
  const next = await undo(job);
  if (next) take(next);
});
at("mend").addEventListener("click", async () => {
  await changed({ area_code: "city" });
  go(at("mend"), "check");
});
at("check").addEventListener("click", () => go(at("check"), "check"));
at("run").addEventListener("click", () => run(at("run")));
at("stop").addEventListener("click", () => go(at("stop"), "stop"));
at("go-on").addEventListener("click", goOn);
at("back-to-columns").addEventListener("click", () => changed({}).then(enter));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  // Only the trial has a key: what it found must be seen before anything is stored.
  if (stepOf(job) === 1 && !at("check").disabled) at("check").click();
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

live.on("import.progressed", (event) => take(event.job));
live.refetch(async () => {
  if (!job) return location.reload();
  const answer = await api.get(`/jobs/${job.id}`);
  if (!answer.refused) take(answer.value);
  return undefined;
});

show();
enter();
