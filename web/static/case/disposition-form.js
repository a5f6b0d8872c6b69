/** The form at the right: result, observations, next contact, Guardar y siguiente (S0-14…S0-22, S3-72…S3-79). */

import { me, onMe } from "../frame/me.js";
import { api, intention } from "../lib/api.js";
import { _ } from "../lib/gettext.js";
import { onKey } from "../lib/keys.js";
import { leaveWord } from "../lib/last-word.js";
import { live } from "../lib/live.js";
import { around, at, button, field, input, inside, myId } from "../lib/page.js";
import { el, setIcon, setText } from "../lib/text.js";
import { Cascade, effectOf } from "./cascade.js";
import { DispositionDraft } from "./disposition-draft.js";
import { effectWords, savedWords } from "./disposition-words.js";
import { NextContact } from "./next-contact.js";

/** @import { Refusal } from "../lib/api.js" */
/** @import { CaseSheet } from "./case-screen.js" */

export class DispositionForm {
  #sheet;
  #turn;
  #form = /** @type {HTMLFormElement} */ (at("gestion"));
  #cascade;
  #draft;
  #next;
  /** Asked to be saved: what follows is said by the next page. */
  saving = false;
  /** Why the case is no longer this agent's; empty while it is. */
  #lost = "";

  /**
   * @param {CaseSheet} sheet
   * @param {{turn: (number: number) => unknown, signal: AbortSignal}} options `turn` shows the case that follows, until
   *   `signal` says that this one is over
   */
  constructor(sheet, { turn, signal }) {
    this.#sheet = sheet;
    this.#turn = turn;
    this.#cascade = new Cascade(at("cascade"), sheet.results, () => this.#changed());
    this.#draft = new DispositionDraft(myId, sheet.row.number, this.#form, this.#cascade);
    this.#draft.restore();
    const directed = sheet.assignment_mode === "directed";
    this.#next = new NextContact({ number: sheet.row.number, directed, changed: () => this.#changed(), signal });
    this.#form.addEventListener("input", () => this.#changed());
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.save();
    });
    onKey("Ctrl+Enter", () => this.save(), { signal });
    for (let n = 1; n <= 9; n++)
      onKey(String(n), (event) => this.#draft.finish && !around(event, "#pop") && this.#cascade.pick(n), { signal });
    live.onState(() => this.#draw(), { signal });
    onMe(() => this.#draw(), { signal });
    this.#draw();
  }

  /** Whether something is written that is not saved. */
  get dirty() {
    return this.#draft.dirty;
  }

  /** The case is no longer this agent's: what is written stays, saving is off. @param {string} sentence */
  lose(sentence) {
    this.#lost = sentence;
    this.#draw();
  }

  /**
   * Put this moment as the next contact; false when a result that lets it be must first be chosen.
   * @param {string} time
   */
  schedule(time) {
    this.#next.set(time);
    this.#draft.finish = true;
    this.#changed();
    const { schedules } = effectOf(this.#cascade.nodes);
    const next = schedules ? field("next-time") : at("cascade").querySelector("button");
    next?.focus();
    return schedules;
  }

  #changed() {
    this.#draft.keep();
    this.#fail(null);
    this.#draw();
  }

  /** Why it cannot be saved now, in two or three words; empty when it can. */
  #missing() {
    if (this.#lost) return this.#lost;
    if (live.state === "offline") return _("sin conexión");
    if (live.state === "elsewhere") return _("abierto en otra pestaña");
    const { finish } = this.#draft;
    const chosen = this.#cascade.path.length > 0;
    if (finish && !chosen) return _("falta el resultado");
    if (!finish && !field("observations").value.trim()) return _("falta el comentario");
    return this.#next.missing();
  }

  #draw() {
    const { finish } = this.#draft;
    at("cascade").hidden = !finish; // a comment has no result: what was chosen waits for the way back
    this.#next.draw(effectOf(this.#cascade.nodes).schedules, finish);
    const missing = this.#missing();
    const pause = me()?.pending_reason;
    const word = pause ? _("Guardar e ir a pausa") : _("Guardar y siguiente");
    const save = button("save");
    setText(inside(save, "[data-word]"), missing ? `${word}: ${missing}` : word);
    save.disabled = Boolean(missing) || this.saving;
    inside(save, "kbd").hidden = Boolean(missing);
    const paused = pause && _("Después: EN PAUSA, %(reason)s", { reason: pause });
    setText(at("after-save"), paused || _("Después se abre el caso que sigue en su lista"));
    this.#drawEffect();
  }

  #drawEffect() {
    const { nodes } = this.#cascade;
    const scheduled = Boolean(this.#next.moment);
    const { picture, strong, rest } = effectWords(effectOf(nodes), nodes.length > 0, this.#draft.finish, scheduled);
    const box = at("effect");
    setIcon(box.querySelector(".ic"), picture);
    box.lastElementChild?.replaceChildren(el("b", { class: "strong" }, strong), ` ${rest}`);
  }

  async save() {
    if (this.#missing() || this.saving) return;
    const { finish } = this.#draft;
    const next = this.#next.moment;
    const body = {
      result: finish ? this.#cascade.path : [],
      observations: field("observations").value,
      finish,
      next_contact_at: next,
      mine: Boolean(next) && input("mine").checked,
      phone: next ? field("next-phone").value || null : null,
    };
    const key = this.#draft.keyOf(body, intention);
    this.saving = true;
    this.#draw();
    const answer = await api.post(`/cases/${this.#sheet.row.number}/dispositions`, body, { key });
    if (answer.refused) this.#refused(answer.refused);
    else this.#goOn(answer.value);
  }

  /** @param {Refusal} refused */
  #refused(refused) {
    this.saving = false;
    if (refused.code !== "offline") this.#draft.forgetKey();
    this.#fail(refused);
    this.#draw();
  }

  /** @param {{next_case: {number: number, customer: {name: string}} | null, why_none: string | null}} saved */
  #goOn({ next_case: next, why_none: why }) {
    this.#draft.drop();
    leaveWord(savedWords(next?.customer.name ?? null, why, me()?.call === "ringing"));
    return next ? this.#turn(next.number) : location.assign("/casos");
  }

  /** Show why it was not saved, at the field that it is about; null takes it away. @param {Refusal | null} refused */
  #fail(refused) {
    const box = at("save-error");
    box.hidden = !refused;
    setText(inside(box, "span"), refused?.message ?? "");
    at("cascade").classList.toggle("bad", refused?.field === "result");
    field("next-date").classList.toggle("bad", refused?.field === "next_contact_at");
    field("next-phone").classList.toggle("bad", refused?.field === "phone");
    field("observations").classList.toggle("bad", refused?.field === "observations");
  }
}
