/** The tiles of the wall board: calls that wait, service, handling time, abandoned calls. */
import { duration } from "../lib/clock.js";
import { _, ngettext } from "../lib/gettext.js";
import { allInside, at, inside } from "../lib/page.js";
import { el, icon } from "../lib/text.js";
import { board, figures, passed, seconds, waitsTooLong } from "./figures.js";

/** @typedef {"" | "bad" | "warn"} Look past its limit (bad) or near it (warn) */

const NEAR = 0.8; // the part of its limit from which a rate is near it

/** Draw all tiles from the newest figures. */
export function drawTiles() {
  const { calls_now: calls, today, limits } = board();
  const since = calls.longest_wait_since;
  const late = waitsTooLong(since);
  tile("waiting", figures.format(calls.waiting), _("%(n)s llamando", { n: calls.ringing }));
  tile("longest", since ? duration(passed(since)) : "–", _("tope %(limit)s", { limit: seconds(limits.wait_seconds) }), {
    look: late ? "bad" : "",
    picture: late ? "bell" : "",
  });
  const answered = ngettext("%(count)s contestada", "%(count)s contestadas", today.calls.answered);
  tile("asa", seconds(today.calls.asa_seconds), answered);
  tile("aht", seconds(today.aht_seconds), _("cierre %(time)s", { time: seconds(today.wrap_up_seconds) }));
  drawRates();
}

function drawRates() {
  const { today, limits } = board();
  const { service_percent: service, abandoned_percent: abandoned } = today.calls;
  const goal = limits.service_percent;
  const served = service !== null && service < goal ? "warn" : "";
  rate("service", service, goal, 100, served, _("meta %(n)s %", { n: goal }));
  const most = limits.abandoned_percent;
  rate("abandoned", abandoned, most, most, abandonedLook(abandoned, most), _("límite %(n)s %", { n: most }));
}

/** @param {number | null} percent @param {number} limit @returns {Look} */
function abandonedLook(percent, limit) {
  if (percent === null || percent <= limit * NEAR) return "";
  return percent > limit ? "bad" : "warn";
}

/**
 * Draw a tile: figure with an optional unit, and a note.
 * @param {string} id
 * @param {string} figure
 * @param {string} note
 * @param {{unit?: string, look?: Look, picture?: string}} [options]
 */
function tile(id, figure, note, { unit = "", look = "", picture = "" } = {}) {
  const box = at(`tile-${id}`);
  box.className = `tile ${look}`.trim();
  const place = inside(box, ".v");
  if (place.dataset.shown !== figure + unit) {
    place.dataset.shown = figure + unit;
    place.replaceChildren(figure, ...(unit ? [el("small", {}, unit)] : []));
  }
  const foot = inside(box, ".w-note");
  foot.className = `w-note ${look === "bad" ? "w-red" : look === "warn" ? "w-amber" : ""}`;
  foot.replaceChildren(...(picture ? [icon(picture)] : []), note);
}

/**
 * Draw a rate with its bar and the mark of its limit.
 * @param {string} id
 * @param {number | null} percent
 * @param {number} limit
 * @param {number} top the full width of the bar
 * @param {Look} look
 * @param {string} note
 */
function rate(id, percent, limit, top, look, note) {
  const options = { unit: percent === null ? "" : "%", look, picture: look ? "alert" : "" };
  tile(id, percent === null ? "–" : figures.format(percent), note, options);
  const [fill, mark] = allInside(at(`tile-${id}`), ".w-lim > *");
  if (!fill || !mark) return;
  fill.style.width = `${Math.min(100, (100 * (percent ?? 0)) / top)}%`;
  fill.dataset.hue = look || "good";
  mark.style.left = `${Math.min(100, (100 * limit) / top)}%`;
}
