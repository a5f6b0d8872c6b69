/** A tree of results as values: find, move, and what choosing one does (X19). Knows nothing of the page. */

/**
 * A result as the server has it: models/campaigns/results.py.
 * @typedef {Object} StoredResult
 * @property {number | null} id
 * @property {string} name
 * @property {string | null} action
 * @property {boolean} schedules
 * @property {boolean} clears_appointments
 * @property {boolean} successful
 * @property {boolean} right_party
 * @property {number | null} measure
 * @property {string} colour
 * @property {StoredResult[]} children
 */
/** @typedef {Omit<StoredResult, "children"> & {key: number, children: Result[]}} Result */
/**
 * Where a result stands in its tree.
 * @typedef {{one: Result, above: Result[], siblings: Result[], index: number}} Place
 */

export const LEVELS = 3;
let keys = 0;

/**
 * The server's tree with a key on each result, so that a new one without id can be told apart.
 * @param {StoredResult[]} tree
 * @returns {Result[]}
 */
export const keyed = (tree) => tree.map((one) => ({ ...one, key: ++keys, children: keyed(one.children) }));

/** As the server takes it. @param {Result[]} tree @returns {StoredResult[]} */
export const plain = (tree) => tree.map(({ key: _key, children, ...one }) => ({ ...one, children: plain(children) }));

/** A new result. @param {string} name @param {string} colour @returns {Result} */
export const fresh = (name, colour = "grey") => ({
  key: ++keys,
  id: null,
  name,
  action: null,
  schedules: false,
  clears_appointments: false,
  successful: false,
  right_party: false,
  measure: null,
  colour,
  children: [],
});

/**
 * Every result in the order of the screen, with those above it and its siblings.
 * @param {Result[]} tree
 * @param {Result[]} above
 * @returns {Generator<Place>}
 */
export function* walk(tree, above = []) {
  for (const [index, one] of tree.entries()) {
    yield { one, above, siblings: tree, index };
    yield* walk(one.children, [...above, one]);
  }
}

/**
 * Where the result with this key stands; null when there is none.
 * @param {Result[]} tree
 * @param {number | null} key
 * @returns {Place | null}
 */
export const find = (tree, key) => [...walk(tree)].find(({ one }) => one.key === key) ?? null;

/** How many levels a result and those below it take. @param {Result} one @returns {number} */
export const depth = (one) => 1 + Math.max(0, ...one.children.map(depth));

/** "agenda", an action, or "" for what its parent says. @param {Result} one */
export const says = (one) => (one.schedules ? "agenda" : (one.action ?? ""));

/** Who decides what choosing the last of `path` does: the deepest that says something. @param {Result[]} path */
export function decider(path) {
  return path.findLast((one) => says(one)) ?? null;
}

/** Move among its siblings; whether it moved. @param {Result[]} tree @param {number | null} key @param {number} by */
export function shift(tree, key, by) {
  const place = find(tree, key);
  const to = place ? place.index + by : -1;
  if (!place || to < 0 || to >= place.siblings.length) return false;
  place.siblings.splice(to, 0, ...place.siblings.splice(place.index, 1));
  return true;
}

/**
 * One level deeper, under the sibling before it; whether it moved.
 * @param {Result[]} tree
 * @param {number | null} key
 */
export function indent(tree, key) {
  const place = find(tree, key);
  if (!place || place.index === 0 || place.above.length + 1 + depth(place.one) > LEVELS) return false;
  place.siblings.splice(place.index, 1);
  place.siblings[place.index - 1]?.children.push(place.one);
  return true;
}

/** One level up, after its parent; whether it moved. @param {Result[]} tree @param {number | null} key */
export function outdent(tree, key) {
  const place = find(tree, key);
  const parent = place?.above.at(-1);
  if (!place || !parent) return false;
  const level = place.above.at(-2)?.children ?? tree;
  place.siblings.splice(place.index, 1);
  level.splice(level.indexOf(parent) + 1, 0, place.one);
  return true;
}

/**
 * Take it and those below it out; the key of the neighbour that remains.
 * @param {Result[]} tree
 * @param {number | null} key
 */
export function remove(tree, key) {
  const place = find(tree, key);
  if (!place) return null;
  place.siblings.splice(place.index, 1);
  return (place.siblings[place.index] ?? place.siblings[place.index - 1] ?? place.above.at(-1) ?? tree[0])?.key ?? null;
}
