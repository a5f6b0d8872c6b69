/**
 * The part of a long list that is on the page: rows by number, newest version only, in the order of X2.
 *
 * It knows nothing of the page. `next` is the server's cursor to what lies beyond; while there is one, a row that would
 * stand after the last shown is left to it.
 */

import { Versions } from "../lib/versions.js";
import { belongs, comparer } from "./order.js";

export class CaseWindow {
  #rows = new Map();
  #versions = new Versions();

  constructor({ section, me, items, next }) {
    this.section = section;
    this.me = me;
    this.next = next;
    for (const row of items) this.#put(row);
  }

  get size() {
    return this.#rows.size;
  }

  get(number) {
    return this.#rows.get(number);
  }

  /** The rows in their order at `now` (milliseconds). */
  sorted(now) {
    return [...this.#rows.values()].sort(comparer(this.section, now));
  }

  /**
   * Take a row of an event: "arrived", "changed", "gone" or null (old news, not of this section, or beyond the window).
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

  /** Rows of a further page, or of the first ones read anew. */
  extend(items, next) {
    for (const row of items) this.#put(row);
    this.next = next;
  }

  /** The whole window read anew: what is no longer there goes. */
  replace(items, next) {
    const kept = new Set(items.map((row) => row.number));
    for (const number of this.#rows.keys()) if (!kept.has(number)) this.#rows.delete(number);
    this.extend(items, next);
  }

  #put(row) {
    if (this.#versions.take("case", row.number, row.version) && belongs(this.section, row, this.me))
      this.#rows.set(row.number, row);
  }

  #beyond(row, now) {
    if (!this.next) return false;
    const last = this.sorted(now).at(-1);
    return last !== undefined && comparer(this.section, now)(row, last) > 0;
  }
}
