/**
 * The screen pop: who calls, in one second, without taking the focus (M-05, S4-78, S4-80).
 *
 * It is up exactly while the newest row of the call says that this person's phone rings, or that they answered and
 * nobody has said yet which of several customers it is.
 */

import { pressureAt, pressureWord } from "../contact/pressure.js";
import { contactWords, serviceChip } from "../contact/words.js";
import { everySecond, now } from "../lib/clock.js";
import { _ } from "../lib/gettext.js";
import { onKey } from "../lib/keys.js";
import { around, inputsInside, myId } from "../lib/page.js";
import { el, icon, setText } from "../lib/text.js";
import { callBar } from "./call-bar.js";
import { followCalls, isMine, lasted, popCall, showWayBack } from "./calls.js";
import { me, onMe } from "./me.js";
import { onNewCustomer, pairs, unknownCaller, writesNewCustomer } from "./new-caller.js";
import { drawPhone } from "./phone-box.js";
import { chooseByDigit, severalMatch } from "./which-customer.js";

/** @import { CallRow, CaseRow, CustomerRef } from "../lib/events.js" */

let drawn = "";

/** Begin with the calls the page was drawn with; follow the events. @param {CallRow[]} first */
export function showCalls(first) {
  onNewCustomer(draw);
  followCalls(first, draw);
  onMe(drawPhone);
  callBar();
  everySecond(tick);
  for (let digit = 1; digit <= 9; digit++)
    onKey(String(digit), (event) => digitsAreHere(event) && chooseByDigit(popCall(), digit));
}

/**
 * On a case the digits are its results'; there they choose who calls only while the focus is in the pop.
 * @param {Event} event
 */
const digitsAreHere = (event) => !document.getElementById("cascade") || Boolean(around(event, "#pop"));

function draw() {
  const box = document.getElementById("pop");
  drawPhone(me());
  showWayBack();
  if (!box) return;
  const call = popCall();
  if (!call) {
    box.hidden = true;
    drawn = "";
    return;
  }
  const key = JSON.stringify([call.id, call.version, writesNewCustomer(call)]);
  if (key !== drawn) drawAnew(box, call);
  drawn = key;
  box.hidden = false;
  tick();
}

/** What was typed stays. @param {HTMLElement} box @param {CallRow} call */
function drawAnew(box, call) {
  const typed = new Map(inputsInside(box, "input").map((field) => [field.name, field.value]));
  box.classList.toggle("unk", !call.customer && !call.matches.length);
  box.classList.toggle("talking", isMine(call));
  box.replaceChildren(head(call), el("div", { class: "in" }, body(call)), foot(call));
  for (const field of inputsInside(box, "input")) field.value = typed.get(field.name) ?? field.value;
}

function tick() {
  const call = popCall();
  if (call) setText(document.querySelector("#pop .timer"), lasted(call));
}

/** @param {CallRow} call */
function head(call) {
  const direction = call.direction === "inbound" ? _("entrante") : _("saliente");
  const origin = [call.campaign?.name ?? call.queue, direction].filter(Boolean).join(", ");
  return el(
    "p",
    { class: "ringbar", id: "pop-h" },
    icon("phone"),
    el("span", { class: "num" }, call.caller_shown || _("Número oculto")),
    el("span", { class: "meta inherits-colour" }, origin),
    el("span", { class: "timer end" }),
  );
}

/** @param {CallRow} call */
function body(call) {
  if (call.customer) return known(call, call.customer);
  return call.matches.length && !writesNewCustomer(call) ? severalMatch(call) : unknownCaller(call);
}

/** @param {CallRow} call @param {CustomerRef} customer */
function known(call, customer) {
  const match = call.matches.find((one) => one.customer.id === customer.id);
  const row = call.case;
  const account = row?.account ?? match?.account;
  const contact = row?.last_contact ?? match?.last_contact;
  const plan = account && [account.plan, _("cuenta %(number)s", { number: account.number })].filter(Boolean).join(", ");
  return [
    el(
      "div",
      { class: "row" },
      el("h2", { class: "grow" }, el("a", { href: `/clientes/${customer.id}` }, customer.name)),
      serviceChip(match?.service_state ?? row?.service_state),
    ),
    row ? notice(row) : null,
    pairs([
      [_("Documento"), customer.document],
      [_("Plan"), plan],
      [_("Último contacto"), contact && contactWords(contact)],
      [_("Presión"), row && pressureWord(pressureAt(row.pressure, now()))],
    ]),
  ];
}

/** @param {CaseRow} row */
function notice(row) {
  const another = row.agent ? _("Tiene un caso abierto con %(agent)s.", { agent: row.agent.name }) : "";
  const whose = row.agent?.id === myId ? _("Tiene un caso abierto con usted.") : another || _("Tiene un caso abierto.");
  const held =
    row.holder && row.holder.id !== myId
      ? _("Ahora lo atiende %(name)s.", { name: row.holder.name })
      : _("Al contestar se abre ese caso.");
  const which = _("%(number)s, %(campaign)s.", { number: row.number, campaign: row.campaign.name });
  return el(
    "p",
    { class: "notice k-amber" },
    icon("flag"),
    el("span", {}, el("strong", {}, whose), " ", which, " ", held),
  );
}

/** @param {CallRow} call */
function foot(call) {
  const mine = isMine(call);
  const extension = me()?.extension;
  return el(
    "footer",
    {},
    el(
      "span",
      { class: `plain ${mine ? "k-violet" : "k-green"} lead-word` },
      icon(mine ? "head" : "phone"),
      mine ? _("En llamada: elija quién es") : _("Conteste en su teléfono"),
    ),
    extension ? el("span", { class: "end meta" }, _("Interno %(extension)s", { extension })) : null,
  );
}
