/** Inside the pop: which of several customers with the same number calls. */

import { contactWords, serviceWord } from "../contact/words.js";
import { _, ngettext } from "../lib/gettext.js";
import { el } from "../lib/text.js";
import { chooseCustomer, isMine } from "./calls.js";
import { popButton, writeDown, writesNewCustomer } from "./new-caller.js";

/** @import { CallRow, CallerMatch } from "../lib/events.js" */

/** @type {Record<string, (match: CallerMatch) => string>} */
const LIKELY = {
  own_case: (match) => _("Caso %(number)s, suyo", { number: match.case_number }),
  open_case: (match) =>
    match.case_agent
      ? _("Caso %(number)s, de %(agent)s", { number: match.case_number, agent: match.case_agent })
      : _("Caso %(number)s, sin asignar", { number: match.case_number }),
  contacted: (match) =>
    match.last_contact ? _("Último contacto %(contact)s", { contact: contactWords(match.last_contact) }) : "",
  number: () => _("Tiene este teléfono"),
};

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
      popButton("plus", _("Cliente nuevo"), "btn sm quiet", () => writeDown(call)),
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
    { type: "button", class: "cand", onclick: () => chooseCustomer(call, customer.id) },
    el(
      "span",
      { class: "grow" },
      el("span", { class: "row" }, name, el("kbd", { class: "end" }, i + 1)),
      el("span", { class: "l2" }, serviceWord(match.service_state), el("span", { class: "meta cut" }, under)),
      el("span", { class: "hint block" }, likely, LIKELY[match.why]?.(match)),
    ),
  );
}

/**
 * Choose the customer with this digit; false when the pop offers none.
 * @param {CallRow | undefined} call
 * @param {number} digit
 */
export function chooseByDigit(call, digit) {
  const match = call?.matches[digit - 1];
  if (!call || !match || call.customer || writesNewCustomer(call)) return false;
  chooseCustomer(call, match.customer.id);
  return true;
}
