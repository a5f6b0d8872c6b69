/**
 * Contact pressure (X21): the same rule as models/contact/pressure.py, at any moment.
 *
 * A row carries the time of each contact in the window, so that levels go down by themselves as contacts grow old.
 */

import { _ } from "../lib/gettext.js";
import { setIcon, setText } from "../lib/text.js";
import { refusedWord } from "./refusal.js";

export const MEDIA = ["call", "whatsapp", "sms", "email"];
const DAY = 86_400_000;
const ICONS = { call: "phone", whatsapp: "wa", sms: "sms", email: "mail" };
const HUES = ["", "k-green", "k-amber", "k-red"];
const level = (count, thresholds) => thresholds.filter((limit) => count >= limit).length;

/** How many and which level each medium and the whole have at `now` (milliseconds). */
export function pressureAt(pressure, now) {
  const since = now - pressure.window_days * DAY;
  const media = {};
  for (const medium of MEDIA) {
    const count = pressure[medium].times.filter((at) => Date.parse(at) > since).length;
    media[medium] = { count, level: level(count, pressure[medium].thresholds) };
  }
  const total = MEDIA.reduce((sum, medium) => sum + media[medium].count, 0);
  const worst = Math.max(level(total, pressure.total_thresholds), ...MEDIA.map((medium) => media[medium].level));
  return { ...media, total, level: worst, refused: refusedAt(pressure, now), refusals: pressure.refusals, now };
}

/**
 * Which media may not be used at `now`. A row says of each from when (`since`, empty = always) until when (`until`, empty
 * = nobody knows) it is refused, and from when on once more (`again`): nothing is pushed when a clock strikes.
 */
export function refusedAt(pressure, now) {
  if (!pressure.refusals) return pressure.refused;
  const begun = (at) => at === null || Date.parse(at) <= now;
  const over = (at) => at !== null && Date.parse(at) <= now;
  return MEDIA.filter((medium) => {
    const row = pressure.refusals[medium];
    if (!row) return false;
    return over(row.again) || (begun(row.since) && !over(row.until));
  });
}

const names = () => ({ call: _("Llamadas"), whatsapp: _("WhatsApp"), sms: _("SMS"), email: _("Correos") });

/** The level in a word: "Baja, 4 en total"; what is refused is said first. */
export function pressureWord(at) {
  const refused = refusedWord(at.refused, at.refusals, at.now, MEDIA.length);
  if (refused) return refused;
  if (!at.total) return _("Sin contactos");
  return `${[_("Sin contactos"), _("Baja"), _("Media"), _("Alta")][at.level]}, ${_("%(total)s en total", { total: at.total })}`;
}

/** Show it in the pieces that frame/macros.html drew inside `node`. */
export function showPressure(node, pressure, now) {
  const at = pressureAt(pressure, now);
  const words = names();
  for (const place of node.querySelectorAll("[data-medium]")) {
    const medium = place.dataset.medium;
    const refused = at.refused.includes(medium);
    const says = `${refused ? 4 : at[medium].level} ${at[medium].count}`;
    if (place.dataset.says === says) continue;
    place.dataset.says = says;
    place.className = `p p${refused ? 4 : at[medium].level}`;
    place.title = _("%(medium)s en %(days)s días: %(count)s", {
      medium: words[medium],
      days: pressure.window_days,
      count: at[medium].count,
    });
    setIcon(place.querySelector(".ic"), refused ? "no" : ICONS[medium]);
    setText(place.querySelector("[data-n]"), at[medium].count);
  }
  const word = node.querySelector("[data-field=level]");
  if (!word) return at;
  const shown = at.refused.length ? 3 : at.level;
  word.className = `plain ${HUES[shown]}`.trim();
  word.querySelectorAll(".lvl i").forEach((bar, i) => bar.classList.toggle("y", i < shown));
  setText(word.querySelector("[data-word]"), pressureWord(at));
  return at;
}
