/** What the button would do, in words: how many each agent gets, or why nothing can be shared out. */

import { _, ngettext } from "../lib/gettext.js";
import { at, button, numbers } from "../lib/page.js";
import { el, icon, setText } from "../lib/text.js";

/** @import { AssignmentPreview } from "./found.js" */

const WORDS = [
  _("ninguno"),
  _("uno"),
  _("dos"),
  _("tres"),
  _("cuatro"),
  _("cinco"),
  _("seis"),
  _("siete"),
  _("ocho"),
  _("nueve"),
  _("diez"),
];

/**
 * Say beside the button what it does or why it cannot.
 * @param {string} picture
 * @param {string} hue
 * @param {string} strong
 * @param {string} rest
 */
export function say(picture, hue, strong, rest) {
  at("as-say").replaceChildren(
    el("span", { class: hue }, icon(picture)),
    el("span", {}, el("b", { class: "strong num" }, strong), " ", el("span", { class: "mut" }, rest)),
  );
}

/** Draw the button and what is said of it. @param {AssignmentPreview} preview */
export function drawAction({ customers, enough, joining, agents }) {
  const assign = button("as-assign");
  assign.disabled = !agents.length || !customers || !enough;
  if (!customers) {
    setText(assign, _("Asignar"));
    return say("info", "", _("No hay clientes para repartir."), _("Cambie los filtros."));
  }
  if (!agents.length) {
    setText(assign, _("Elija al menos un agente"));
    return say("users", "", _("Elija entre quiénes repartir."), _("Al azar y por igual."));
  }
  if (!enough) {
    setText(assign, _("Faltan clientes"));
    const few = _("Hay %(customers)s clientes para %(agents)s agentes.", { customers, agents: agents.length });
    return say("alert", "c-red", few, _("Elija menos agentes o busque más clientes."));
  }
  const who = ngettext("%(n)s agente", "%(n)s agentes", agents.length, { n: agents.length });
  const n = numbers.format(customers);
  const words = { n, who };
  setText(assign, ngettext("Asignar %(n)s cliente a %(who)s", "Asignar %(n)s clientes a %(who)s", customers, words));
  const joined = joining.length;
  return joined
    ? say("alert", "c-amber", shares(customers, agents.length), joiningWords(joined))
    : say("users", "", shares(customers, agents.length), _("Al azar y por igual, sin mirar la carga actual."));
}

/** @param {number} n */
const joiningWords = (n) =>
  ngettext("%(n)s agente de otra campaña entra en esta.", "%(n)s agentes de otra campaña entran en esta.", n, { n });

/** "1.240 entre 6: cuatro reciben 207 y dos 206." @param {number} customers @param {number} agents */
function shares(customers, agents) {
  const all = numbers.format(customers);
  const small = Math.floor(customers / agents);
  const more = customers % agents;
  const word = (/** @type {number} */ n) => WORDS[n] ?? numbers.format(n);
  if (!more) return _("%(all)s entre %(n)s: %(each)s cada uno.", { all, n: agents, each: numbers.format(small) });
  return _("%(all)s entre %(n)s: %(more)s %(verb)s %(big)s y %(less)s %(small)s.", {
    all,
    n: agents,
    more: word(more),
    verb: more === 1 ? _("recibe") : _("reciben"),
    big: numbers.format(small + 1),
    less: word(agents - more),
    small: numbers.format(small),
  });
}
