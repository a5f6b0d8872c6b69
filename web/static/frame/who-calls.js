/** Inside the pop: which of several customers calls, or a new customer for a number that nobody has. */

import { contactWords, serviceWord } from "../contact/words.js";
import { api, keyGiver } from "../lib/api.js";
import { _, ngettext } from "../lib/gettext.js";
import { at, inputsInside, sayRefused } from "../lib/page.js";
import { el, icon } from "../lib/text.js";
import { isMine, takeCall } from "./calls.js";

/** @import { CallRow, CallerMatch } from "../lib/events.js" */

/** @type {Record<string, (match: CallerMatch) => string>} */
const LIKELY = {
  own_case: (match) => _("Caso %(number)s con usted", { number: match.case_number }),
  open_case: (match) =>
    match.case_agent
      ? _("Caso %(number)s con %(agent)s", { number: match.case_number, agent: match.case_agent })
      : _("Caso %(number)s, sin asignar", { number: match.case_number }),
  contacted: (match) =>
    match.last_contact ? _("Último contacto %(contact)s", { contact: contactWords(match.last_contact) }) : "",
  number: () => _("Tiene este teléfono"),
};

const keyOf = keyGiver();
/** @type {string | null} */
let asNew = null; // the call whose caller is being written down as a new customer
/** @type {() => void} */
let redraw = () => {};

/** Hear that a new customer is to be written down. @param {() => void} draw */
export function onNewCustomer(draw) {
  redraw = draw;
}

/** Whether the caller is being written down as a new customer. @param {CallRow} call */
export const writesNewCustomer = (call) => asNew === call.id;

/** Names and values; what has no value is left out. @param {[string, string | null | undefined][]} rows */
export const pairs = (rows) =>
  el(
    "dl",
    { class: "num" },
    rows.map(([name, value]) => (value ? [el("dt", {}, name), el("dd", {}, value)] : [])),
  );

/* ---- one of several ---- */

/** The customers who have this number, the most likely first. @param {CallRow} call */
export function severalMatch(call) {
  const { length } = call.matches;
  const hint = isMine(call)
    ? _("Pregunte el nombre y elija quién llama.")
    : _("Puede contestar ya y elegir después, al preguntar el nombre.");
  return [
    el(
      "div",
      {},
      el("h2", {}, ngettext("1 cliente tiene este teléfono", "%(count)s clientes tienen este teléfono", length)),
      el("p", { class: "hint" }, hint),
    ),
    el(
      "div",
      { class: "col gap6", role: "group", "aria-label": _("Clientes con este teléfono") },
      call.matches.map((match, i) => matchButton(call, match, i)),
    ),
    el(
      "div",
      { class: "row" },
      act("plus", _("Cliente nuevo"), "btn sm quiet", () => writeDown(call)),
    ),
  ];
}

/** @param {CallRow} call @param {CallerMatch} match @param {number} i */
function matchButton(call, match, i) {
  const { customer } = match;
  const name = el("b", { class: "strong c-blue read" }, customer.name);
  const under = [match.account?.plan, customer.document].filter(Boolean).join(" · ");
  const likely = i === 0 ? el("b", { class: "strong" }, _("Más probable: ")) : null;
  return el(
    "button",
    { type: "button", class: "cand", onclick: () => choose(call, customer.id) },
    el(
      "span",
      { class: "grow" },
      el("span", { class: "row" }, name, el("kbd", { class: "end" }, i + 1)),
      el("span", { class: "l2" }, serviceWord(match.service_state), el("span", { class: "meta cut" }, under)),
      el("span", { class: "hint block" }, likely, LIKELY[match.why]?.(match)),
    ),
  );
}

/** Choose the customer with this digit; false when the pop offers none. @param {CallRow | undefined} call @param {number} digit */
export function chooseByDigit(call, digit) {
  const match = call?.matches[digit - 1];
  if (!call || !match || call.customer || writesNewCustomer(call)) return false;
  choose(call, match.customer.id);
  return true;
}

/** @param {CallRow} call @param {number} customerId */
const choose = (call, customerId) => say(call, { customer_id: customerId });

/** @param {CallRow} call @param {object} body who calls */
async function say(call, body) {
  const answer = await api.post(`/calls/${call.id}/customer`, body, { key: keyOf([call.id, body]) });
  if (answer.refused) sayRefused(answer.refused);
  else takeCall(answer.value.call);
  return answer;
}

/* ---- a new customer ---- */

/** @param {CallRow} call */
function writeDown(call) {
  asNew = call.id;
  redraw();
}

/** The form of a customer who is not in the base. @param {CallRow} call */
export function unknownCaller(call) {
  const field = (/** @type {string} */ name, /** @type {string} */ word) =>
    el(
      "div",
      { class: "field" },
      el("label", { for: `pop-${name}` }, word),
      el("input", { class: "input", id: `pop-${name}`, name, autocomplete: "off" }),
    );
  const found = el("div", { class: "col gap6", "data-found": "" });
  const [title, hint] = call.matches.length
    ? [_("Cliente nuevo"), _("Se crea con este teléfono.")]
    : [_("Número desconocido"), _("No está en la base. Al contestar se abre una ficha vacía con este teléfono.")];
  return [
    el("div", {}, el("h2", {}, title), el("p", { class: "hint" }, hint)),
    pairs([
      [_("Campaña"), call.campaign?.name],
      [_("Cola"), call.queue],
      [_("Se anuncia como"), call.caller_name],
    ]),
    el("div", { class: "pair" }, field("first_name", _("Nombre")), field("first_surname", _("Apellido"))),
    field("document", _("Documento")),
    el(
      "div",
      { class: "row" },
      act("search", _("Buscar coincidencias"), "btn sm", () => lookAlike(call, found)),
      act("plus", _("Crear cliente"), "btn sm quiet end", () => create(call)),
    ),
    found,
  ];
}

/** @param {string} picture @param {string} word @param {string} look @param {() => unknown} does */
const act = (picture, word, look, does) =>
  el("button", { type: "button", class: look, onclick: does }, icon(picture, "s"), word);

/** @returns {Record<string, string>} */
const typed = () =>
  Object.fromEntries(
    inputsInside(document, "#pop input")
      .map((field) => [field.name, field.value.trim()])
      .filter(([, value]) => value),
  );

/** @param {CallRow} call */
async function create(call) {
  const customer = typed();
  if (!customer.first_name && !customer.document) return at("pop-first_name").focus();
  const answer = await say(call, { ...customer, phones: call.caller_id ? [call.caller_id] : [] });
  if (!answer.refused) asNew = null;
  return undefined;
}

/** @param {CallRow} call @param {HTMLElement} found where they are shown */
async function lookAlike(call, found) {
  const { first_name = "", first_surname = "", document: number = "" } = typed();
  const query = new URLSearchParams(number ? { document: number } : { q: `${first_name} ${first_surname}`.trim() });
  const answer = await api.get(`/customers?${query}`);
  if (answer.refused) return sayRefused(answer.refused);
  const rows = answer.value.items
    .slice(0, 4)
    .map((/** @type {{id: number, name: string, document: string}} */ customer) =>
      candidate(customer.name, customer.document, () => choose(call, customer.id)),
    );
  return found.replaceChildren(...(rows.length ? rows : [nobody()]));
}

/** A customer to choose among those who are alike. @param {string} name @param {string} hint @param {() => unknown} chosen */
export const candidate = (name, hint, chosen) =>
  el(
    "button",
    { type: "button", class: "cand", onclick: chosen },
    el(
      "span",
      { class: "grow" },
      el("b", { class: "strong c-blue" }, name),
      el("span", { class: "hint block num" }, hint),
    ),
  );

/** Said when nobody is alike. */
export const nobody = () => el("p", { class: "hint", role: "status" }, _("Nadie en la base coincide."));
