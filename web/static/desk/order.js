/**
 * The order of every list of cases (X2): the same key as models/cases/order.py.
 *
 * 1. an appointment that is due, oldest first; 2. none: campaign priority, case priority, longest without contact,
 * never contacted first; 3. an appointment still ahead, soonest first. Ties end with the number.
 */

import { PRIORITIES, SECTION_OF } from "../lib/terms.js";

/** @import { CaseRow } from "../lib/events.js" */
/** @typedef {(string | number)[]} OrderKey */

export const DUE = 0;
export const FREE = 1;
export const LATER = 2;
const NEVER = "";

/**
 * Sort key of one row at `now` (milliseconds). Times are compared as text in one zone with one number of decimals,
 * since a Date of JavaScript would lose the microseconds that decide.
 * @param {CaseRow} row
 * @param {number} now
 * @returns {OrderKey}
 */
export function orderKey(row, now) {
  const due = row.next_contact_at;
  if (due)
    return [instant(due) <= instant(new Date(now).toISOString()) ? DUE : LATER, instant(due), 0, 0, NEVER, row.number];
  return [
    FREE,
    NEVER,
    row.campaign.priority,
    PRIORITIES[row.priority]?.rank ?? 0,
    row.rotated_at ? instant(row.rotated_at) : NEVER,
    row.number,
  ];
}

/** Which comes first: negative, 0, positive. @param {OrderKey} one @param {OrderKey} other */
export function compareKeys(one, other) {
  for (let i = 0; i < one.length; i++) {
    const [a, b] = [one[i] ?? "", other[i] ?? ""];
    if (a < b) return -1;
    if (a > b) return 1;
  }
  return 0;
}

/**
 * Compares two rows of a section: closed cases go newest first, all others by X2.
 * @param {string} section
 * @param {number} now
 * @returns {(one: CaseRow, other: CaseRow) => number}
 */
export function comparer(section, now) {
  if (section !== "closed") return (one, other) => compareKeys(orderKey(one, now), orderKey(other, now));
  const key = (/** @type {CaseRow} */ row) => [instant(row.closed_at ?? ""), row.number];
  return (one, other) => -compareKeys(key(one), key(other));
}

/** "2026-11-21T15:30:00.120000+00:00" as text that sorts: UTC, six decimals. @param {string} at */
function instant(at) {
  const [, date, time, decimals = "", zone] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d+))?(.*)$/.exec(at) ?? [];
  if (!date) return at;
  const utc =
    zone === "Z" || zone === "+00:00"
      ? `${date}T${time}`
      : new Date(`${date}T${time}${zone}`).toISOString().slice(0, 19);
  return `${utc}.${decimals.padEnd(6, "0").slice(0, 6)}`;
}

/**
 * Which cases stand in a section: the same rule as models/cases/section_rule.py.
 * @param {string} section
 * @param {CaseRow} row
 * @param {number} me
 */
export function belongs(section, row, me) {
  if (section === "closed") return row.status === "closed";
  if (section === "assigned") return row.status !== "closed" && row.agent?.id === me;
  if (section === "suspended" && row.status === "suspended") return true;
  return row.status === "open" && SECTION_OF[row.service_state] === section;
}
