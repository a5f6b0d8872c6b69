/** The sentences themselves; the server answers the person's own in place of this file. */
/** @type {Record<string, string | string[]>} */
export const CATALOGUE = {};
export const LOCALE = "es";
