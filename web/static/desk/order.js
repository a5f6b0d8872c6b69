/**
 * The order of every list of cases (X2): the same key as models/cases/order.py.
 *
 * 1. an appointment that is due, oldest first; 2. none: campaign priority, case priority, longest without contact,
 * never contacted first; 3. an appointment still ahead, soonest first. Ties end with the number.
 */

export const DUE = 0;
export const FREE = 1;
export const LATER = 2;
const RANK = { urgent: 1, high: 2, normal: 3, low: 4 };
const NEVER = "";

/**
 * Sort key of one row at `now` (milliseconds). Times are compared as text in one zone with one number of decimals,
 * since a Date of JavaScript would lose the microseconds that decide.
 */
export function orderKey(row, now) {
  const due = row.next_contact_at;
  if (due)
    return [instant(due) <= instant(new Date(now).toISOString()) ? DUE : LATER, instant(due), 0, 0, NEVER, row.number];
  return [
    FREE,
    NEVER,
    row.campaign.priority,
    RANK[row.priority],
    row.rotated_at ? instant(row.rotated_at) : NEVER,
    row.number,
  ];
}

/** Which comes first: negative, 0, positive. */
export function compareKeys(one, other) {
  for (let i = 0; i < one.length; i++) {
    if (one[i] < other[i]) return -1;
    if (one[i] > other[i]) return 1;
  }
  return 0;
}

/** Compare two rows of a section: closed cases go newest first, all others by X2. */
export function comparer(section, now) {
  if (section === "closed")
    return (a, b) => -compareKeys([instant(a.closed_at ?? ""), a.number], [instant(b.closed_at ?? ""), b.number]);
  return (a, b) => compareKeys(orderKey(a, now), orderKey(b, now));
}

/** "2026-11-21T15:30:00.120000+00:00" as text that sorts: UTC, six decimals. */
function instant(at) {
  const [, date, time, decimals = "", zone] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d+))?(.*)$/.exec(at) ?? [];
  if (!date) return at;
  const utc =
    zone === "Z" || zone === "+00:00"
      ? `${date}T${time}`
      : new Date(`${date}T${time}${zone}`).toISOString().slice(0, 19);
  return `${utc}.${decimals.padEnd(6, "0").slice(0, 6)}`;
}

/** Which cases stand in a section: the same rule as models/rows/case_list.py. */
export function belongs(section, row, me) {
  const open = row.status === "open";
  switch (section) {
    case "assigned":
      return row.status !== "closed" && row.agent?.id === me;
    case "suspended":
      return row.status === "suspended" || (open && row.service_state === "suspended");
    case "arrears":
      return open && row.service_state === "in_arrears";
    case "withdrawn":
      return open && row.service_state === "withdrawn";
    case "active":
      return open && row.service_state === "active";
    case "closed":
      return row.status === "closed";
    default:
      return false;
  }
}
