/** What floats over a page: toasts, dialogs, menus; and what is said to a screen reader. */
import { _ } from "./gettext.js";
import { el, icon } from "./text.js";

const SHOWN = 6000;
const AT_MOST = 3;
const QUIET = 3000;

/**
 * A passing message; never the only place of it. `act` adds one button.
 * @param {string} sentence
 * @param {{name?: string, hue?: string, act?: {word: string, does: () => void} | null, lasts?: number}} [look]
 *   `lasts`: milliseconds
 * @returns {HTMLElement}
 */
export function toast(sentence, { name = "check", hue = "green", act = null, lasts = SHOWN } = {}) {
  const region = /** @type {HTMLElement} */ (document.getElementById("toasts"));
  const button = act && el("button", { type: "button", class: "btn quiet sm" }, act.word);
  const box = el(
    "div",
    { class: "toast" },
    el("span", { class: `c-${hue}` }, icon(name)),
    el("span", { class: "grow" }, sentence),
    button,
  );
  let timer = 0;
  const run = () => {
    timer = setTimeout(() => box.remove(), lasts);
  };
  const hold = () => clearTimeout(timer);
  for (const event of ["pointerenter", "focusin"]) box.addEventListener(event, hold);
  for (const event of ["pointerleave", "focusout"]) box.addEventListener(event, run);
  button?.addEventListener("click", () => {
    box.remove();
    act?.does();
  });
  region.append(box);
  while (region.children.length > AT_MOST) region.firstElementChild?.remove();
  run();
  return box;
}

/**
 * Say in red why the server refused.
 * @param {{message: string}} refused
 */
export const sayRefused = (refused) => void toast(refused.message, { name: "alert", hue: "red" });

/** @type {string[]} */
let waiting = [];
let last = 0;

/** Say it to a screen reader when there is a pause: at most once in three seconds, grouped. @param {string} sentence */
export function announce(sentence) {
  waiting.push(sentence);
  if (waiting.length > 1) return;
  setTimeout(sayWaiting, Math.max(50, last + QUIET - Date.now()));
}

function sayWaiting() {
  const many = waiting.length > AT_MOST;
  const sentence = many ? _("%(n)s avisos. %(last)s", { n: waiting.length, last: waiting.at(-1) }) : waiting.join(" ");
  sayIn("polite", sentence);
  waiting = [];
  last = Date.now();
}

/** @param {string} region @param {string} sentence */
function sayIn(region, sentence) {
  const place = /** @type {HTMLElement} */ (document.getElementById(region));
  place.textContent = sentence;
}

/**
 * Say it at once: a call that rings, the connection lost, the session taken over. Nothing else.
 * @param {string} sentence
 */
export const alarm = (sentence) => sayIn("assertive", sentence);

/** @typedef {{id: string, word: string, kind?: string, safe?: boolean}} Choice */

/**
 * A dialog that waits for an answer: what cannot be undone, or what another person did.
 * The safe choice has the focus; Esc answers null.
 * @param {{title: string, sentence: string, lead?: Node | null, choices: Choice[]}} question
 * @returns {Promise<string | null>}
 */
export function dialog({ title, sentence, lead = null, choices }) {
  return new Promise((resolve) => {
    const head = el("div", {}, el("h2", { id: "dialog-title" }, title), el("p", { class: "sec" }, sentence));
    const buttons = choices.map((c) =>
      el("button", { type: "button", class: `btn ${c.kind ?? ""}`, value: c.id, autofocus: Boolean(c.safe) }, c.word),
    );
    const box = el(
      "dialog",
      { role: "alertdialog", "aria-labelledby": "dialog-title" },
      el("div", { class: "dialog" }, el("div", { class: "lead" }, lead, head), el("div", { class: "acts" }, buttons)),
    );
    const close = (/** @type {string | null} */ answer) => {
      box.remove();
      resolve(answer);
    };
    for (const button of buttons) button.addEventListener("click", () => close(button.value));
    box.addEventListener("cancel", (event) => {
      event.preventDefault();
      close(null);
    });
    document.body.append(box);
    box.showModal();
  });
}

/**
 * Ask a question of two answers; whether the second was chosen. Esc is the first, which is safe.
 * @param {string} title
 * @param {string} sentence
 * @param {string} no
 * @param {string} yes
 */
export async function mayDo(title, sentence, no, yes) {
  const choices = [
    { id: "no", word: no, safe: true },
    { id: "yes", word: yes, kind: "danger" },
  ];
  return (await dialog({ title, sentence, choices })) === "yes";
}

/**
 * A button that opens a menu: arrows move, Esc and a press outside close, the focus comes back.
 * @param {HTMLElement} button
 * @param {HTMLElement} box
 * @param {{opened?: (() => void) | null, signal?: AbortSignal | null}} [options]
 */
export function menu(button, box, { opened = null, signal = null } = {}) {
  const items = () => /** @type {HTMLElement[]} */ ([...box.querySelectorAll("[role^=menuitem]:not([disabled])")]);
  const shut = (/** @type {boolean} */ back) => {
    if (box.hidden) return;
    box.hidden = true;
    button.setAttribute("aria-expanded", "false");
    if (back) button.focus();
  };
  const show = () => {
    opened?.();
    box.hidden = false;
    button.setAttribute("aria-expanded", "true");
    items()[0]?.focus();
  };
  button.addEventListener("click", () => (box.hidden ? show() : shut(true)));
  button.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" || !box.hidden) return;
    event.preventDefault();
    show();
  });
  box.addEventListener("keydown", (event) => {
    const all = items();
    const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    /** @type {Record<string, number>} */
    const places = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1 };
    const to = places[event.key];
    if (to !== undefined) {
      event.preventDefault();
      all[to % all.length]?.focus();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      shut(true);
    } else if (event.key === "Tab") shut(false);
  });
  box.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[role^=menuitem]")) shut(false);
  });
  const outside = (/** @type {Event} */ event) => {
    const pressed = /** @type {Node} */ (event.target);
    if (!box.contains(pressed) && !button.contains(pressed)) shut(false);
  };
  document.addEventListener("pointerdown", outside, { signal: signal ?? undefined });
  return { show, shut };
}

/** Say in a form's own place why it was refused. @param {HTMLElement} error @param {string} sentence */
export function sayRefusedIn(error, sentence) {
  error.replaceChildren(icon("alert", "s"), sentence);
  error.hidden = false;
}
