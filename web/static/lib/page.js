/** What every page reaches for: its elements, its values, its language's numbers, who looks at it. */
/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Field */

const { dataset } = document.documentElement;

/** The language that numbers and dates are written in. */
export const locale = dataset.locale || "es";
/** The time zone of the installation. */
export const timeZone = dataset.timeZone || undefined;
/** The id of the person who looks at the page. */
export const myId = Number(dataset.me);
/** The role of the person who looks at the page. */
export const myRole = dataset.role ?? "";
/** Writes a number as people of this language read it: 1.240. */
export const numbers = new Intl.NumberFormat(locale);

/**
 * Values that the page was drawn with (`data("id", …)` of frame/macros.html); null when there are none.
 * @param {string} id
 * @returns {any}
 */
export function pageData(id) {
  const block = document.getElementById(`data-${id}`);
  return block ? JSON.parse(block.textContent ?? "null") : null;
}

/* ---- elements ---- */

/**
 * The element with this id. A page without it is drawn wrongly: throws an Error that names it.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function at(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}.`);
  return found;
}

/** A field to write or choose in, by its id. @param {string} id */
export const field = (id) => /** @type {Field} */ (at(id));
/** An input: to tick, to choose a file, to write in. @param {string} id */
export const input = (id) => /** @type {HTMLInputElement} */ (at(id));
/** A list to choose from, by its id. @param {string} id */
export const select = (id) => /** @type {HTMLSelectElement} */ (at(id));
/** A button, by its id. @param {string} id */
export const button = (id) => /** @type {HTMLButtonElement} */ (at(id));

/**
 * The first element inside `root` that the selector names. Throws an Error when there is none.
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {HTMLElement}
 */
export function inside(root, selector) {
  const found = root.querySelector(selector);
  if (!found) throw new Error(`The page has no ${selector}.`);
  return /** @type {HTMLElement} */ (found);
}

/**
 * All elements inside `root` that the selector names.
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {HTMLElement[]}
 */
export const allInside = (root, selector) => [
  .../** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll(selector)),
];

/**
 * All inputs inside `root` that the selector names.
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {HTMLInputElement[]}
 */
export const inputsInside = (root, selector) => /** @type {HTMLInputElement[]} */ (allInside(root, selector));

/**
 * A fresh copy of what a `template` of the page holds.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function copyOf(id) {
  const template = /** @type {HTMLTemplateElement} */ (at(id));
  return /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
}

/**
 * The element around what an event happened on that the selector names; null when there is none.
 * @param {Event} event
 * @param {string} selector
 * @returns {HTMLElement | null}
 */
export const around = (event, selector) =>
  event.target instanceof Element ? /** @type {HTMLElement | null} */ (event.target.closest(selector)) : null;
