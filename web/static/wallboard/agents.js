/** The agents of the wall board: how many are in each state, and who has been in theirs for too long. */
import { duration } from "../lib/clock.js";
import { _, ngettext } from "../lib/gettext.js";
import { at, inside } from "../lib/page.js";
import { el, icon, setIcon, setText } from "../lib/text.js";
import { board, figures, passed } from "./figures.js";

/** @import { BoardAgent } from "./figures.js" */

const TILES = 16;
const LOOKS = {
  waiting: { css: "ag-espera", hue: "w-green", icon: "ring", word: _("Espera"), count: _("espera") },
  on_call: { css: "ag-llamada", hue: "w-violet", icon: "phone", word: _("Llamada"), count: _("llamada") },
  handling: { css: "ag-gestion", hue: "w-blue", icon: "play", word: _("Gestión"), count: _("gestión") },
  wrap_up: { css: "ag-tipificando", hue: "w-teal", icon: "pencil", word: _("Tipifica"), count: _("tipifica") },
  paused: { css: "ag-pausa", hue: "w-amber", icon: "pause", word: _("Pausa"), count: _("pausa") },
};

/** @param {BoardAgent} agent */
const overLimit = (agent) => agent.limit_seconds !== null && passed(agent.since) > agent.limit_seconds * 1000;

/** Draw the agents, first those past their limit. */
export function drawAgents() {
  const { agents, agent_counts: counts } = board();
  const sorted = [...agents].sort((a, b) => Number(overLimit(b)) - Number(overLimit(a)));
  setText(at("w-count"), figures.format(sorted.length));
  at("w-states").replaceChildren(
    ...Object.entries(LOOKS)
      .filter(([kind]) => counts[kind])
      .map(([kind, look]) =>
        el("span", { class: `w-k ${look.hue}` }, icon(look.icon), `${counts[kind]} ${look.count}`),
      ),
  );
  const shown = sorted.slice(0, TILES);
  boxes(shown.length).forEach((box, i) => void drawAgent(box, /** @type {BoardAgent} */ (shown[i])));
  setText(at("w-others"), othersWords(sorted.length, sorted.slice(TILES)));
}

/** So many boxes on the page. @param {number} n */
function boxes(n) {
  const place = at("w-agents");
  while (place.children.length > n) place.lastElementChild?.remove();
  while (place.children.length < n)
    place.append(
      el(
        "div",
        { class: "ag" },
        el("b", { class: "cut" }, icon("ring"), el("span", { class: "nm" })),
        el("span", { class: "cut what" }),
        el("time", {}),
      ),
    );
  return /** @type {HTMLElement[]} */ ([...place.children]);
}

/** @param {number} all @param {BoardAgent[]} rest those who are not shown */
function othersWords(all, rest) {
  const hidden = rest.filter(overLimit).length;
  const nobody = rest.length ? _("Nadie más pasa de su tope.") : "";
  const words = [
    all ? _("Primero los que pasan de su tope.") : _("Ningún agente está conectado."),
    rest.length ? ngettext("Otro agente.", "Otros %(count)s agentes.", rest.length) : "",
    hidden ? _("%(n)s más pasan de su tope.", { n: hidden }) : nobody,
  ];
  return words.filter(Boolean).join(" ");
}

/** @param {HTMLElement} box @param {BoardAgent} agent */
function drawAgent(box, agent) {
  const look = LOOKS[agent.shown];
  const late = overLimit(agent);
  box.className = `ag ${look.css}${late ? " over" : ""}`;
  setIcon(box.querySelector("svg"), late ? "bell" : look.icon);
  setText(inside(box, ".nm"), agent.name);
  setText(inside(box, ".what"), doing(agent) ?? look.word);
  setText(inside(box, "time"), duration(passed(agent.since)));
}

/**
 * What is told of an agent's state: why they pause, in which campaign they talk, which case they work.
 * @param {BoardAgent} agent
 */
function doing(agent) {
  if (agent.shown === "paused") return agent.reason;
  if (agent.shown === "on_call") return agent.campaign;
  return agent.shown === "handling" ? agent.case_number : null;
}
