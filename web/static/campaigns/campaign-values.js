/** The values of a campaign, field by field: as it is stored, as its form says them, and as the server takes them. */
import { _ } from "../lib/gettext.js";
import { at, field, inputsInside, inside } from "../lib/page.js";
import { CHANNELS } from "../lib/terms.js";
import { pressureOf, tickedPeople, workers } from "./campaign-form.js";

/** @import { Values } from "../forms/three-way.js" */
/** @import { Campaign } from "./campaign-form.js" */

const MEDIA = Object.keys(CHANNELS);
const TEXTS = ["name", "type", "priority", "mode", "assignment_mode", "queue", "wrap_up_seconds"];
/** A number stays text when it is none, so that the server says what is wrong with it. @param {string} text */
const number = (text) => (/^\d+$/.test(text.trim()) ? Number(text) : text.trim());
const NUMBERS = new Set(["type", "priority", "wrap_up_seconds"]);
/** Names of those who work in campaigns and are not among the page's people. @type {Map<number, string>} */
const strangers = new Map();

/** A stored campaign. Whether somebody works in it is a field of its own. @param {Campaign} one @returns {Values} */
export function valuesOf(one) {
  for (const agent of one.agents) strangers.set(agent.id, agent.name);
  const { window_days, total, media } = pressureOf(one);
  const { name, priority, mode, assignment_mode, wrap_up_seconds } = one;
  return {
    ...{ name, type: one.type.id, priority, mode, assignment_mode, queue: one.queue ?? "", wrap_up_seconds },
    ...agentValues(new Set(one.agents.map((agent) => agent.id))),
    "pressure.window_days": window_days,
    "pressure.total": total,
    ...Object.fromEntries(MEDIA.map((medium) => [`pressure.${medium}`, media[medium]])),
  };
}

/** @param {Set<number>} ticked */
function agentValues(ticked) {
  const everybody = new Set([...workers().map(({ id }) => id), ...ticked]);
  return Object.fromEntries([...everybody].map((id) => [`agents.${id}`, ticked.has(id)]));
}

/** What the form says. @returns {Values} */
export function read() {
  const texts = TEXTS.map((name) => {
    const text = field(`ca-${name}`).value.trim();
    return [name, NUMBERS.has(name) ? number(text) : text];
  });
  const three = (/** @type {string} */ limit) =>
    inputsInside(document, `[data-limit="${limit}"]`).map((input) => number(input.value));
  return {
    ...Object.fromEntries(texts),
    ...agentValues(new Set(tickedPeople())),
    "pressure.window_days": number(field("ca-window").value),
    ...Object.fromEntries([...MEDIA, "total"].map((limit) => [`pressure.${limit}`, three(limit)])),
  };
}

/** These fields as the server takes them. @param {string[]} names @param {Values} values */
export function bodyOf(names, values) {
  const body = Object.fromEntries(names.filter((name) => !name.includes(".")).map((name) => [name, values[name]]));
  if (names.some((name) => name.startsWith("agents."))) body.agents = ticked(values);
  if (names.some((name) => name.startsWith("pressure.")))
    body.pressure = {
      window_days: values["pressure.window_days"],
      media: Object.fromEntries(MEDIA.map((medium) => [medium, values[`pressure.${medium}`]])),
      total: values["pressure.total"],
    };
  return body;
}

/** @param {Values} values */
const ticked = (values) =>
  Object.keys(values)
    .filter((name) => name.startsWith("agents.") && values[name])
    .map((name) => Number(name.slice("agents.".length)));

/**
 * What a field is called, and what its value says.
 * @param {string} name
 * @param {unknown} value
 * @returns {[string, string]}
 */
export function say(name, value) {
  const [first = "", rest = ""] = name.split(".");
  if (first === "agents") {
    const id = Number(rest);
    const who = workers().find((one) => one.id === id)?.name ?? strangers.get(id) ?? rest;
    return [_("Agente %(name)s", { name: who }), value ? _("trabaja en ella") : _("no trabaja en ella")];
  }
  if (first === "pressure") return [_("Presión de contacto"), `${pressureWord(rest)}: ${[value].flat().join(" · ")}`];
  const label = inside(at("ca-form"), `label[for="ca-${name}"]`).textContent ?? name;
  const options = inputsOf(name);
  return [label, options.find((option) => option.value === String(value))?.text ?? String(value ?? "")];
}

/** @param {string} part */
function pressureWord(part) {
  if (part === "window_days") return _("Días que cuentan");
  return part === "total" ? _("En total") : (CHANNELS[part]?.plural ?? part);
}

/** @param {string} name @returns {HTMLOptionElement[]} */
function inputsOf(name) {
  const place = field(`ca-${name}`);
  return place instanceof HTMLSelectElement ? [...place.options] : [];
}
