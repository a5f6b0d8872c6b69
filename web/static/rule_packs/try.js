/** "¿Se puede contactar a un cliente…": what the rules of the form would say at a moment, before they are stored. */

import { whyRefused } from "../contact/refusal.js";
import { api } from "../lib/api.js";
import { dateOf, hour, now, short } from "../lib/clock.js";
import { _ } from "../lib/gettext.js";
import { at, input, locale } from "../lib/page.js";
import { CHANNELS } from "../lib/terms.js";
import { el, icon, setText } from "../lib/text.js";
import { asClock } from "./week.js";

/** @import { RefusalRow } from "../lib/events.js" */
/** @import { Rules } from "./pack-form.js" */
/** @typedef {Pick<RefusalRow, "rule" | "values"> & {allowed: boolean, until: string | null}} Told */
/** @typedef {{day: string, name: string}} Holiday */

const WAIT = 250;
const MEDIA = Object.keys(CHANNELS);
let waiting = 0;
let last = 0;

/** Ask soon, with the rules as they are then. @param {() => Rules} rules */
export function trySoon(rules) {
  clearTimeout(waiting);
  waiting = setTimeout(() => ask(rules()), WAIT);
}

/** Set up the fields; `again` asks once more. @param {() => void} again */
export function setUpTry(again) {
  at("ru-zones").replaceChildren(
    ...(Intl.supportedValuesOf?.("timeZone") ?? []).map((zone) => el("option", { value: zone })),
  );
  at("ru-now").addEventListener("click", () => {
    setNow();
    again();
  });
  for (const id of ["ru-date", "ru-time", "ru-zone"]) at(id).addEventListener("input", again);
  setNow();
}

function setNow() {
  const shown = clockOf(input("ru-zone").value) ?? { date: dateOf(now()), time: hour(now()) };
  input("ru-date").value = shown.date;
  input("ru-time").value = shown.time;
}

/** What clocks of a zone show now; null when there is no such zone. @param {string} timeZone */
function clockOf(timeZone) {
  try {
    const date = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
    const time = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    return { date: date.format(now()), time: time.format(now()) };
  } catch {
    return null;
  }
}

/** @param {Rules} rules */
async function ask(rules) {
  last += 1;
  const mine = last;
  const [date, zone] = [input("ru-date").value.trim(), input("ru-zone").value.trim()];
  const time = asClock(input("ru-time").value);
  const moment = date && time ? `${date}T${time}` : null;
  const answer = await api.post("/rule-packs/preview", { rules, at: moment, time_zone: zone || null });
  if (mine !== last) return;
  at("ru-zone").classList.toggle("bad", answer.refused?.field === "time_zone");
  at("ru-country").classList.toggle("bad", Boolean(answer.refused?.field?.startsWith("rules.holidays")));
  if (answer.refused) {
    setText(at("ru-holidays"), "");
    at("ru-told").replaceChildren(el("li", { class: "err" }, icon("alert", "s"), answer.refused.message));
    return;
  }
  tell(answer.value.media, momentIn(zone));
  tellHolidays(answer.value.holidays, Boolean(rules.holidays));
}

/** Writes a moment as clocks of the zone show it. @param {string} zone */
function momentIn(zone) {
  const shown = new Intl.DateTimeFormat(locale, {
    timeZone: zone || document.documentElement.dataset.timeZone,
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return (/** @type {string} */ moment) => short(shown.format(new Date(moment)));
}

/**
 * Media of which the same is true share a line.
 * @param {Record<string, Told>} media
 * @param {(moment: string) => string} moment
 */
function tell(media, moment) {
  /** @type {Map<string, {told: Told, alike: string[]}>} */
  const groups = new Map();
  for (const medium of MEDIA) {
    const told = media[medium];
    if (!told) continue;
    const key = JSON.stringify(told);
    const group = groups.get(key) ?? { told, alike: [] };
    groups.set(key, { told, alike: [...group.alike, medium] });
  }
  at("ru-told").replaceChildren(...[...groups.values()].map(({ told, alike }) => line(told, alike, moment)));
}

/** @param {Told} told @param {string[]} alike @param {(moment: string) => string} moment */
function line(told, alike, moment) {
  const until = told.until && moment(told.until);
  const yes = until ? _("Sí, hasta %(until)s.", { until }) : _("Sí.");
  const no = until ? _("No, hasta %(until)s.", { until }) : _("No.");
  const strong = el("b", { class: told.allowed ? "c-green strong" : "c-red strong" }, told.allowed ? yes : no);
  const names = alike.map((medium) => CHANNELS[medium]?.plural).join(", ");
  const who = alike.length === MEDIA.length ? _("Por cualquier medio") : names;
  const allowed = alike.length > 1 ? "check" : (CHANNELS[alike[0] ?? ""]?.icon ?? "");
  return el(
    "li",
    {},
    icon(told.allowed ? allowed : "no"),
    el("span", {}, `${who}: `, strong, told.allowed ? "" : ` ${whyRefused(told)}`),
  );
}

/** @param {Holiday[]} holidays @param {boolean} known whether the rules have a calendar */
function tellHolidays(holidays, known) {
  const dayMonth = new Intl.DateTimeFormat(locale, { timeZone: "UTC", day: "numeric", month: "short" });
  const days = holidays.map(({ day, name }) => `${short(dayMonth.format(new Date(`${day}T00:00:00Z`)))}, ${name}`);
  const next = days.length ? _("Próximos: %(days)s.", { days: days.join("; ") }) : _("Ningún festivo en cuatro meses.");
  setText(at("ru-holidays"), known ? next : _("Sin calendario, los festivos son días como los demás."));
}
