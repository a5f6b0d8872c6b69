/** The next contact in the form: its day and hour, who will get it, and why that moment will not do (S3-78, X10). */

import { api } from "../lib/api.js";
import { dateOf, hour, moment, now, when } from "../lib/clock.js";
import { _ } from "../lib/gettext.js";
import { at, field, input } from "../lib/page.js";
import { whenAborted } from "../lib/signals.js";
import { el, icon } from "../lib/text.js";
import { whoGetsIt } from "./disposition-words.js";

/** @import { Refusal } from "../lib/api.js" */
/** @typedef {{at: string, refused: Refusal | null, holiday: string}} Checked what the server said of a moment */

const TYPED = 250; // milliseconds after the last change until the moment is asked about

export class NextContact {
  #number;
  #directed;
  #changed;
  #permitted = false;
  #finish = true;
  #timer = 0;
  /** @type {Checked | null} */
  #checked = null;
  #asked = "";

  /**
   * @param {{number: number, directed: boolean, changed: () => void, signal: AbortSignal}} options `directed`: the
   *   campaign's cases belong to those they are assigned to; `changed` is called when there is something new to say
   */
  constructor({ number, directed, changed, signal }) {
    this.#number = number;
    this.#directed = directed;
    this.#changed = changed;
    whenAborted(signal, () => clearTimeout(this.#timer));
  }

  get #written() {
    return Boolean(field("next-date").value || field("next-time").value);
  }

  /** The moment, when a finished gestión with this result lets one be set and both fields are filled. */
  get moment() {
    const [date, time] = [field("next-date").value, field("next-time").value];
    return this.#finish && this.#permitted && date && time ? moment(date, time) : null;
  }

  /** Put this moment into the fields. @param {string} time */
  set(time) {
    field("next-date").value = dateOf(time);
    field("next-time").value = hour(time);
  }

  /** Why it cannot be saved so, in a few words; empty when it can. */
  missing() {
    if (!this.#finish || !this.#written) return "";
    if (!this.#permitted) return _("este resultado no permite agendar");
    const [date, time] = [field("next-date").value, field("next-time").value];
    if (!date || !time) return date ? _("falta la hora") : _("falta la fecha");
    if (Date.parse(this.moment ?? "") <= now()) return _("la fecha ya pasó");
    return this.#said?.refused ? _("no se permite esa hora") : "";
  }

  /** What the server said of the moment as it stands now. */
  get #said() {
    return this.#checked && this.#checked.at === this.moment ? this.#checked : null;
  }

  /**
   * Show it as the form is now. What was written stays in sight, also when a result does not let it be saved.
   * @param {boolean} permitted whether the chosen result lets a next contact be set
   * @param {boolean} finish whether the gestión is to be finished
   */
  draw(permitted, finish) {
    this.#permitted = permitted;
    this.#finish = finish;
    at("next-contact").hidden = !finish || !(permitted || this.#written);
    this.#ask();
    const { sentence, act, wrong } = this.#words();
    const says = `${sentence} ${this.#said?.refused?.until ?? ""}`;
    if (at("next-hint").dataset.says === says) return;
    at("next-hint").dataset.says = says;
    at("next-hint").className = wrong ? "err mt1" : "hint mt1";
    at("next-hint").replaceChildren(...(wrong ? [icon("alert", "s")] : []), el("span", {}, sentence));
    at("next-acts").replaceChildren(...(act ? [act] : []));
    at("next-acts").hidden = !act;
  }

  #words() {
    const refused = this.#said?.refused;
    if (this.#written && !this.#permitted)
      return {
        wrong: true,
        sentence: _("La fecha está puesta. Elija un resultado que permita agendar, o quítela."),
        act: this.#button("x", _("Quitar la fecha"), () => this.#clear()),
      };
    if (refused) {
      const { until } = refused;
      const use = () => this.set(until);
      const act = until ? this.#button("cal", _("Usar %(when)s", { when: when(until) }), use) : null;
      return { wrong: true, sentence: refused.message, act };
    }
    const who = whoGetsIt(this.moment, input("mine").checked, this.#directed);
    const day = this.#said?.holiday ? _("Ese día es festivo: %(holiday)s.", { holiday: this.#said.holiday }) : "";
    return { wrong: false, sentence: `${day} ${who}`.trim(), act: null };
  }

  /** @param {string} picture @param {string} word @param {() => void} does */
  #button(picture, word, does) {
    const onclick = () => {
      does();
      this.#changed();
      field(at("next-contact").hidden ? "observations" : "next-time").focus();
    };
    return el("button", { type: "button", class: "btn sm", onclick }, icon(picture, "s"), word);
  }

  #clear() {
    field("next-date").value = "";
    field("next-time").value = "";
  }

  /** Ask the server about a new moment, once it is not being typed any more. */
  #ask() {
    const wanted = this.moment ?? "";
    if (wanted === this.#asked) return;
    this.#asked = wanted;
    clearTimeout(this.#timer);
    if (wanted && Date.parse(wanted) > now()) this.#timer = setTimeout(() => this.#check(wanted), TYPED);
  }

  /** @param {string} wanted */
  async #check(wanted) {
    const { value, refused } = await api.get(`/cases/${this.#number}/booking?at=${encodeURIComponent(wanted)}`);
    if (refused && !refused.code.startsWith("contact-refused")) return; // the server says it again when it is saved
    this.#checked = { at: wanted, refused, holiday: value?.holiday ?? "" };
    if (wanted === this.moment) this.#changed();
  }
}
