/** The newest version seen of each thing: an older one that comes late is not shown. */
export class Versions {
  /** @type {Map<string, number>} */
  #seen = new Map();

  /**
   * Whether this version may be shown; remembers it when so. The same version again may (it changes nothing).
   * @param {string} kind
   * @param {number | string} id
   * @param {number} version
   */
  take(kind, id, version) {
    const key = `${kind}:${id}`;
    const known = this.#seen.get(key);
    if (known !== undefined && version < known) return false;
    this.#seen.set(key, version);
    return true;
  }

  /** What a page was drawn with. @param {string} kind @param {number | string} id @param {number} version */
  know(kind, id, version) {
    this.take(kind, id, version);
  }
}
