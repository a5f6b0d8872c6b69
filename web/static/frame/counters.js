/** The rail's counters and the person's day, from `sections.counted` and `day.counted`. */

import { duration } from "../lib/clock.js";
import { live } from "../lib/live.js";
import { allInside, numbers } from "../lib/page.js";
import { setText } from "../lib/text.js";
import { Versions } from "../lib/versions.js";

/** @import { CallRow, CampaignRef, PersonRow } from "../lib/events.js" */
/** @import { ReleasedCase } from "./released.js" */
/** @typedef {{assigned: number, dispositions: number, effective: number, mean_seconds: number | null}} Day */
/**
 * What surrounds every screen of a person: web/shell.py.
 * @typedef {Object} Shell
 * @property {PersonRow} person
 * @property {CampaignRef[]} campaigns
 * @property {Record<string, Record<string, number>>} by_campaign
 * @property {Record<string, number> & {assigned: number}} counts
 * @property {Day} day
 * @property {CallRow[]} calls
 * @property {string | null} pbx_lost
 * @property {ReleasedCase | null} released
 */

const versions = new Versions();
/** @type {Record<string, Record<string, number>>} */
let byCampaign = {};
let assigned = 0;

/** Begin with what the page was drawn with; follow the events. @param {Shell} shell */
export function showCounters(shell) {
  byCampaign = shell.by_campaign;
  assigned = shell.counts.assigned;
  live.on("sections.counted", (event) => {
    if (!(event.campaign_id in byCampaign) || !versions.take("sections", event.campaign_id, event.version)) return;
    byCampaign[event.campaign_id] = event.counts;
    draw();
  });
  live.on("day.counted", (event) => {
    if (event.agent_id !== shell.person.id || !versions.take("day", event.agent_id, event.version)) return;
    assigned = event.assigned;
    draw();
    day(event);
  });
}

/** Take everything again, after events were missed. @param {Shell} shell */
export function readCounters(shell) {
  byCampaign = shell.by_campaign;
  assigned = shell.counts.assigned;
  draw();
  day(shell.day);
}

/** How many cases a section has now, for this person. @param {string} section */
export function count(section) {
  if (section === "assigned") return assigned;
  return Object.values(byCampaign).reduce((sum, counts) => sum + (counts[section] ?? 0), 0);
}

function draw() {
  for (const place of allInside(document, "[data-count]"))
    setText(place, numbers.format(count(place.dataset.count ?? "")));
  document.dispatchEvent(new CustomEvent("atiende:counted"));
}

/** @param {Day} figures */
function day(figures) {
  const put = (/** @type {string} */ field, /** @type {string} */ text) =>
    setText(document.querySelector(`[data-day-field="${field}"]`), text);
  put("dispositions", numbers.format(figures.dispositions));
  put("effective", numbers.format(figures.effective));
  put("mean", figures.mean_seconds === null ? "–" : duration(figures.mean_seconds * 1000));
}
