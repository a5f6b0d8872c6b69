/**
 * A list with the editor of one of its things beside it: which is chosen, what the form was filled with, whether it
 * holds unsaved changes, why a change was refused, and what stays when another person saved first.
 */

import { _ } from "../lib/gettext.js";
import { announce, mayDo, sayRefusedIn, toast } from "../lib/layers.js";
import { notice } from "../lib/notice.js";
import { allInside } from "../lib/page.js";
import { el } from "../lib/text.js";
import { listed, settle, whoAndWhen } from "./conflict.js";
import { changedFields, threeWay } from "./three-way.js";

/** @import { Answer } from "../lib/api.js" */
/** @import { By, Say } from "./conflict.js" */
/** @import { Values } from "./three-way.js" */
/** @typedef {{by?: By, at?: string | null}} Told who changed it, and when; unknown after a refetch */

/**
 * The editor of one of `things`.
 * @template {{id: number, version?: number}} Thing
 */
export class ListEditor {
  /** The id of the chosen thing; null for a new one. @type {number | null} */
  chosen = null;
  /** Whether the form holds something that is not saved. */
  touched = false;
  /** The thing as the form was filled with it; null for a new one. @type {Thing | null} */
  filled = null;
  #things;
  #form;
  #error;
  #loses;
  #fill;
  #draw;
  #unsaved;
  #valuesOf;
  #read;
  #say;
  #notice = el("div", { role: "status" });

  /**
   * @param {Object} page
   * @param {Map<number, Thing>} page.things by their id
   * @param {HTMLElement} page.form
   * @param {HTMLElement} page.error where the form says why it was refused
   * @param {string} page.loses what choosing another thing loses
   * @param {(thing: Thing | null) => void} page.fill shows a thing in the form; null a new one
   * @param {() => void} page.draw draws the list
   * @param {(thing: Thing) => Values} page.valuesOf a thing's values, as the form would say them
   * @param {() => Values} page.read what the form says
   * @param {Say} page.say
   * @param {HTMLElement | null} [page.unsaved] shown while something is not saved
   */
  constructor({ things, form, error, loses, fill, draw, valuesOf, read, say, unsaved = null }) {
    this.#things = things;
    this.#form = form;
    this.#error = error;
    this.#loses = loses;
    this.#fill = fill;
    this.#draw = draw;
    this.#valuesOf = valuesOf;
    this.#read = read;
    this.#say = say;
    this.#unsaved = unsaved;
    error.before(this.#notice);
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
    this.filled = this.thing;
    this.touch(false);
    this.clearRefusal();
    this.#notice.replaceChildren();
    this.#fill(this.filled);
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
   * A newer version came, live or by reading again: the form shows it unless it holds something unsaved. Then it says
   * who changed what, and what was written stays over the version it was filled with.
   * @param {Thing} newer
   * @param {Told} [told]
   */
  take(newer, { by, at } = {}) {
    if (!this.keep(newer)) return;
    if (newer.id !== this.chosen || !this.filled) return this.#draw();
    if (!this.touched) return this.show();
    this.#draw();
    const stored = this.#valuesOf(/** @type {Thing} */ (this.thing));
    const theirs = changedFields(this.#valuesOf(this.filled), stored).map((name) => this.#say(name, stored[name]));
    if (theirs.length) this.#tell(whoAndWhen(by, at), listed(theirs));
  }

  /** @param {string} who @param {string} fields */
  #tell(who, fields) {
    const changed = _("cambió: %(fields)s.", { fields });
    const safe = _("Lo que usted escribió sigue aquí; al guardar se une, o elige qué queda.");
    this.#notice.replaceChildren(notice("amber", "pencil", who, `${changed} ${safe}`));
    announce(`${who} ${changed}`);
  }

  /**
   * Save what the form says, over the version that it was filled with. What another person changed meanwhile is kept
   * beside it; where both changed the same, the person chooses. `send` gets the names of the fields that were changed,
   * all values, and the version; its answer comes back, null when the person went back to the form.
   * @param {(names: string[], values: Values, version: number | undefined) => Promise<Answer>} send
   * @returns {Promise<Answer | null>}
   */
  async save(send) {
    this.clearRefusal();
    let values = this.#read();
    let over = this.filled;
    let before = over ? this.#valuesOf(over) : {};
    let joined = "";
    for (;;) {
      const answer = await send(changedFields(before, { ...before, ...values }), values, over?.version);
      if (!over || answer.refused?.code !== "stale") {
        if (joined && !answer.refused) toast(joined, { name: "users", hue: "blue" });
        return answer;
      }
      const { current, by, at } = answer.refused;
      this.take({ ...over, ...current }, { by, at });
      const who = whoAndWhen(by, at);
      const now = this.thing ?? over;
      const three = { filled: before, written: values, stored: this.#valuesOf(now) };
      const kept = await settle(who, three, this.#say);
      if (!kept) return null;
      const theirs = threeWay(before, before, three.stored).theirs.filter((name) => kept[name] === three.stored[name]);
      const fields = listed(theirs.map((name) => this.#say(name, three.stored[name])));
      if (fields) joined = _("Queda también lo de %(who)s: %(fields)s.", { who, fields });
      [values, over, before] = [kept, now, three.stored];
    }
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

/** Ask before the page is left while something is not saved. @param {() => boolean} unsaved */
export const guardUnsaved = (unsaved) =>
  window.addEventListener("beforeunload", (event) => {
    if (unsaved()) event.preventDefault();
  });

/** @param {string} loses */
const askToDiscard = (loses) =>
  mayDo(_("Hay cambios sin guardar"), loses, _("Seguir editando"), _("Descartar cambios"));
