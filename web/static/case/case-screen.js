/** A case: what is known at the left, the form at the right, and what happens to it meanwhile. */

import { showPressure } from "../contact/pressure.js";
import { contactDialog } from "../customers/contact-dialog.js";
import { customerForm } from "../customers/customer-form.js";
import { duringCall } from "../customers/dialler.js";
import { mayTake } from "../frame/may-take.js";
import { onMe } from "../frame/me.js";
import { api } from "../lib/api.js";
import { everySecond, now } from "../lib/clock.js";
import { _ } from "../lib/gettext.js";
import { sayLastWord } from "../lib/last-word.js";
import { sayRefused, toast } from "../lib/layers.js";
import { live } from "../lib/live.js";
import { inside, myId } from "../lib/page.js";
import { whenAborted } from "../lib/signals.js";
import { tabs } from "../lib/tabs.js";
import { CHANNELS } from "../lib/terms.js";
import { Versions } from "../lib/versions.js";
import { kindOf, kindWord, sayInCase, showCustomerName, showKind, showNames, showWhose } from "./case-header.js";
import { DispositionForm } from "./disposition-form.js";
import { drawLeft } from "./left-side.js";
import { WaysOut } from "./ways-out.js";

/** @import { ContactPoint } from "../customers/contact-points.js" */
/** @import { Customer } from "../customers/customer-form.js" */
/** @import { HistoryRow } from "../customers/history.js" */
/**
 * @import { CaseAssigned, CaseRow, CaseUnassigned, ContactPressureChanged, CustomerCorrected } from "../lib/events.js"
 */
/** @import { ResultOption } from "./cascade.js" */
/**
 * A case with everything its page shows: models/rows/case_sheet.py.
 * @typedef {Object} CaseSheet
 * @property {CaseRow} row
 * @property {string} assignment_mode
 * @property {Customer} customer
 * @property {HistoryRow[]} history
 * @property {ResultOption[]} results
 */

const CASE_EVENTS = /** @type {const} */ (["case.opened", "case.left", "case.closed", "case.moved", "appointment.due"]);
const UNDO = 10_000; // milliseconds in which a registered contact may be taken back here
const part = (/** @type {string} */ selector) => inside(document, selector);

/** The case of `sheet` as the page was drawn with it, alive until `signal`; `turn(number)` shows another one. */
export class CaseScreen {
  #sheet;
  #row;
  #turn;
  #signal;
  #form;
  #waysOut;
  #versions = new Versions();
  #showCustomer;
  #reading = 0;
  /** @type {string | null} */
  #drawn = null; // what was refused when the contact points were drawn: hours begin and end while one looks

  /** @param {CaseSheet} sheet @param {{turn: (number: number) => unknown, signal: AbortSignal}} options */
  constructor(sheet, { turn, signal }) {
    this.#sheet = sheet;
    this.#row = sheet.row;
    this.#turn = turn;
    this.#signal = signal;
    this.#versions.know("case", this.#number, sheet.row.version);
    this.#form = sheet.row.holder?.id === myId ? new DispositionForm(sheet, { turn, signal }) : null;
    this.#showCustomer = customerForm(sheet.customer, (customer) => {
      if (signal.aborted) return; // answered when another case stood here
      this.#sheet = { ...this.#sheet, customer };
      showCustomerName(customer.name);
    });
    contactDialog(sheet.customer.id, () => this.#readAgain());
    const showTab = tabs({ signal });
    if (location.hash === "#cliente") showTab("customer");
    this.#waysOut = new WaysOut(this.#number, this.#form, { turn, signal });
    this.#drawLeft();
    showPressure(part("[data-pressure]"), this.#row.pressure, now());
    this.#hear();
    everySecond(() => this.#tick(), { signal });
    whenAborted(signal, () => clearTimeout(this.#reading));
    sayLastWord();
  }

  get #number() {
    return this.#sheet.row.number;
  }

  /* ---- the left side ---- */

  #drawLeft() {
    drawLeft(this.#sheet, this.#row, this.#form, this.#attempt.bind(this));
  }

  /** @param {string} channel @param {ContactPoint} point @param {string} key */
  async #attempt(channel, point, key) {
    const answer = await api.post(`/cases/${this.#number}/attempts`, { channel, contact_point_id: point.id }, { key });
    if (answer.refused) toast(answer.refused.message, { name: "no", hue: "red" });
    else this.#take(answer.value);
    this.#readAgain();
    if (answer.refused) return;
    const values = { channel: CHANNELS[channel]?.noun ?? channel, point: point.shown };
    toast(_("Registrado: %(channel)s, %(point)s. Cuenta para los topes del cliente.", values), {
      lasts: UNDO,
      act: { word: _("Deshacer"), does: () => this.#takeBack(answer.value.attempt) },
    });
  }

  /** A contact that was registered by mistake. @param {number} attempt */
  async #takeBack(attempt) {
    const { value, refused } = await api.delete(`/cases/${this.#number}/attempts/${attempt}`);
    if (refused) return sayRefused(refused);
    this.#take(value);
    this.#readAgain();
    return void toast(_("Se deshizo: el contacto no cuenta."), { name: "check", hue: "green" });
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

  /* ---- what others do ---- */

  #hear() {
    const signal = this.#signal;
    const isOurs = (/** @type {{case: CaseRow}} */ event) => event.case.number === this.#number;
    for (const type of CASE_EVENTS) live.on(type, (event) => isOurs(event) && this.#take(event.case), { signal });
    for (const type of /** @type {const} */ (["case.assigned", "case.unassigned"]))
      live.on(type, (event) => isOurs(event) && this.#reassigned(event), { signal });
    for (const type of /** @type {const} */ (["contact.pressure_changed", "customer.corrected"]))
      live.on(type, (event) => this.#customerChanged(event), { signal });
    const ourRules = `campaign:${this.#row.campaign.id}`;
    live.on("list.changed", ({ reason, scope }) => reason === "rules" && scope === ourRules && this.#readAgain(), {
      signal,
    });
    live.refetch(() => this.#readAgain(), { signal });
    live.watch(`case:${this.#number}`, { signal });
    onMe((person) => duringCall(person.call !== "none"), { signal });
  }

  /** @param {ContactPressureChanged | CustomerCorrected} event */
  #customerChanged(event) {
    if (event.customer.id !== this.#sheet.customer.id) return;
    for (const row of event.cases) this.#take(row);
    this.#readAgain();
  }

  /** @param {CaseRow} newer */
  #take(newer) {
    if (this.#signal.aborted || newer.number !== this.#number) return;
    if (!this.#versions.take("case", this.#number, newer.version)) return;
    const before = this.#row;
    this.#row = newer;
    showPressure(part("[data-pressure]"), newer.pressure, now());
    showNames(newer);
    if (newer.holder?.id !== before.holder?.id || newer.status !== before.status) this.#held();
    else if (!this.#form && newer.agent?.id !== before.agent?.id) this.#whoMay();
  }

  #held() {
    const kind = kindOf(this.#row);
    showKind(this.#row);
    if (this.#waysOut.asking || this.#form?.saving) return;
    if (!this.#form && kind === "mine") this.#turn(this.#number);
    else if (this.#form && kind !== "mine") this.#lost(this.#form);
    else if (!this.#form) {
      this.#whoMay();
      const now = kind === "free" && mayTake(this.#row) ? _("Ya se puede atender.") : "";
      sayInCase("violet", "user", kindWord(this.#row), now);
    }
  }

  /** What who only looks can do with it. */
  #whoMay() {
    showKind(this.#row);
    showWhose(this.#row);
  }

  /** @param {DispositionForm} form */
  #lost(form) {
    form.lose(_("ya no lo tiene abierto"));
    const rest =
      kindOf(this.#row) === "other"
        ? _("Lo tiene %(name)s. Lo que escribió sigue aquí como borrador.", { name: this.#row.holder?.name })
        : _("Lo que escribió sigue aquí como borrador: atiéndalo de nuevo para guardarlo.");
    sayInCase("amber", "alert", _("Este caso ya no está abierto con usted."), rest);
  }

  /** @param {CaseAssigned | CaseUnassigned} event */
  #reassigned(event) {
    this.#take(event.case);
    const to = event.case.agent;
    if (!this.#form || !event.by || event.by.id === myId || to?.id === myId) return;
    const words = { by: event.by.name, to: to?.name };
    sayInCase(
      "blue",
      "users",
      to ? _("%(by)s pasó este caso a %(to)s.", words) : _("%(by)s quitó este caso de su lista.", words),
      _("Puede guardar lo que escribió como comentario."),
    );
  }
}
