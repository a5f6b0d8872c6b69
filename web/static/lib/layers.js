/** What floats over a page: toasts, dialogs, menus; and what is said to a screen reader. */
import { _ } from "./gettext.js";
import { el, icon } from "./text.js";

const SHOWN = 6000;
const AT_MOST = 3;
const QUIET = 3000;

/** A passing message; never the only place of it. `act` = {word, does} adds one button. */
export function toast(sentence, { name = "check", hue = "green", act = null } = {}) {
  const region = document.getElementById("toasts");
  const button = act && el("button", { type: "button", class: "btn quiet sm" }, act.word);
  const box = el(
    "div",
    { class: "toast" },
    el("span", { class: `c-${hue}` }, icon(name)),
    el("span", { class: "grow" }, sentence),
    button,
  );
  const left = SHOWN;
  let timer = null;
  const run = () => (timer = setTimeout(() => box.remove(), left));
  const hold = () => clearTimeout(timer);
  for (const event of ["pointerenter", "focusin"]) box.addEventListener(event, hold);
  for (const event of ["pointerleave", "focusout"]) box.addEventListener(event, run);
  button?.addEventListener("click", () => {
    box.remove();
    act.does();
  });
  region.append(box);
  while (region.children.length > AT_MOST) region.firstElementChild.remove();
  run();
  return box;
}

let waiting = [];
let last = 0;

/** Say it to a screen reader when there is a pause: at most once in three seconds, grouped. */
export function announce(sentence) {
  waiting.push(sentence);
  if (waiting.length > 1) return;
  setTimeout(
    () => {
      document.getElementById("polite").textContent =
        waiting.length > AT_MOST
          ? _("%(n)s avisos. %(last)s", { n: waiting.length, last: waiting.at(-1) })
          : waiting.join(" ");
      waiting = [];
      last = Date.now();
    },
    Math.max(50, last + QUIET - Date.now()),
  );
}

/** Say it at once: a call that rings, the connection lost, the session taken over. Nothing else. */
export function alarm(sentence) {
  document.getElementById("assertive").textContent = sentence;
}

/**
 * A dialog that waits for an answer: what cannot be undone, or what another person did.
 * `choices` = [{id, word, kind, safe}]; the safe one has the focus; Esc answers null.
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
    const close = (answer) => {
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

/** A button that opens a menu: arrows move, Esc and a press outside close, the focus comes back. */
export function menu(button, box, { opened = null, signal = null } = {}) {
  const items = () => [...box.querySelectorAll("[role^=menuitem]:not([disabled])")];
  const shut = (back) => {
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
  button.addEventListener(
    "keydown",
    (event) => event.key === "ArrowDown" && box.hidden && (event.preventDefault(), show()),
  );
  box.addEventListener("keydown", (event) => {
    const all = items();
    const at = all.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1 + all.length, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      all[to % all.length]?.focus();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      shut(true);
    } else if (event.key === "Tab") shut(false);
  });
  box.addEventListener("click", (event) => event.target.closest("[role^=menuitem]") && shut(false));
  const outside = (event) => box.contains(event.target) || button.contains(event.target) || shut(false);
  document.addEventListener("pointerdown", outside, { signal: signal ?? undefined });
  return { show, shut };
}
