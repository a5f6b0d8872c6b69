/**
 * The part of a long list that is on the page: rows by number, newest version only, in the order of X2.
 *
 * It knows nothing of the page. `next` is the server's cursor to what lies beyond; while there is one, a row that would
 * stand after the last shown is left to it.
 */

import { Versions } from "../lib/versions.js";
import { belongs, comparer } from "./order.js";

/** @import { CaseRow } from "../lib/events.js" */
/** @typedef {{section: string, items: CaseRow[], next: string | null}} CasePage */

export class CaseWindow {
  /** @type {Map<number, CaseRow>} */
  #rows = new Map();
  #versions = new Versions();

  /** @param {CasePage & {me: number}} page */
  constructor({ section, me, items, next }) {
    this.section = section;
    this.me = me;
    this.next = next;
    for (const row of items) this.#put(row);
  }

  get size() {
    return this.#rows.size;
  }

  /** @param {number} number */
  get(number) {
    return this.#rows.get(number);
  }

  /** The rows in their order at `now` (milliseconds). @param {number} now */
  sorted(now) {
    return [...this.#rows.values()].sort(comparer(this.section, now));
  }

  /**
   * Take a row of an event: "arrived", "changed", "gone" or null (old news, not of this section, or beyond the window).
   * @param {CaseRow} row
   * @param {number} now
   */
  take(row, now) {
    const known = this.#rows.has(row.number);
    if (!this.#versions.take("case", row.number, row.version)) return null;
    if (!belongs(this.section, row, this.me)) {
      this.#rows.delete(row.number);
      return known ? "gone" : null;
    }
    if (!known && this.#beyond(row, now)) return null;
    this.#rows.set(row.number, row);
    return known ? "changed" : "arrived";
  }

  /** Rows of a further page, or of the first ones, read again. @param {CaseRow[]} items @param {string | null} next */
  extend(items, next) {
    for (const row of items) this.#put(row);
    this.next = next;
  }

  /**
   * The whole window, read again: what is no longer there goes.
   * @param {CaseRow[]} items
   * @param {string | null} next
   */
  replace(items, next) {
    const kept = new Set(items.map((row) => row.number));
    for (const number of this.#rows.keys()) if (!kept.has(number)) this.#rows.delete(number);
    this.extend(items, next);
  }

  /** @param {CaseRow} row */
  #put(row) {
    if (this.#versions.take("case", row.number, row.version) && belongs(this.section, row, this.me))
      this.#rows.set(row.number, row);
  }

  /** @param {CaseRow} row @param {number} now */
  #beyond(row, now) {
    if (!this.next) return false;
    const last = this.sorted(now).at(-1);
    return last !== undefined && comparer(this.section, now)(row, last) > 0;
  }
}
