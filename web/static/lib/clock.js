/** The server's clock in the browser, and times as people read them, in the installation's time zone. */
import { _ } from "./gettext.js";
import { whenAborted } from "./signals.js";

/** @typedef {string | number | Date} Moment ISO 8601, or milliseconds */

const { dataset } = document.documentElement;
const zone = dataset.timeZone || undefined;
const locale = dataset.locale || "es";
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
let offset = Number(sessionStorage.getItem("atiende.offset") ?? 0);

/** Now, in milliseconds, by the server's clock. */
export const now = () => Date.now() + offset;

/** The server said what time it is. @param {string} at */
export function setClock(at) {
  const theirs = Date.parse(at);
  if (Number.isNaN(theirs)) return;
  offset = theirs - Date.now();
  sessionStorage.setItem("atiende.offset", String(offset));
}

/** @param {Intl.DateTimeFormatOptions} options */
const format = (options) => new Intl.DateTimeFormat(locale, { timeZone: zone, ...options });
const hourMinute = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const withSeconds = format({ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const dayMonth = format({ day: "numeric", month: "short" });
const weekDay = format({ weekday: "short", day: "numeric", month: "short" });
const dayMonthYear = format({ day: "numeric", month: "short", year: "numeric" });
const dayKey = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
const dateOnly = new Intl.DateTimeFormat(locale, { timeZone: "UTC", day: "numeric", month: "short" });

/** "jue, 26 de nov." as people here write it short: "jue 26 nov". @param {string} text */
export const short = (text) => text.replace(/[.,]/g, "").replaceAll(" de ", " ");

/** 10:42 @param {Moment} at */
export const hour = (at) => hourMinute.format(new Date(at));
/** 10:42:07 @param {Moment} at */
export const hourWithSeconds = (at) => withSeconds.format(new Date(at));
/** A date without time ("2026-11-18") as "18 nov". @param {string | null} value */
export const day = (value) => (value ? short(dateOnly.format(new Date(`${value}T00:00:00Z`))) : "");
/** The same shorter: "25/11". @param {string | null} value */
export const numericDay = (value) => (value ? `${value.slice(8, 10)}/${value.slice(5, 7)}` : "");
/** yyyy-mm-dd of a moment, in the installation's zone. @param {Moment} at */
export const dateOf = (at) => dayKey.format(new Date(at));

/**
 * The moment at which clocks of the installation show this date and time, as ISO 8601 in UTC; null when it is no time.
 * @param {string} date "2026-11-26"
 * @param {string} time "09:30"
 */
export function moment(date, time) {
  const wanted = Date.parse(`${date}T${time}:00Z`);
  if (Number.isNaN(wanted)) return null;
  let guess = wanted;
  // Twice, since the offset at the first guess may be another one (a change of summer time).
  for (let i = 0; i < 2; i++) guess += wanted - Date.parse(`${dateOf(guess)}T${hour(guess)}:00Z`);
  return new Date(guess).toISOString();
}

/** Days from today. @param {Moment} at */
const distance = (at) =>
  Math.round((Date.parse(`${dateOf(at)}T00:00:00Z`) - Date.parse(`${dateOf(now())}T00:00:00Z`)) / DAY);

/** hoy · ayer · mañana · jue 26 nov · 4 nov 2025 @param {Moment} at */
export function dayWord(at) {
  const days = distance(at);
  if (days === 0) return _("hoy");
  if (days === -1) return _("ayer");
  if (days === 1) return _("mañana");
  if (days > 0 && days < 60) return short(weekDay.format(new Date(at)));
  const shape = Math.abs(days) < 300 ? dayMonth : dayMonthYear;
  return short(shape.format(new Date(at)));
}

/** hoy 10:42 @param {Moment} at */
export const when = (at) => `${dayWord(at)} ${hour(at)}`;

/** 03:07, then 5 h 43 min: hours beside minutes are not taken for them. @param {number} milliseconds */
export function duration(milliseconds) {
  const whole = Math.max(0, Math.floor(milliseconds / SECOND));
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  if (hours) return _("%(h)s h %(m)s min", { h: hours, m: two(minutes) });
  return `${two(minutes)}:${two(whole % 60)}`;
}

/** 12 min, 5 h 18 min, 6 días @param {number} milliseconds */
export function span(milliseconds) {
  const whole = Math.abs(milliseconds);
  if (whole < MINUTE) return _("%(n)s s", { n: Math.floor(whole / SECOND) });
  if (whole < HOUR) return _("%(n)s min", { n: Math.floor(whole / MINUTE) });
  if (whole < DAY) {
    const minutes = Math.floor((whole % HOUR) / MINUTE);
    const hours = Math.floor(whole / HOUR);
    return minutes ? _("%(h)s h %(m)s min", { h: hours, m: minutes }) : _("%(h)s h", { h: hours });
  }
  const days = Math.floor(whole / DAY);
  return days === 1 ? _("1 día") : _("%(n)s días", { n: days });
}

/** hace 12 min @param {string} at */
export const ago = (at) => _("hace %(span)s", { span: span(now() - Date.parse(at)) });

/**
 * Call `tick` once a second while the page is looked at.
 * @param {() => void} tick
 * @param {{signal?: AbortSignal | null}} [options]
 */
export function everySecond(tick, { signal = null } = {}) {
  const shown = () => document.hidden || tick();
  const timer = setInterval(shown, SECOND);
  document.addEventListener("visibilitychange", shown, { signal: signal ?? undefined });
  whenAborted(signal, () => clearInterval(timer));
}
