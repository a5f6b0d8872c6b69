/**
 * Contact pressure (X21): the same rule as models/contact/pressure.py, at any moment.
 *
 * A row carries the time of each contact in the window, so that levels go down by themselves as contacts grow old.
 */

import { _ } from "../lib/gettext.js";
import { allInside, inside } from "../lib/page.js";
import { CHANNELS } from "../lib/terms.js";
import { setIcon, setText } from "../lib/text.js";
import { refusedWord } from "./refusal.js";

/** @import { Pressure, RefusalRow } from "../lib/events.js" */
/** @typedef {{count: number, level: number}} MediumNow */
/**
 * @typedef {Object} PressureNow
 * @property {Record<string, MediumNow>} media by the names of `CHANNELS`
 * @property {number} total
 * @property {number} level 0 (no contact) to 3 (high)
 * @property {string[]} refused media that may not be used
 * @property {Record<string, RefusalRow>} refusals
 * @property {number} now milliseconds
 */

export const MEDIA = Object.keys(CHANNELS);
const DAY = 86_400_000;
const HUES = ["", "k-green", "k-amber", "k-red"];

/** @param {number} count @param {number[]} thresholds */
const level = (count, thresholds) => thresholds.filter((limit) => count >= limit).length;

/**
 * How many and which level each medium and the whole have at `now` (milliseconds).
 * @param {Pressure} pressure
 * @param {number} now
 * @returns {PressureNow}
 */
export function pressureAt(pressure, now) {
  const since = now - pressure.window_days * DAY;
  const counted = MEDIA.map((name) => {
    const medium = pressure[/** @type {"call"} */ (name)]; // each channel is a field of a row's pressure
    const count = medium.times.filter((at) => Date.parse(at) > since).length;
    return { name, count, level: level(count, medium.thresholds) };
  });
  const media = Object.fromEntries(counted.map(({ name, ...figures }) => [name, figures]));
  const total = counted.reduce((sum, { count }) => sum + count, 0);
  const worst = Math.max(level(total, pressure.total_thresholds), ...counted.map((medium) => medium.level));
  return { media, total, level: worst, refused: refusedAt(pressure, now), refusals: pressure.refusals, now };
}

/**
 * Which media may not be used at `now`. A row says of each from when (`since`, empty = always) until when (`until`,
 * empty = nobody knows) it is refused, and from when on once more (`again`): nothing is pushed when a clock strikes.
 * @param {Pressure} pressure
 * @param {number} now milliseconds
 */
export function refusedAt(pressure, now) {
  if (!pressure.refusals) return pressure.refused;
  const begun = (/** @type {string | null} */ at) => at === null || Date.parse(at) <= now;
  const over = (/** @type {string | null} */ at) => at !== null && Date.parse(at) <= now;
  return MEDIA.filter((medium) => {
    const row = pressure.refusals[medium];
    if (!row) return false;
    return over(row.again) || (begun(row.since) && !over(row.until));
  });
}

/** The level in a word: "Baja, 4 en total"; what is refused is said first. @param {PressureNow} at */
export function pressureWord(at) {
  const refused = refusedWord(at.refused, at.refusals, at.now, MEDIA.length);
  if (refused) return refused;
  if (!at.total) return _("Sin contactos");
  const words = [_("Sin contactos"), _("Baja"), _("Media"), _("Alta")];
  return `${words[at.level]}, ${_("%(total)s en total", { total: at.total })}`;
}

/**
 * Show it in the pieces that contact/pressure.html drew inside `node`.
 * @param {HTMLElement} node
 * @param {Pressure} pressure
 * @param {number} now milliseconds
 */
export function showPressure(node, pressure, now) {
  const at = pressureAt(pressure, now);
  for (const place of allInside(node, "[data-medium]")) showMedium(place, at, pressure.window_days);
  const word = /** @type {HTMLElement | null} */ (node.querySelector("[data-field=level]"));
  if (!word) return at;
  const shown = at.refused.length ? 3 : at.level;
  word.className = `plain ${HUES[shown]}`.trim();
  allInside(word, ".lvl i").forEach((bar, i) => void bar.classList.toggle("y", i < shown));
  setText(inside(word, "[data-word]"), pressureWord(at));
  return at;
}

/** @param {HTMLElement} place @param {PressureNow} at @param {number} days */
function showMedium(place, at, days) {
  const medium = place.dataset.medium ?? "";
  const refused = at.refused.includes(medium);
  const { count, level } = at.media[medium] ?? { count: 0, level: 0 };
  const shown = refused ? 4 : level;
  const says = `${shown} ${count}`;
  if (place.dataset.says === says) return;
  place.dataset.says = says;
  place.className = `p p${shown}`;
  place.title = _("%(medium)s en %(days)s días: %(count)s", { medium: CHANNELS[medium]?.plural, days, count });
  setIcon(place.querySelector(".ic"), refused ? "no" : (CHANNELS[medium]?.icon ?? ""));
  setText(place.querySelector("[data-n]"), count);
}
