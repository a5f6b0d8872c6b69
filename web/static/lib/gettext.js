/**
 * Sentences of the modules in the person's language. The msgid is the Spanish sentence; values fill named places:
 * `_("Lo tiene %(holder)s", { holder })`.
 */
import { CATALOGUE, LOCALE } from "./translations.js";

/** @param {string} text @param {Record<string, unknown>} [values] @returns {string} */
function filled(text, values) {
  if (!values) return text;
  return text.replace(/%\((\w+)\)s/g, (place, name) => (name in values ? String(values[name]) : place));
}

/**
 * The sentence in the person's language.
 * @param {string} sentence
 * @param {Record<string, unknown>} [values]
 * @returns {string}
 */
export function _(sentence, values) {
  const found = CATALOGUE[sentence];
  return filled((Array.isArray(found) ? found[0] : found) || sentence, values);
}

/**
 * The form of the sentence for `count` things; `%(count)s` is filled in.
 * @param {string} one
 * @param {string} many
 * @param {number} count
 * @param {Record<string, unknown>} [values]
 * @returns {string}
 */
export function ngettext(one, many, count, values) {
  const found = CATALOGUE[one];
  const single = new Intl.PluralRules(LOCALE).select(count) === "one";
  const text = (Array.isArray(found) ? found[single ? 0 : 1] : found) || (single ? one : many);
  return filled(text, { count, ...values });
}
