/**
 * What a row's refusal says (X16): the same sentences as models/contact/rule_kinds.py, at any moment.
 *
 * A row tells the refusal that is or comes next, and when after it another one begins (`again`), of which nothing else
 * is known until the row is read again.
 */

import { dateOf, dayWord, hour } from "../lib/clock.js";
import { _ } from "../lib/gettext.js";
import { CHANNELS, RULE_SENTENCES, WEEKDAYS } from "../lib/terms.js";

/** @import { RefusalRow } from "../lib/events.js" */

/**
 * Why, in one sentence.
 * @param {Pick<RefusalRow, "rule" | "values">} refusal
 */
export function whyRefused({ rule, values }) {
  const said = rule === "day" ? { weekday: WEEKDAYS[Number(values.weekday)] } : values;
  return RULE_SENTENCES[rule]?.(said) ?? "";
}

/** las 15:00 · mañana a las 07:00 · el lun 23 nov a las 08:00 @param {string} at @param {number} now */
export function atHour(at, now) {
  const values = { day: dayWord(at), hour: hour(at) };
  if (dateOf(at) === dateOf(now)) return _("las %(hour)s", values);
  return values.day === _("mañana") ? _("mañana a las %(hour)s", values) : _("el %(day)s a las %(hour)s", values);
}

/**
 * Until when a medium that is refused now will be; null when nobody can say.
 * @param {RefusalRow} refusal
 * @param {number} now
 */
export const untilOf = (refusal, now) => (refusal.until && Date.parse(refusal.until) > now ? refusal.until : null);

/**
 * What cannot be done and until when (`strong`); why and by which rule (`rest`).
 * @param {string} name
 * @param {string} medium
 * @param {RefusalRow} refusal
 * @param {number} now
 */
export function refusalWords(name, medium, refusal, now) {
  const what = CHANNELS[medium]?.cannot({ name });
  const over = refusal.until && Date.parse(refusal.until) <= now; // it is the one that comes after
  const until = untilOf(refusal, now);
  const why = over ? "" : whyRefused(refusal);
  const rule = refusal.pack ? _("Regla: «%(pack)s».", { pack: refusal.pack.name }) : "";
  return {
    strong: until ? _("%(what)s hasta %(when)s.", { what, when: atHour(until, now) }) : _("%(what)s.", { what }),
    rest: [why, rule].filter(Boolean).join(" "),
  };
}

/**
 * In two or three words, for a list: "Sin llamadas hoy"; of all media, "No contactar hasta 15:00". Empty when calls are
 * allowed.
 * @param {string[]} refused
 * @param {Record<string, RefusalRow> | undefined} refusals
 * @param {number} now milliseconds
 * @param {number} all how many media there are
 */
export function refusedWord(refused, refusals, now, all) {
  const whole = refused.length === all;
  if (!whole && !refused.includes("call")) return "";
  const untils = (whole ? refused : ["call"])
    .map((medium) => refusals?.[medium] && untilOf(refusals[medium], now))
    .filter((until) => typeof until === "string");
  const until = untils.sort((a, b) => Date.parse(a) - Date.parse(b))[0];
  if (!until) return whole ? _("No contactar") : _("Sin llamadas");
  if (dateOf(until) !== dateOf(now)) return whole ? _("No contactar hoy") : _("Sin llamadas hoy");
  const words = { hour: hour(until) };
  return whole ? _("No contactar hasta %(hour)s", words) : _("Sin llamadas hasta %(hour)s", words);
}
