/** What the search found: how many, and the first of them. */

import { serviceWord } from "../contact/words.js";
import { hour, now } from "../lib/clock.js";
import { _, ngettext } from "../lib/gettext.js";
import { at, button, inputsInside, locale, numbers } from "../lib/page.js";
import { el, setText } from "../lib/text.js";

/**
 * @typedef {Object} Found
 * @property {number | null} case
 * @property {string} name
 * @property {string} document
 * @property {string | null} service_state
 * @property {string} city
 * @property {string} agent
 * @property {string | null} balance
 */
/**
 * What sharing out would do, as the server counts it.
 * @typedef {Object} AssignmentPreview
 * @property {number} customers
 * @property {number} assigned
 * @property {number} created customers who get a new case
 * @property {number} held cases that somebody works, which are left alone
 * @property {boolean} enough whether every agent gets one
 * @property {number[]} joining agents who come into the campaign by this
 * @property {{id: number, load: number, count: number}[]} agents
 * @property {Found[]} items
 */

const money = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });

/** Draw how many there are and the first of them. @param {AssignmentPreview} preview */
export function drawFound(preview) {
  const { customers, assigned, items } = preview;
  const words = { n: numbers.format(customers) };
  setText(at("as-count"), ngettext("%(n)s cliente", "%(n)s clientes", customers, words));
  setText(at("as-about"), about(preview));
  setText(at("as-when"), _("Buscado a las %(time)s", { time: hour(now()) }));
  const agents = items.some((found) => found.agent);
  setText(at("as-fourth"), agents ? _("Agente") : _("Localidad"));
  at("as-found").replaceChildren(...items.map((found) => row(found, agents ? found.agent : found.city)));
  at("as-none").hidden = customers > 0;
  setText(at("as-why-none"), whyNone());
  const shown = _("1 a %(shown)s de %(all)s", { shown: items.length, all: words.n });
  setText(at("as-shown"), customers ? shown : "");
  button("as-undo").disabled = !assigned;
  const undo = _("Desasignar %(n)s", { n: numbers.format(assigned) });
  setText(at("as-undo"), assigned ? undo : _("Desasignar"));
}

/** What to change when nobody was found: the records first, for most are found under another kind of them. */
function whyNone() {
  const kind = inputsInside(document, 'input[name="records"]:checked')[0]?.value;
  if (kind === "unassigned")
    return _("Todos los que coinciden ya están asignados, o ninguno coincide. Pruebe «Todos».");
  if (kind === "assigned") return _("Ninguno de los que coinciden está asignado. Pruebe «Todos».");
  return _("Quite un filtro o cambie su valor.");
}

/** @param {AssignmentPreview} preview */
function about({ assigned, customers, created, held }) {
  const some = _("%(n)s asignados", { n: numbers.format(assigned) });
  const all = assigned === customers ? _("todos asignados") : some;
  const left = { n: numbers.format(held) };
  const parts = [
    customers ? (assigned ? all : _("todos sin asignar")) : "",
    created ? _("%(n)s sin caso todavía", { n: numbers.format(created) }) : "",
    held ? ngettext("%(n)s más en gestión: no se toca", "%(n)s más en gestión: no se tocan", held, left) : "",
  ];
  return parts.filter(Boolean).join(" · ");
}

/** @param {Found} found @param {string} fourth */
function row(found, fourth) {
  const name = found.case
    ? el("a", { class: "strong", href: `/casos/${found.case}` }, found.name)
    : el("span", { class: "strong" }, found.name);
  return el(
    "tr",
    {},
    el("td", { title: found.name }, name),
    el("td", { class: "sec" }, found.document || "–"),
    el("td", {}, serviceWord(found.service_state) ?? "–"),
    el("td", { class: "sec", title: fourth || null }, fourth || "–"),
    el("td", { class: "r" }, found.balance === null ? "–" : money.format(Number(found.balance))),
  );
}
