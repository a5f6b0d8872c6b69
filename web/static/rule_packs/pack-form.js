/** The form of a pack of rules: filled from it, and read as the server takes it. */

import { _ } from "../lib/gettext.js";
import { allInside, at, field, input, inputsInside, inside } from "../lib/page.js";
import { CHANNELS } from "../lib/terms.js";
import { setText } from "../lib/text.js";
import { showWeek, usualWeek } from "./week.js";

/** @import { Week } from "./week.js" */
/** @typedef {number | string | null} Written a number; the text as it was written when it is none */
/** @typedef {"per_day" | "per_week" | "pause_minutes"} LimitName */
/** @typedef {Record<LimitName, Written>} Limits */
/** @typedef {Partial<Limits> & {hours: Week | null, on_holidays: boolean}} ChannelRules */
/**
 * @typedef {Object} Rules
 * @property {Week | null} hours
 * @property {{country: string, subdivision: string | null} | null} holidays
 * @property {Record<string, ChannelRules>} channels
 * @property {Partial<Limits>} total
 * @property {Written} media_per_week
 */
/** @typedef {{id: number, version: number, name: string, text: string, rules: Rules}} RulePack */

const MEDIA = Object.keys(CHANNELS);
/** @type {LimitName[]} */
const LIMITS = ["per_day", "per_week", "pause_minutes"];

/** @type {Rules} the rules as the form has them; fields of limits and holidays are read when asked for */
let rules = { hours: null, holidays: null, channels: {}, total: {}, media_per_week: null };
let scope = "all"; // whose hours are shown: those of all media, or of one
/** @type {() => void} */
let changed = () => {};

/** Make the form work; `onChange` hears of every change. @param {() => void} onChange */
export function setUpForm(onChange) {
  changed = onChange;
  at("ru-form").addEventListener("input", (event) => {
    if (!(event.target instanceof HTMLInputElement) || event.target.name !== "scope") changed();
  });
  for (const radio of inputsInside(document, "[name=scope]"))
    radio.addEventListener("change", () => {
      scope = radio.value;
      drawHours();
    });
  input("ru-limit").addEventListener("change", () => {
    const before = scope === "all" ? null : rules.hours;
    setHours(input("ru-limit").checked ? structuredClone(before ?? usualWeek()) : null);
    drawHours();
    changed();
  });
  input("ru-on-holidays").addEventListener("change", () => {
    own(scope).on_holidays = input("ru-on-holidays").checked;
    drawHours();
    changed();
  });
}

/* ---- filling ---- */

/** Show a pack; null shows a new one. @param {RulePack | null} pack */
export function fillForm(pack) {
  const fresh = { hours: usualWeek(), holidays: null, channels: {}, total: {}, media_per_week: null };
  rules = structuredClone(pack?.rules ?? fresh);
  setText(at("ru-title"), pack?.name ?? _("Nueva regla"));
  setText(at("ru-save"), pack ? _("Guardar") : _("Crear regla"));
  field("ru-name").value = pack?.name ?? "";
  field("ru-text").value = pack?.text ?? "";
  field("ru-country").value = rules.holidays?.country ?? "";
  field("ru-subdivision").value = rules.holidays?.subdivision ?? "";
  field("ru-media").value = String(rules.media_per_week ?? "");
  for (const row of allInside(document, "[data-limits]")) {
    const of = row.dataset.limits ?? "";
    const limits = of === "total" ? rules.total : rules.channels[of];
    for (const name of LIMITS) limitField(of, name).value = String(limits?.[name] ?? "");
  }
  drawHours();
}

/** @param {string} of a medium, or "total" @param {string} name */
const limitField = (of, name) =>
  /** @type {HTMLInputElement} */ (inside(document, `[data-limits="${of}"] [data-limit="${name}"]`));

/** The rules of one medium; made when it has none. @param {string} medium */
function own(medium) {
  const none = { per_day: null, per_week: null, pause_minutes: null, hours: null, on_holidays: false };
  rules.channels[medium] ??= none;
  return rules.channels[medium];
}

/** @param {Week | null} week */
function setHours(week) {
  if (scope === "all") rules.hours = week;
  else own(scope).hours = week;
}

function drawHours() {
  const isAll = scope === "all";
  const week = isAll ? rules.hours : (rules.channels[scope]?.hours ?? null);
  input("ru-limit").checked = week !== null;
  setText(at("ru-limit-word"), isAll ? _("Solo en este horario") : _("Horario propio de este medio"));
  at("ru-week").hidden = week === null;
  if (week) showWeek(at("ru-week"), week, changed);
  at("ru-holiday-box").hidden = isAll;
  input("ru-on-holidays").checked = !isAll && Boolean(rules.channels[scope]?.on_holidays);
  for (const medium of MEDIA) {
    const { hours = null, on_holidays = false } = rules.channels[medium] ?? {};
    inside(document, `[data-own="${medium}"]`).hidden = !hours && !on_holidays;
  }
}

/* ---- reading ---- */

/**
 * Numbers stay text when they are none, so that the server says what is wrong with them.
 * @param {string} text
 * @returns {Written}
 */
function number(text) {
  const written = text.trim();
  if (written === "") return null;
  return /^\d+$/.test(written) ? Number(written) : written;
}

/** @param {string} of @returns {Limits} */
function readLimits(of) {
  const value = (/** @type {LimitName} */ name) => number(limitField(of, name).value);
  return { per_day: value("per_day"), per_week: value("per_week"), pause_minutes: value("pause_minutes") };
}

/** The rules as the form says them. @returns {Rules} */
export function readRules() {
  const country = field("ru-country").value;
  const subdivision = field("ru-subdivision").value.trim().toUpperCase() || null;
  /** @type {Rules["channels"]} */
  const channels = {};
  for (const medium of MEDIA) {
    const { hours = null, on_holidays = false } = rules.channels[medium] ?? {};
    const limits = readLimits(medium);
    const limited = LIMITS.some((name) => limits[name] !== null);
    if (hours || on_holidays || limited) channels[medium] = { ...limits, hours, on_holidays };
  }
  return {
    hours: rules.hours,
    holidays: country ? { country, subdivision } : null,
    channels,
    total: readLimits("total"),
    media_per_week: number(field("ru-media").value),
  };
}

/** The pack as the form says it. */
export const readPack = () => ({ name: field("ru-name").value, text: field("ru-text").value, rules: readRules() });

/** The field that a refusal is about ("rules.channels.call.per_day"). @param {string} name */
export function fieldOf(name) {
  if (name === "name") return at("ru-name");
  const [first, part, ...rest] = name.split(".");
  if (first !== "rules") return null;
  if (part === "holidays") return at("ru-country");
  const [of, limit] = part === "total" ? ["total", rest[0]] : rest;
  /** @type {HTMLElement | null} */
  const place = document.querySelector(`[data-limits="${of}"] [data-limit="${limit}"]`);
  return place;
}
