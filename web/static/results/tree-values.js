/** A tree of results as values field by field, so that two people's changes of it can be joined. Knows no page. */

/** @import { Values } from "../forms/three-way.js" */
/** @import { StoredResult } from "./tree.js" */
/** @typedef {{key: string, under: string, one: StoredResult}} Node `under` is the key of its parent, "" at the top */

const PLAIN = /** @type {const} */ (["name", "colour", "measure", "successful", "right_party", "clears_appointments"]);

/**
 * Every result with a key that both versions share: its id, or for a new one its place and name.
 * @param {StoredResult[]} tree
 * @returns {Node[]}
 */
export function nodes(tree, under = "") {
  return tree.flatMap((one) => {
    const key = one.id === null ? `${under}/${one.name.toLowerCase()}` : String(one.id);
    return [{ key, under, one }, ...nodes(one.children, key)];
  });
}

/** The values of every result, as "key|field". @param {StoredResult[]} tree @returns {Values} */
export const valuesOf = (tree) => Object.fromEntries(nodes(tree).flatMap(fieldsOf));

/** @param {Node} node @returns {[string, unknown][]} */
function fieldsOf({ key, under, one }) {
  const does = one.schedules ? "agenda" : (one.action ?? "");
  return [...PLAIN.map((name) => [name, one[name]]), ["does", does], ["under", under]].map(([name, value]) => [
    `${key}|${name}`,
    value,
  ]);
}

/**
 * The tree that these values make. A result that one of the two took out stays when the other changed it.
 * @param {{base: StoredResult[], mine: StoredResult[], theirs: StoredResult[]}} trees
 * @param {Values} values
 * @returns {StoredResult[]}
 */
export function treeOf({ base, mine, theirs }, values) {
  const [before, own, other] = [base, mine, theirs].map((tree) => new Map(nodes(tree).map((one) => [one.key, one])));
  const stays = (/** @type {string} */ key) =>
    !before?.has(key) ? true : bothHave(key) || isChanged(key, own) || isChanged(key, other);
  const bothHave = (/** @type {string} */ key) => own?.has(key) && other?.has(key);
  const isChanged = (/** @type {string} */ key, /** @type {Map<string, Node> | undefined} */ side) =>
    side?.has(key) &&
    before?.has(key) &&
    differ(/** @type {Node} */ (side.get(key)), /** @type {Node} */ (before.get(key)));
  const known = new Map([...(before ?? []), ...(other ?? []), ...(own ?? [])]);
  const alive = new Set([...known.keys()].filter(stays));
  for (const key of alive) for (let up = parentOf(key); up; up = parentOf(up)) alive.add(up);
  const order = orderOf(base, mine, theirs);
  return below("");

  /** @param {string} key */
  function parentOf(key) {
    return String(values[`${key}|under`] ?? known.get(key)?.under ?? "");
  }
  /** @param {string} under @returns {StoredResult[]} */
  function below(under) {
    const keys = order(
      under,
      [...alive].filter((key) => parentOf(key) === under),
    );
    return keys.map((key) => made(/** @type {Node} */ (known.get(key)), values, below(key)));
  }
}

/** @param {Node} one @param {Node} other */
const differ = (one, other) => JSON.stringify(fieldsOf(one)) !== JSON.stringify(fieldsOf(other));

/** @param {Node} node @param {Values} values @param {StoredResult[]} children @returns {StoredResult} */
function made({ key, one }, values, children) {
  const kept = Object.fromEntries(PLAIN.map((name) => [name, values[`${key}|${name}`] ?? one[name]]));
  const does = String(values[`${key}|does`] ?? "");
  const schedules = does === "agenda";
  return { ...one, ...kept, schedules, action: schedules ? null : does || null, children };
}

/**
 * How siblings are put in order: as whoever moved them has them, those that only the other has last.
 * @param {StoredResult[]} base
 * @param {StoredResult[]} mine
 * @param {StoredResult[]} theirs
 */
function orderOf(base, mine, theirs) {
  const [before = [], own = [], other = []] = [base, mine, theirs].map((tree) => nodes(tree));
  const of = (/** @type {Node[]} */ all, /** @type {string} */ under) =>
    all.filter((one) => one.under === under).map((one) => one.key);
  return (/** @type {string} */ under, /** @type {string[]} */ keys) => {
    const [was, mineNow] = [of(before, under), of(own, under)];
    const common = mineNow.filter((key) => was.includes(key));
    const theirsNow = of(other, under);
    const moved = String(common) !== String(was.filter((key) => common.includes(key)));
    const mineFirst = moved || String(theirsNow) === String(was);
    const [first, then] = mineFirst ? [mineNow, theirsNow] : [theirsNow, mineNow];
    return [...new Set([...first, ...then, ...keys])].filter((key) => keys.includes(key));
  };
}
