/** What is written in the form of a case, kept on this machine until it is saved. */

import { dateOf, hour, now, when } from "../lib/clock.js";
import { dropDraft, dropOldDrafts, keepDraft, readDraft } from "../lib/draft.js";
import { _ } from "../lib/gettext.js";
import { at, field, input, select } from "../lib/page.js";
import { setText } from "../lib/text.js";

/** @import { Cascade } from "./cascade.js" */

export class DispositionDraft {
  #me;
  #number;
  #form;
  #cascade;
  /** @type {{text: string, key: string} | null} */
  #sent = null; // what was sent last and its key: the same again acts once

  /**
   * @param {number} me
   * @param {number} number of the case
   * @param {HTMLFormElement} form
   * @param {Cascade} cascade
   */
  constructor(me, number, form, cascade) {
    this.#me = me;
    this.#number = number;
    this.#form = form;
    this.#cascade = cascade;
  }

  get #radios() {
    return /** @type {RadioNodeList} */ (this.#form.elements.namedItem("finish"));
  }

  /** Whether the gestión is to be finished, not only commented. */
  get finish() {
    return this.#radios.value === "1";
  }

  set finish(finishes) {
    this.#radios.value = finishes ? "1" : "0";
  }

  /** Whether something is written that is not saved. */
  get dirty() {
    return field("observations").value.trim() !== "" || this.#cascade.path.length > 0;
  }

  /** Keep what is written, or forget it when nothing is; say which. */
  keep() {
    if (this.dirty || field("next-date").value) {
      keepDraft(this.#me, this.#number, this.#written());
      setText(at("draft"), _("borrador guardado %(time)s", { time: hour(now()) }));
    } else {
      this.drop();
      setText(at("draft"), "");
    }
  }

  drop() {
    dropDraft(this.#me, this.#number);
  }

  /**
   * The key of this body; the same body has the same key, also after a reload.
   * @param {object} body
   * @param {() => string} fresh
   */
  keyOf(body, fresh) {
    const text = JSON.stringify(body);
    if (this.#sent?.text !== text) this.#sent = { text, key: fresh() };
    keepDraft(this.#me, this.#number, this.#written());
    return this.#sent.key;
  }

  /** The server answered: the next time is another intention. */
  forgetKey() {
    this.#sent = null;
  }

  #written() {
    return {
      path: this.#cascade.path,
      observations: field("observations").value,
      finish: this.finish,
      date: field("next-date").value,
      time: field("next-time").value,
      phone: field("next-phone").value,
      mine: input("mine").checked,
      sent: this.#sent,
    };
  }

  /** Fill the form with what was kept, when something was. */
  restore() {
    dropOldDrafts();
    input("next-date").min = dateOf(now());
    const kept = readDraft(this.#me, this.#number);
    if (!kept) return;
    this.#cascade.set(kept.path ?? []);
    this.finish = Boolean(kept.finish);
    field("observations").value = kept.observations ?? "";
    field("next-date").value = kept.date ?? "";
    field("next-time").value = kept.time ?? "";
    const offered = [...select("next-phone").options].some((option) => option.value === kept.phone);
    field("next-phone").value = offered ? kept.phone : "";
    input("mine").checked = Boolean(kept.mine);
    this.#sent = kept.sent ?? null;
    setText(at("draft"), _("borrador de %(when)s", { when: when(kept.at) }));
  }
}
