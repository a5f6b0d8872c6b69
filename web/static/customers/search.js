/** Búsqueda (S4-93…S4-97): by default one's own customers, with the switch the whole base. */

import { api, isAbort } from "../lib/api.js";
import { _, ngettext } from "../lib/gettext.js";
import { sayRefused } from "../lib/layers.js";
import { at, button, inputsInside, inside } from "../lib/page.js";
import { el, setText } from "../lib/text.js";

/**
 * @typedef {Object} FoundCustomer
 * @property {number} id
 * @property {string} name
 * @property {string} document
 * @property {{shown: string}[]} phones
 * @property {string} city
 * @property {number | null} case_number
 */

const form = /** @type {HTMLFormElement} */ (at("search"));
const list = at("found");
const nothing = inside(document, "[data-nothing]");
const more = button("more");
const fields = Object.fromEntries(inputsInside(form, "input[name]").map((field) => [field.name, field]));
/** @type {string | null} */
let next = null;
/** @type {AbortController | null} */
let asked = null;

const onlyMine = () => Boolean(fields.mine?.checked);
const scope = () => (onlyMine() ? _("en mis asignados") : _("en toda la base"));

function query() {
  const wanted = new URLSearchParams();
  for (const name of ["q", "document", "phone"]) {
    const value = fields[name]?.value.trim();
    if (value) wanted.set(name, value);
  }
  if (onlyMine()) wanted.set("mine", "true");
  return wanted;
}

/** @param {string | null} cursor where the next page begins; null begins a new search */
async function search(cursor = null) {
  asked?.abort();
  asked = new AbortController();
  const wanted = query();
  if (cursor) wanted.set("next", cursor);
  try {
    const answer = await api.get(`/customers?${wanted}`, { signal: asked.signal });
    if (answer.refused) sayRefused(answer.refused);
    else show(answer.value, Boolean(cursor));
  } catch (why) {
    if (!isAbort(why)) throw why;
  }
}

/** @param {{items: FoundCustomer[], next: string | null}} page @param {boolean} added below what is shown */
function show({ items, next: following }, added) {
  const rows = items.map(row);
  if (added) list.append(...rows);
  else list.replaceChildren(...rows);
  next = following;
  more.hidden = !next;
  const n = list.children.length;
  nothing.hidden = n > 0;
  if (!n) sayNobody();
  const count = ngettext("1 cliente %(scope)s", "%(count)s clientes %(scope)s", n, { scope: scope() });
  setText(document.querySelector("[data-count-found]"), next ? count + _(", hay más") : count);
}

function sayNobody() {
  setText(nothing.querySelector("h2"), _("Nadie coincide %(scope)s", { scope: scope() }));
  const hint = onlyMine()
    ? _("Apague «Mis asignados» para buscar en toda la base.")
    : _("Revise lo escrito: basta con el comienzo de cada palabra.");
  setText(nothing.querySelector("p"), hint);
}

/** @param {FoundCustomer} customer */
function row(customer) {
  const phones = customer.phones.slice(0, 2).map((phone) => phone.shown);
  const number = customer.case_number;
  return el(
    "li",
    { class: "grid item" },
    el("p", { class: "cut" }, el("a", { class: "name", href: `/clientes/${customer.id}` }, customer.name)),
    el("p", { class: "cut num" }, customer.document),
    el("p", { class: "cut num" }, phones.join(" · ")),
    el("p", { class: "cut" }, customer.city),
    el("div", { class: "right" }, number ? el("a", { class: "btn sm", href: `/casos/${number}` }, _("Ver caso")) : ""),
  );
}

const sayScope = () => setText(document.querySelector("[data-scope]"), scope());

/** What the page shows before anybody is searched. */
function begin() {
  list.replaceChildren();
  more.hidden = true;
  nothing.hidden = false;
  setText(nothing.querySelector("h2"), _("Busque un cliente"));
  setText(document.querySelector("[data-count-found]"), "");
  sayScope();
  fields.q?.focus();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  search();
});
form.addEventListener("reset", () => setTimeout(begin));
fields.mine?.addEventListener("change", sayScope);
more.addEventListener("click", () => search(next));

const given = new URLSearchParams(location.search).get("q");
if (given && fields.q && fields.mine) {
  fields.q.value = given;
  fields.mine.checked = false; // it was asked in the field of the whole base
  search();
}
sayScope();
