/** A case: what is known at the left, the form at the right, and what happens to it meanwhile. */

import { canDial, dial } from "../calls/dial.js";
import { showPressure } from "../contact/pressure.js";
import { contactDialog, duringCall, showPoints } from "../customers/contact-points.js";
import { customerForm } from "../customers/customer-form.js";
import { onMe } from "../frame/agent-state.js";
import { api } from "../lib/api.js";
import { whenOver } from "../lib/case-end.js";
import { everySecond, now } from "../lib/clock.js";
import { _ } from "../lib/gettext.js";
import { onKey } from "../lib/keys.js";
import { sayLastWord } from "../lib/last-word.js";
import { dialog, menu, toast } from "../lib/layers.js";
import { live } from "../lib/live.js";
import { tabs } from "../lib/tabs.js";
import { el, icon, setText } from "../lib/text.js";
import { Versions } from "../lib/versions.js";
import { attend } from "./attend.js";
import { Gestion } from "./disposition.js";
import { showHistory } from "./history.js";
import { showRefusal } from "./refusal-notice.js";

const me = Number(document.documentElement.dataset.me);
const part = (selector) => document.querySelector(selector);

const CHIPS = {
  closed: () => ["lock", "grey", _("Cerrado")],
  mine: () => ["play", "blue", _("En gestión")],
  other: (row) => ["user", "violet", _("Con %(name)s", { name: row.holder.name })],
  suspended: () => ["pause", "amber", _("Suspendido")],
  free: () => ["ring", "green", _("Abierto")],
};

function kindOf(row) {
  if (row.status === "closed") return "closed";
  if (row.holder) return row.holder.id === me ? "mine" : "other";
  return row.status === "suspended" ? "suspended" : "free";
}

function notice(hue, picture, strong, rest) {
  part("#case-notices").replaceChildren(
    el("p", { class: `notice k-${hue}` }, icon(picture), el("span", {}, el("strong", {}, strong), " ", rest)),
  );
}

/** The case of `sheet` as the page was drawn with it, alive until `signal`; `turn(number)` shows another one. */
export class CaseScreen {
  #sheet;
  #row;
  #turn;
  #signal;
  #mine;
  #gestion;
  #versions = new Versions();
  #showCustomer;
  #asking = false; // what follows is done when the answer comes
  #reading = 0;
  #drawn = null; // what was refused when the contact points were drawn: hours begin and end while one looks

  constructor(sheet, { turn, signal }) {
    this.#sheet = sheet;
    this.#row = sheet.row;
    this.#turn = turn;
    this.#signal = signal;
    this.#mine = sheet.row.holder?.id === me;
    this.#versions.know("case", this.#number, sheet.row.version);
    this.#gestion = this.#mine ? new Gestion(sheet, me, { turn, signal }) : null;
    this.#showCustomer = customerForm(sheet.customer, (customer) => {
      if (signal.aborted) return; // answered when another case stood here
      this.#sheet = { ...this.#sheet, customer };
      setText(part('#casehead [data-field="name"]'), customer.name);
    });
    contactDialog(sheet.customer.id, () => this.#readAgain());
    const showTab = tabs({ signal });
    if (location.hash === "#cliente") showTab("customer");
    this.#waysOut();
    this.#drawLeft();
    showPressure(part("[data-pressure]"), this.#row.pressure, now());
    this.#hear();
    everySecond(() => this.#tick(), { signal });
    whenOver(signal, () => clearTimeout(this.#reading));
    sayLastWord();
  }

  get #number() {
    return this.#sheet.row.number;
  }

  /* ---- the left side ---------------------------------------------------------------------------------------------- */

  /** His contact points, the one that is asked for first. */
  #principal() {
    const points = this.#sheet.customer.contact_points;
    const wanted = points.find((point) => point.value === this.#row.next_phone);
    return wanted ? [wanted, ...points.filter((point) => point !== wanted)] : points;
  }

  #drawLeft() {
    const { history, customer } = this.#sheet;
    const refused = showRefusal(part("#refusal"), this.#row, customer.contact_points, this.#gestion);
    const attempt = this.#mine ? (...contact) => this.#attempt(...contact) : null;
    const call = this.#mine && canDial() ? (point, key) => dial(this.#number, point, key) : null;
    const options = { attempt, call, refused, next: this.#row.next_phone };
    showPoints(part("[data-principal]"), this.#principal(), { ...options, most: 2 });
    showPoints(part("[data-points]"), customer.contact_points, options);
    showHistory(part("[data-latest]"), history, 4);
    showHistory(part("[data-history]"), history);
    setText(part('[data-n="contact"]'), customer.contact_points.length);
    setText(part('[data-n="history"]'), history.length);
  }

  async #attempt(channel, point, key) {
    const answer = await api.post(`/cases/${this.#number}/attempts`, { channel, contact_point_id: point.id }, { key });
    if (answer.refused) toast(answer.refused.message, { name: "no", hue: "red" });
    else this.#take(answer.value);
    this.#readAgain();
  }

  /** History and contact data change with what is done: read them again, once for a burst of events. */
  #readAgain() {
    clearTimeout(this.#reading);
    if (this.#signal.aborted) return;
    this.#reading = setTimeout(async () => {
      const answer = await api.get(`/cases/${this.#number}`);
      if (!answer.value || this.#signal.aborted) return;
      this.#sheet = answer.value.sheet;
      this.#take(this.#sheet.row);
      this.#showCustomer(this.#sheet.customer);
      this.#drawLeft();
    }, 150);
  }

  #tick() {
    const { refused } = showPressure(part("[data-pressure]"), this.#row.pressure, now());
    if (this.#drawn !== null && this.#drawn !== String(refused)) this.#drawLeft();
    this.#drawn = String(refused);
  }

  /* ---- the header and what others do ------------------------------------------------------------------------------ */

  #hear() {
    const signal = this.#signal;
    const ours = (does) => (event) => event.case.number === this.#number && does(event);
    for (const type of ["case.opened", "case.left", "case.closed", "case.moved", "appointment.due"])
      live.on(
        type,
        ours((event) => this.#take(event.case)),
        { signal },
      );
    for (const type of ["case.assigned", "case.unassigned"])
      live.on(
        type,
        ours((event) => this.#reassigned(event)),
        { signal },
      );
    const changed = (event) => {
      if (event.customer.id !== this.#sheet.customer.id) return;
      event.cases.forEach((row) => this.#take(row));
      this.#readAgain();
    };
    for (const type of ["contact.pressure_changed", "customer.corrected"]) live.on(type, changed, { signal });
    live.on(
      "list.changed",
      (event) => event.reason === "rules" && event.scope === `campaign:${this.#row.campaign.id}` && this.#readAgain(),
      { signal },
    );
    live.refetch(() => this.#readAgain(), { signal });
    live.watch(`case:${this.#number}`, { signal });
    onMe((person) => duringCall(person.call !== "none"), { signal });
  }

  #take(newer) {
    if (
      this.#signal.aborted ||
      newer.number !== this.#number ||
      !this.#versions.take("case", this.#number, newer.version)
    )
      return;
    const before = this.#row;
    this.#row = newer;
    showPressure(part("[data-pressure]"), newer.pressure, now());
    setText(part('#casehead [data-field="agent"]'), newer.agent?.name ?? _("Sin asignar"));
    setText(part('#casehead [data-field="name"]'), newer.customer.name);
    if ((newer.holder?.id ?? null) !== (before.holder?.id ?? null) || newer.status !== before.status) this.#held();
  }

  #held() {
    const kind = kindOf(this.#row);
    const [picture, hue, word] = CHIPS[kind](this.#row);
    part('#casehead [data-field="status"]').replaceChildren(
      el("span", { class: `chip k-${hue}` }, icon(picture), word),
    );
    const button = part("#attend");
    if (button) {
      button.disabled = kind !== "free" && kind !== "suspended";
      setText(button, kind === "other" ? _("Ocupado") : _("Atender"));
    }
    if (this.#asking || this.#gestion?.saving) return;
    if (!this.#mine && kind === "mine") this.#turn(this.#number);
    else if (this.#mine && kind !== "mine") this.#lost(kind);
    else if (!this.#mine) notice("violet", "user", word, kind === "free" ? _("Ya se puede atender.") : "");
  }

  #lost(kind) {
    this.#gestion.lose(_("ya no lo tiene abierto"));
    const rest =
      kind === "other"
        ? _("Lo tiene %(name)s. Lo que escribió sigue aquí como borrador.", { name: this.#row.holder.name })
        : _("Lo que escribió sigue aquí como borrador: atiéndalo de nuevo para guardarlo.");
    notice("amber", "alert", _("Este caso ya no está abierto con usted."), rest);
  }

  #reassigned(event) {
    this.#take(event.case);
    const to = event.case.agent;
    if (!this.#mine || !event.by || event.by.id === me || to?.id === me) return;
    const words = { by: event.by.name, to: to?.name };
    notice(
      "blue",
      "users",
      to ? _("%(by)s pasó este caso a %(to)s.", words) : _("%(by)s quitó este caso de su lista.", words),
      _("Puede guardar lo que escribió como comentario."),
    );
  }

  /* ---- ways in and out --------------------------------------------------------------------------------------------- */

  #waysOut() {
    const signal = this.#signal;
    for (const button of document.querySelectorAll("[data-leave]"))
      button.addEventListener("click", () => this.#leave());
    onKey("Alt+x", () => this.#leave(), { signal });
    onKey("F2", () => pressCall(), { signal });
    part("#attend")?.addEventListener("click", () => this.#ask(() => attend(this.#number, { go: this.#turn })));
    part("#reopen")?.addEventListener("click", () => this.#ask(() => this.#reopen()));
    const options = part("#options");
    if (options) menu(options, part("#options-menu"), { signal });
  }

  async #ask(does) {
    this.#asking = true;
    await does();
    this.#asking = false;
  }

  async #leave() {
    if (!this.#mine) return location.assign("/casos");
    if (this.#gestion.dirty && (await askToLeave()) !== "leave") return undefined;
    this.#asking = true;
    const answer = await api.post(`/cases/${this.#number}/leave`);
    if (!answer.refused || answer.refused.code === "case-not-yours") return location.assign("/casos");
    this.#asking = false;
    return toast(answer.refused.message, { name: "alert", hue: "red" });
  }

  async #reopen() {
    const answer = await api.post(`/cases/${this.#number}/reopen`, {});
    if (answer.refused) toast(answer.refused.message, { name: "alert", hue: "red" });
    else await this.#turn(this.#number);
  }
}

function pressCall() {
  const button = part("[data-principal] [data-dial]:not([disabled])");
  button?.click();
  return Boolean(button);
}

const askToLeave = () =>
  dialog({
    title: _("¿Salir sin guardar la gestión?"),
    sentence: _("Lo escrito se conserva como borrador de este caso en este equipo."),
    choices: [
      { id: "stay", word: _("Seguir aquí"), safe: true },
      { id: "leave", word: _("Salir"), kind: "primary" },
    ],
  });
