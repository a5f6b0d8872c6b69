/** The rail's counters and the person's day, from `sections.counted` and `day.counted`. */

import { duration } from "../lib/clock.js";
import { live } from "../lib/live.js";
import { setText } from "../lib/text.js";
import { Versions } from "../lib/versions.js";

const number = new Intl.NumberFormat(document.documentElement.dataset.locale || "es");
const versions = new Versions();
let byCampaign = {};
let assigned = 0;

/** Begin with what the page was drawn with; follow the events. */
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

/** Everything anew, after events were missed. */
export function readCounters(shell) {
  byCampaign = shell.by_campaign;
  assigned = shell.counts.assigned;
  draw();
  day(shell.day);
}

/** How many cases a section has now, for this person. */
export function count(section) {
  if (section === "assigned") return assigned;
  return Object.values(byCampaign).reduce((sum, counts) => sum + (counts[section] ?? 0), 0);
}

function draw() {
  for (const place of document.querySelectorAll("[data-count]"))
    setText(place, number.format(count(place.dataset.count)));
  document.dispatchEvent(new CustomEvent("atiende:counted"));
}

function day(figures) {
  const put = (field, text) => setText(document.querySelector(`[data-day-field="${field}"]`), text);
  put("dispositions", number.format(figures.dispositions));
  put("effective", number.format(figures.effective));
  put("mean", figures.mean_seconds === null ? "–" : duration(figures.mean_seconds * 1000));
}
