/** The left side of a case: how the customer can be contacted, why not now, and what was done before. */

import { canDial, dial } from "../calls/dial.js";
import { showPoints } from "../customers/contact-points.js";
import { showHistory } from "../customers/history.js";
import { inside } from "../lib/page.js";
import { setText } from "../lib/text.js";
import { showRefusal } from "./refusal-notice.js";

/** @import { ContactPoint } from "../customers/contact-points.js" */
/** @import { CaseRow } from "../lib/events.js" */
/** @import { CaseSheet } from "./case-screen.js" */
/** @import { DispositionForm } from "./disposition-form.js" */
/** @typedef {(channel: string, point: ContactPoint, key: string) => unknown} Attempt registers a contact */

const LATEST = 4;
const LATEST_WIDE = 20; // where it has a column of its own: case/panels.css
const wide = matchMedia("(min-width: 1600px)");
const part = (/** @type {string} */ selector) => inside(document, selector);

/**
 * Draw contact points and history. Only who works the case (`form`) can contact the customer.
 * @param {CaseSheet} sheet
 * @param {CaseRow} row the newest of the case
 * @param {DispositionForm | null} form
 * @param {Attempt} attempt
 */
export function drawLeft({ history, customer }, row, form, attempt) {
  const points = customer.contact_points;
  const refused = showRefusal(part("#refusal"), row, points, form);
  const call = (/** @type {ContactPoint} */ point, /** @type {string} */ key) => dial(row.number, point, key);
  const acts = form ? { attempt, call: canDial() ? call : null } : {};
  const options = { ...acts, refused, next: row.next_phone };
  showPoints(part("[data-principal]"), askedFirst(points, row.next_phone), { ...options, most: 2 });
  showPoints(part("[data-points]"), points, options);
  showHistory(part("[data-latest]"), history, wide.matches ? LATEST_WIDE : LATEST);
  showHistory(part("[data-history]"), history);
  setText(document.querySelector('[data-n="contact"]'), points.length);
  setText(document.querySelector('[data-n="history"]'), history.length);
}

/** The contact points, the one that is asked for first. @param {ContactPoint[]} points @param {string | null} next */
function askedFirst(points, next) {
  const wanted = points.find((point) => point.value === next);
  return wanted ? [wanted, ...points.filter((point) => point !== wanted)] : points;
}
