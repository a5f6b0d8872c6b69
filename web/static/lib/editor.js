/**
 * A list with the editor of one of its things beside it: which is chosen, whether the form holds unsaved changes, why a
 * change was refused, and which of two versions stays when another person saved first.
 */
import { _ } from "./gettext.js";
import { dialog } from "./layers.js";
import { allInside } from "./page.js";
import { icon } from "./text.js";

/** @import { Choice } from "./layers.js" */

/**
 * The editor of one of `things`.
 * @template {{id: number, version?: number}} Thing
 */
export class ListEditor {
  /** The id of the chosen thing; null for a new one. @type {number | null} */
  chosen = null;
  /** Whether the form holds something that is not saved. */
  touched = false;
  #things;
  #form;
  #error;
  #loses;
  #fill;
  #draw;
  #unsaved;

  /**
   * @param {Object} page
   * @param {Map<number, Thing>} page.things by their id
   * @param {HTMLElement} page.form
   * @param {HTMLElement} page.error where the form says why it was refused
   * @param {string} page.loses what choosing another thing loses
   * @param {(thing: Thing | null) => void} page.fill shows a thing in the form; null a new one
   * @param {() => void} page.draw draws the list
   * @param {HTMLElement | null} [page.unsaved] shown while something is not saved
   */
  constructor({ things, form, error, loses, fill, draw, unsaved = null }) {
    this.#things = things;
    this.#form = form;
    this.#error = error;
    this.#loses = loses;
    this.#fill = fill;
    this.#draw = draw;
    this.#unsaved = unsaved;
    guardUnsaved(() => this.touched);
  }

  /** The chosen thing; null for a new one. */
  get thing() {
    return this.#things.get(this.chosen ?? -1) ?? null;
  }

  /** Choose another thing; whether the person let go of what is unsaved. @param {number | null} id */
  async choose(id) {
    if (this.touched && id !== this.chosen && !(await askToDiscard(this.#loses))) return false;
    this.show(id);
    return true;
  }

  /** Show the thing as it is now, without what was written. @param {number | null} [id] */
  show(id = this.chosen) {
    this.chosen = id;
    this.touch(false);
    this.clearRefusal();
    this.#fill(this.thing);
    this.#draw();
  }

  /** Remember that the form was changed, or (false) that nothing in it is unsaved. */
  touch(is = true) {
    this.touched = is;
    if (this.#unsaved) this.#unsaved.hidden = !is;
  }

  /** Keep a newer version of a thing; false when a later one is known. @param {Thing} newer */
  keep(newer) {
    const known = this.#things.get(newer.id);
    if ((newer.version ?? 0) < (known?.version ?? 0)) return false;
    this.#things.set(newer.id, { ...known, ...newer });
    return true;
  }

  /**
   * Say why a change was refused, at the field that it is about.
   * @param {string} sentence
   * @param {HTMLElement | null} field
   */
  refuse(sentence, field) {
    this.clearRefusal();
    sayRefusedIn(this.#error, sentence);
    field?.setAttribute("aria-invalid", "true");
    field?.classList.add("bad");
    field?.focus();
  }

  /** Take away what was said of a refusal. */
  clearRefusal() {
    this.#error.hidden = true;
    for (const field of allInside(this.#form, "[aria-invalid]")) {
      field.removeAttribute("aria-invalid");
      field.classList.remove("bad");
    }
  }
}

/** Say in a form's own place why it was refused. @param {HTMLElement} error @param {string} sentence */
export function sayRefusedIn(error, sentence) {
  error.replaceChildren(icon("alert", "s"), sentence);
  error.hidden = false;
}

/** Ask before the page is left while something is not saved. @param {() => boolean} unsaved */
export const guardUnsaved = (unsaved) =>
  window.addEventListener("beforeunload", (event) => {
    if (unsaved()) event.preventDefault();
  });

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

/** @param {string} loses */
const askToDiscard = (loses) =>
  mayDo(_("Hay cambios sin guardar"), loses, _("Seguir editando"), _("Descartar cambios"));

/**
 * Another person saved first: ask which of the two versions stays. Null when neither was chosen.
 * @param {string} title
 * @param {string} sentence
 * @param {Omit<Choice, "id">} [mine] what the button says that keeps one's own
 * @returns {Promise<"theirs" | "mine" | null>}
 */
export async function whichStays(title, sentence, mine = { word: _("Dejar lo mío") }) {
  const choices = [
    { id: "theirs", word: _("Ver lo guardado"), safe: true },
    { id: "mine", ...mine },
  ];
  return /** @type {"theirs" | "mine" | null} */ (await dialog({ title, sentence, choices }));
}
