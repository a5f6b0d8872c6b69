/** The four steps of an upload: in which one it is, and what the page shows of it. */

import { _ } from "../lib/gettext.js";
import { at } from "../lib/page.js";
import { setText } from "../lib/text.js";

/** @import { Job } from "./job.js" */

const STEPS = ["step-file", "step-columns", "step-check", "step-load"];

/** Which step an upload is in: 0 file, 1 columns, 2 trial, 3 load. @param {Job | null} one */
export function stepOf(one) {
  if (!one || one.state === "reading") return 0;
  if (one.base !== null) return 3;
  if (one.state === "uploaded") return 1;
  return one.state === "checked" ? 2 : 3;
}

/**
 * Show the step that an upload is in; the list of uploads stands below the first and the last.
 * @param {Job | null} job
 */
export function showStep(job) {
  const step = stepOf(job);
  STEPS.forEach((id, place) => void at(id).toggleAttribute("hidden", place !== step));
  markStep(job);
  at("import-steps").hidden = job?.kind === "delete";
  at("uploads").hidden = step === 1 || step === 2;
  showOpening(job);
  at("another").hidden = step === 0;
  setText(at("import-name"), job?.name ? _("Base «%(name)s»", { name: job.name }) : "");
}

/** Say that a workbook is being opened; no other file is taken meanwhile. @param {Job | null} job */
function showOpening(job) {
  const opening = job?.state === "reading";
  at("opening").hidden = !opening;
  at("giving").hidden = opening;
  setText(at("opening-name"), opening ? job.file_name : "");
}

/** Mark where one is in the line of steps: a trial that runs or failed stands at the trial. @param {Job | null} job */
function markStep(job) {
  const atTrial = job?.state === "checking" || (job?.state === "failed" && job.base === null);
  const marked = atTrial ? 2 : stepOf(job);
  [...at("import-steps").children].forEach((li, place) => {
    li.className = place < marked ? "done" : place === marked ? "now" : "";
    if (place === marked) li.setAttribute("aria-current", "step");
    else li.removeAttribute("aria-current");
  });
}
