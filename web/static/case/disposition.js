/** The form at the right: result, observations, next contact, Guardar y siguiente (S0-14…S0-22, S3-72…S3-79). */

import { me, onMe } from "../frame/agent-state.js";
import { api, intention } from "../lib/api.js";
import { dateOf, hour, moment, now, when } from "../lib/clock.js";
import { dropDraft, dropOldDrafts, keepDraft, readDraft } from "../lib/draft.js";
import { _ } from "../lib/gettext.js";
import { onKey } from "../lib/keys.js";
import { leaveWord } from "../lib/last-word.js";
import { live } from "../lib/live.js";
import { el, setIcon, setText } from "../lib/text.js";
import { Cascade, effectOf } from "./cascade.js";

const by = (id) => document.getElementById(id);

export class Gestion {
  #sheet;
  #me;
  #turn;
  #number;
  #cascade;
  /** Asked to be saved: what follows is said by the next page. */
  saving = false;
  #sent = null; // what was sent last and its key: the same again acts once
  #lost = false; // no longer this agent's case

  /** `turn(number)` shows the case that follows, until `signal` says that this one is over. */
  constructor(sheet, myId, { turn, signal }) {
    this.#sheet = sheet;
    this.#turn = turn;
    this.#me = myId;
    this.#number = sheet.row.number;
    this.#cascade = new Cascade(by("cascade"), sheet.results, () => this.#changed());
    this.form = by("gestion");
    dropOldDrafts();
    this.#restore();
    this.form.addEventListener("input", () => this.#changed());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.save();
    });
    onKey("Ctrl+Enter", () => this.save(), { signal });
    for (let n = 1; n <= 9; n++)
      onKey(String(n), (event) => !event.target.closest?.("#pop") && this.#cascade.pick(n), { signal });
    live.onState(() => this.#draw(), { signal });
    onMe(() => this.#draw(), { signal });
    this.#draw();
  }

  get finish() {
    return this.form.elements.finish.value === "1";
  }

  /** Whether something is written that is not saved. */
  get dirty() {
    return by("observations").value.trim() !== "" || this.#cascade.path.length > 0;
  }

  /** The case is no longer this agent's: what is written stays, saving is off. */
  lose(sentence) {
    this.#lost = sentence;
    this.#draw();
  }

  /** Put this moment as the next contact; false when the result must first be chosen. */
  schedule(at) {
    by("next-date").value = dateOf(at);
    by("next-time").value = hour(at);
    this.form.elements.finish.value = "1";
    this.#changed();
    const open = !by("next-contact").hidden;
    (open ? by("next-time") : by("cascade").querySelector("button, select, input"))?.focus();
    return open;
  }

  #changed() {
    if (this.dirty || by("next-date").value) {
      keepDraft(this.#me, this.#number, this.#written());
      setText(by("draft"), _("borrador guardado %(time)s", { time: hour(now()) }));
    } else {
      dropDraft(this.#me, this.#number);
      setText(by("draft"), "");
    }
    this.#fail(null);
    this.#draw();
  }

  #written() {
    return {
      path: this.#cascade.path,
      observations: by("observations").value,
      finish: this.finish,
      date: by("next-date").value,
      time: by("next-time").value,
      phone: by("next-phone").value,
      mine: by("mine").checked,
      sent: this.#sent,
    };
  }

  #restore() {
    const kept = readDraft(this.#me, this.#number);
    by("next-date").min = dateOf(now());
    if (!kept) return;
    this.#cascade.set(kept.path ?? []);
    by("observations").value = kept.observations ?? "";
    this.form.elements.finish.value = kept.finish ? "1" : "0";
    by("next-date").value = kept.date ?? "";
    by("next-time").value = kept.time ?? "";
    by("next-phone").value = [...by("next-phone").options].some((o) => o.value === kept.phone) ? kept.phone : "";
    by("mine").checked = Boolean(kept.mine);
    this.#sent = kept.sent ?? null;
    setText(by("draft"), _("borrador de %(when)s", { when: when(kept.at) }));
  }

  /** The next contact as a moment, when the result lets one be set and both fields are filled. */
  #next() {
    if (by("next-contact").hidden) return null;
    const date = by("next-date").value;
    const time = by("next-time").value;
    return date && time ? moment(date, time) : null;
  }

  /** Why it cannot be saved now, in two or three words; empty when it can. */
  #missing() {
    if (this.#lost) return this.#lost;
    if (live.state === "offline") return _("sin conexión");
    if (live.state === "elsewhere") return _("abierto en otra pestaña");
    if (this.finish && !this.#cascade.path.length) return _("falta el resultado");
    if (!this.finish && !this.#cascade.path.length && !by("observations").value.trim()) return _("falta el comentario");
    if (by("next-contact").hidden) return "";
    const [date, time] = [by("next-date").value, by("next-time").value];
    if (Boolean(date) !== Boolean(time)) return date ? _("falta la hora") : _("falta la fecha");
    if (date && Date.parse(moment(date, time)) <= now()) return _("la fecha ya pasó");
    return "";
  }

  #draw() {
    const nodes = this.#cascade.nodes;
    const effect = effectOf(nodes);
    by("next-contact").hidden = !effect.schedules;
    const missing = this.#missing();
    const pause = me()?.pending_reason;
    const word = pause ? _("Guardar e ir a pausa") : _("Guardar y siguiente");
    setText(by("save").querySelector("[data-word]"), missing ? `${word}: ${missing}` : word);
    by("save").disabled = Boolean(missing) || this.saving;
    by("save").querySelector("kbd").hidden = Boolean(missing);
    setText(
      by("after-save"),
      pause
        ? _("Después: EN PAUSA, %(reason)s", { reason: pause })
        : _("Después se abre el caso que sigue en su lista"),
    );
    this.#drawEffect(effect, nodes.length > 0);
    if (effect.schedules) setText(by("next-hint"), this.#whoGetsIt());
  }

  #drawEffect(effect, chosen) {
    const box = by("effect");
    const [picture, strong, rest] = this.#effectWords(effect, chosen);
    setIcon(box.querySelector(".ic"), picture);
    box.lastElementChild.replaceChildren(el("b", { class: "strong" }, strong), ` ${rest}`);
  }

  #effectWords(effect, chosen) {
    const level = effect.level ? _("Manda el nivel %(n)s.", { n: effect.level }) : "";
    if (!this.finish) return ["script", _("Al guardar: solo el comentario."), _("La gestión queda sin finalizar.")];
    if (!chosen) return ["info", _("Elija un resultado."), _("Con 1 a 9 o con el ratón.")];
    if (effect.schedules)
      return this.#next()
        ? ["cal", _("Al guardar: agenda."), `${level} ${_("Pasa al primer lugar a esa hora.")}`]
        : ["cal", _("Al guardar: sin fecha se cierra."), _("Ponga fecha y hora para agendar.")];
    const words = {
      redial: ["refresh", _("Al guardar: rellamar."), _("Va al final de la lista, mismo teléfono.")],
      redial_alternative: [
        "refresh",
        _("Al guardar: rellamar alternativo."),
        _("Va al final de la lista, con el teléfono siguiente."),
      ],
      never_again: ["no", _("Al guardar: no volver a llamar."), _("El caso se cierra y las llamadas se bloquean.")],
    };
    const [picture, strong, rest] = words[effect.action] ?? [
      "check",
      _("Al guardar: se finaliza."),
      _("El caso se cierra con este resultado."),
    ];
    return [picture, strong, `${rest} ${level}`.trim()];
  }

  /** X10, X11: who will get it is said before saving. */
  #whoGetsIt() {
    const at = this.#next();
    const time = at ? when(at) : _("esa hora");
    if (by("mine").checked) return _("La recibe usted: será el primero de su lista, %(time)s.", { time });
    if (this.#sheet.assignment_mode === "directed")
      return _("Sigue asignada a quien la tiene: pasa al primer lugar, %(time)s.", { time });
    return _("La recibe cualquier agente de la campaña, %(time)s.", { time });
  }

  async save() {
    if (this.#missing() || this.saving) return;
    const body = {
      result: this.#cascade.path,
      observations: by("observations").value,
      finish: this.finish,
      next_contact_at: this.#next(),
      mine: !by("next-contact").hidden && by("mine").checked,
      phone: by("next-contact").hidden ? null : by("next-phone").value || null,
    };
    const text = JSON.stringify(body);
    if (this.#sent?.text !== text) this.#sent = { text, key: intention() };
    keepDraft(this.#me, this.#number, this.#written());
    this.saving = true;
    this.#draw();
    const answer = await api.post(`/cases/${this.#number}/dispositions`, body, { key: this.#sent.key });
    if (answer.refused) {
      this.saving = false;
      if (answer.refused.code !== "offline") this.#sent = null;
      this.#fail(answer.refused);
      return this.#draw();
    }
    dropDraft(this.#me, this.#number);
    return this.#goOn(answer.value);
  }

  #goOn({ next_case: next, why_none: why }) {
    const saved = _("Gestión guardada.");
    const rest = {
      "nothing-left": _("No quedan casos por atender: está EN ESPERA."),
      pause: _("Empieza la pausa que pidió."),
      "in-call": _("Sigue en llamada."),
    };
    leaveWord(
      next
        ? _("Gestión guardada. Abierto %(name)s.", { name: next.customer.name })
        : `${saved} ${rest[why] ?? ""}`.trim(),
    );
    return next ? this.#turn(next.number) : location.assign("/casos");
  }

  #fail(refused) {
    const box = by("save-error");
    box.hidden = !refused;
    setText(box.querySelector("span"), refused?.message ?? "");
    by("cascade").classList.toggle("bad", refused?.field === "result");
    for (const [id, field] of [
      ["next-date", "next_contact_at"],
      ["next-phone", "phone"],
      ["observations", "observations"],
    ])
      by(id).classList.toggle("bad", refused?.field === field);
  }
}
