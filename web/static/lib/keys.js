/** Shortcuts: single letters act only outside text fields and can be switched off (WCAG 2.1.4). */
import { allInside, around, at, input, inside } from "./page.js";
import { whenAborted } from "./signals.js";
import { writing } from "./text.js";

/** @typedef {(event: KeyboardEvent) => unknown} KeyDoes answers `false` when the key is not for it */

const LETTERS = "atiende.letters";
/** @type {Map<string, KeyDoes[]>} */
const known = new Map();

/**
 * What a key does on this page; `key` as KeyboardEvent.key (letters in lower case), "Alt+x" or "Ctrl+Enter".
 * The one said last is asked first; when it answers `false` the key is the next one's, at last the browser's.
 * @param {string} key
 * @param {KeyDoes} does
 * @param {{signal?: AbortSignal | null}} [options]
 */
export function onKey(key, does, { signal = null } = {}) {
  known.set(key, [does, ...(known.get(key) ?? [])]);
  const withoutIt = () => (known.get(key) ?? []).filter((other) => other !== does);
  whenAborted(signal, () => known.set(key, withoutIt()));
}

const lettersOn = () => localStorage.getItem(LETTERS) !== "off";

/** @param {KeyboardEvent} event */
function nameOf(event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.ctrlKey || event.metaKey) return `Ctrl+${key}`;
  // With Alt some keyboards write another sign: the place of the key counts then.
  if (event.altKey) return `Alt+${event.code.replace(/^(Key|Digit)/, "").toLowerCase()}`;
  return key;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  const name = nameOf(event);
  const doers = known.get(name);
  const plain = !event.ctrlKey && !event.altKey && !event.metaKey;
  if (!doers?.length || (plain && writing(event.target))) return;
  if (plain && event.key.length === 1 && !lettersOn()) return;
  if (document.querySelector("dialog[open]") && !around(event, "dialog[open]")) return;
  if (plain && name === "Enter" && around(event, "button, a, [role=menu], dialog")) return;
  if (doers.some((does) => does(event) !== false)) event.preventDefault();
});

/** The sheet of shortcuts, opened by `?` and the rail. */
export function keySheet() {
  const sheet = /** @type {HTMLDialogElement} */ (at("keys"));
  const letters = input("letters");
  letters.checked = lettersOn();
  letters.addEventListener("change", () => localStorage.setItem(LETTERS, letters.checked ? "on" : "off"));
  const show = () => sheet.open || sheet.showModal();
  for (const button of allInside(document, "[data-open-keys]")) button.addEventListener("click", show);
  inside(sheet, "[data-close]").addEventListener("click", () => sheet.close());
  onKey("?", show);
}
