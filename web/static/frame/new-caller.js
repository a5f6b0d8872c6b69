/** Inside the pop: a new customer for a number that nobody has, after a look for those who are alike. */

import { api } from "../lib/api.js";
import { _ } from "../lib/gettext.js";
import { sayRefused } from "../lib/layers.js";
import { at, inputsInside } from "../lib/page.js";
import { el, icon } from "../lib/text.js";
import { chooseCustomer, sayWhoCalls } from "./calls.js";

/** @import { CallRow } from "../lib/events.js" */

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

/** Offer the form of a new customer, though others have the number. @param {CallRow} call */
export function writeDown(call) {
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
      popButton("search", _("Buscar coincidencias"), "btn sm", () => lookAlike(call, found)),
      popButton("plus", _("Crear cliente"), "btn sm quiet end", () => create(call)),
    ),
    found,
  ];
}

/**
 * A button of the pop.
 * @param {string} picture
 * @param {string} word
 * @param {string} look
 * @param {() => unknown} does
 */
export const popButton = (picture, word, look, does) =>
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
  const answer = await sayWhoCalls(call, { ...customer, phones: call.caller_id ? [call.caller_id] : [] });
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
      candidate(customer.name, customer.document, () => chooseCustomer(call, customer.id)),
    );
  return found.replaceChildren(...(rows.length ? rows : [nobody()]));
}

/**
 * A customer to choose among those who are alike.
 * @param {string} name
 * @param {string} hint
 * @param {() => unknown} chosen
 */
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
