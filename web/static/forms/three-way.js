/** Two people changed one thing: which of its fields each changed, and where both wrote something else. */

/** @typedef {Record<string, unknown>} Values the values of a form, by field */

/** The same text for the same value, in whatever order its parts stand. @param {unknown} value @returns {string} */
const text = (value) =>
  JSON.stringify(value ?? null, (_key, part) =>
    part && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );

/** The fields whose values differ. @param {Values} before @param {Values} after */
export const changedFields = (before, after) =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (name) => text(before[name]) !== text(after[name]),
  );

/**
 * `mine` and `theirs` are the fields that each changed; `clash` those that both changed, to different values. A field
 * that the form does not have was not changed in it.
 * @param {Values} filled what the form was filled with
 * @param {Values} written what the form says
 * @param {Values} stored what another person stored meanwhile
 */
export function threeWay(filled, written, stored) {
  const mine = changedFields(filled, { ...filled, ...written });
  const theirs = changedFields(filled, stored);
  const clash = mine.filter((name) => theirs.includes(name) && text(written[name]) !== text(stored[name]));
  return { mine, theirs, clash };
}

/**
 * What is stored, with these fields as the form says them.
 * @param {Values} stored
 * @param {Values} written
 * @param {string[]} mine
 * @returns {Values}
 */
export const merged = (stored, written, mine) => ({
  ...stored,
  ...Object.fromEntries(mine.map((name) => [name, written[name]])),
});
