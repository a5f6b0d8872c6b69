/** Shortcuts: single letters act only outside text fields and can be switched off (WCAG 2.1.4). */
import { whenOver } from "./case-end.js";
import { writing } from "./text.js";

const LETTERS = "atiende.letters";
const known = new Map();

/**
 * What a key does on this page; `key` as KeyboardEvent.key (letters in lower case), "Alt+x" or "Ctrl+Enter".
 * The one said last is asked first; when it answers `false` the key is the next one's, at last the browser's.
 */
export function onKey(key, does, { signal = null } = {}) {
  known.set(key, [does, ...(known.get(key) ?? [])]);
  whenOver(signal, () =>
    known.set(
      key,
      known.get(key).filter((other) => other !== does),
    ),
  );
}

const lettersOn = () => localStorage.getItem(LETTERS) !== "off";

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
  if (document.querySelector("dialog[open]") && !event.target.closest?.("dialog[open]")) return;
  if (plain && name === "Enter" && event.target.closest?.("button, a, [role=menu], dialog")) return;
  if (doers.some((does) => does(event) !== false)) event.preventDefault();
});

/** The sheet of shortcuts, opened by `?` and the rail. */
export function keySheet() {
  const sheet = document.getElementById("keys");
  const letters = document.getElementById("letters");
  letters.checked = lettersOn();
  letters.addEventListener("change", () => localStorage.setItem(LETTERS, letters.checked ? "on" : "off"));
  const show = () => sheet.open || sheet.showModal();
  for (const button of document.querySelectorAll("[data-open-keys]")) button.addEventListener("click", show);
  sheet.querySelector("[data-close]").addEventListener("click", () => sheet.close());
  onKey("?", show);
}
