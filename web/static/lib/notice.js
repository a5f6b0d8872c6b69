/** A notice on a page: what another person did, what is not allowed, what is wrong. */
import { el, icon } from "./text.js";

/** @import { Child } from "./text.js" */

/**
 * A notice of a page: an icon, what matters, the rest.
 * @param {string} hue
 * @param {string} picture
 * @param {string} strong
 * @param {Child[]} rest
 */
export const notice = (hue, picture, strong, ...rest) =>
  el("p", { class: `notice k-${hue}` }, icon(picture), el("span", {}, el("strong", {}, strong), " ", ...rest));
