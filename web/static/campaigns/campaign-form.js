/** The form of a campaign: filled from it, and read as what differs from it. */

import { _ } from "../lib/gettext.js";
import { allInside, at, field, inputsInside } from "../lib/page.js";
import { CHANNELS } from "../lib/terms.js";
import { el, fold, setText } from "../lib/text.js";

/** @import { Named } from "../lib/events.js" */
/** @typedef {Named & {code: string}} CampaignType */
/** @typedef {Named & {role: string}} Worker */
/** @typedef {{window_days: number, medium: number[], total: number[]}} Thresholds */
/** @typedef {{window_days?: number, total?: number[], media?: Record<string, number[]>}} StoredPressure */
/**
 * A row of models/rows/campaign.py, with how far it is.
 * @typedef {Object} Campaign
 * @property {number} id
 * @property {number} version
 * @property {string} name
 * @property {CampaignType} type
 * @property {number} priority
 * @property {string} mode
 * @property {string} assignment_mode
 * @property {string | null} queue
 * @property {number} wrap_up_seconds
 * @property {StoredPressure} pressure
 * @property {boolean} archived
 * @property {Named[]} agents
 * @property {{open: number, free: number, suspended: number, closed: number, worked_today: number}} progress
 */

const MEDIA = Object.keys(CHANNELS);
/** @type {Worker[]} */
let people = [];
/** @type {Thresholds} */
let usual = { window_days: 0, medium: [], total: [] };

/**
 * Say who can work in a campaign, and which thresholds hold where it has none.
 * @param {Worker[]} workers
 * @param {Thresholds} thresholds
 */
export function setUpForm(workers, thresholds) {
  people = workers;
  usual = thresholds;
}

/* ---- filling ---- */

/**
 * Show a campaign; null shows a new one of the first type.
 * @param {Campaign | null} one
 * @param {number | undefined} firstType
 */
export function fillForm(one, firstType) {
  setText(at("ca-title"), one?.name ?? _("Nueva campaña"));
  setText(at("ca-save"), one ? _("Guardar") : _("Crear campaña"));
  field("ca-name").value = one?.name ?? "";
  field("ca-type").value = String(one?.type.id ?? firstType ?? "");
  field("ca-priority").value = String(one?.priority ?? 5);
  field("ca-mode").value = one?.mode ?? "manual";
  field("ca-assignment_mode").value = one?.assignment_mode ?? "mixed";
  field("ca-queue").value = one?.queue ?? "";
  field("ca-wrap_up_seconds").value = String(one?.wrap_up_seconds ?? 0);
  fillPressure(pressureOf(one));
  fillPeople(new Set(one?.agents.map((agent) => agent.id)));
  const results = /** @type {HTMLAnchorElement} */ (at("ca-results"));
  results.hidden = !one;
  if (one) results.href = `/campanas/${one.id}/tipificaciones`;
  at("ca-archive").hidden = !one;
  setText(at("ca-archive"), one?.archived ? _("Reabrir") : _("Archivar"));
}

/** The thresholds of a campaign, or the usual ones where it has none. @param {Campaign | null} one */
function pressureOf(one) {
  const { window_days = usual.window_days, total = usual.total, media = {} } = one?.pressure ?? {};
  const all = Object.fromEntries(MEDIA.map((medium) => [medium, media[medium] ?? usual.medium]));
  return { window_days, media: all, total };
}

/** @param {ReturnType<typeof pressureOf>} pressure */
function fillPressure({ window_days, media, total }) {
  field("ca-window").value = String(window_days);
  for (const input of inputsInside(document, "[data-limit]")) {
    const { limit = "", at: place } = input.dataset;
    const three = limit === "total" ? total : media[limit];
    input.value = String(three?.[Number(place)] ?? "");
  }
}

/** @param {Set<number>} ticked */
function fillPeople(ticked) {
  const order = [...people].sort((a, b) => Number(ticked.has(b.id)) - Number(ticked.has(a.id)));
  at("ca-people").replaceChildren(
    ...order.map((one) =>
      el(
        "label",
        { class: "row ca-one", "data-name": fold(one.name) },
        el("input", { type: "checkbox", value: one.id, checked: ticked.has(one.id) }),
        el("span", { class: "grow cut" }, one.name),
        one.role === "agent" ? null : el("span", { class: "meta" }, _("Supervisor")),
      ),
    ),
  );
  countPeople();
}

/** Say how many people are ticked. */
export function countPeople() {
  const words = { n: tickedPeople().length, all: people.length };
  setText(at("ca-people-title"), _("Agentes: %(n)s de %(all)s", words));
}

/* ---- reading ---- */

const tickedPeople = () => inputsInside(at("ca-people"), "input:checked").map((box) => Number(box.value));

function readPressure() {
  const three = (/** @type {string} */ limit) =>
    inputsInside(document, `[data-limit="${limit}"]`).map((input) => Number(input.value));
  return {
    window_days: Number(field("ca-window").value),
    media: Object.fromEntries(MEDIA.map((medium) => [medium, three(medium)])),
    total: three("total"),
  };
}

function read() {
  const text = (/** @type {string} */ name) => field(`ca-${name}`).value.trim();
  return {
    name: text("name"),
    type: Number(text("type")),
    priority: Number(text("priority")),
    mode: text("mode"),
    assignment_mode: text("assignment_mode"),
    queue: text("queue"),
    wrap_up_seconds: Number(text("wrap_up_seconds")),
    agents: tickedPeople(),
    pressure: readPressure(),
  };
}

/** What the form says; of a campaign that exists only what differs from it. @param {Campaign | null} one */
export function changes(one) {
  const written = read();
  if (!one) return written;
  const agents = one.agents.map((agent) => agent.id);
  const { name, priority, mode, assignment_mode, queue, wrap_up_seconds } = one;
  /** @type {Record<string, unknown>} */
  const stored = { name, type: one.type.id, priority, mode, assignment_mode, queue: queue ?? "", wrap_up_seconds };
  const changed = Object.entries(written).filter(([name, value]) => {
    if (name === "agents") return String([...written.agents].sort()) !== String([...agents].sort());
    if (name === "pressure") return !samePressure(written.pressure, pressureOf(one));
    return value !== stored[name];
  });
  return Object.fromEntries(changed);
}

/** @param {ReturnType<typeof readPressure>} one @param {ReturnType<typeof pressureOf>} other */
const samePressure = (one, other) =>
  one.window_days === other.window_days &&
  String(one.total) === String(other.total) &&
  MEDIA.every((medium) => String(one.media[medium]) === String(other.media[medium]));

/** The field that a refusal is about ("pressure.media.call"); opens what hides it. @param {string} name */
export function fieldOf(name) {
  const [first] = name.split(".");
  if (first !== "pressure") return document.getElementById(`ca-${first}`);
  for (const details of allInside(document, ".ca-pressure")) details.setAttribute("open", "");
  return at("ca-window");
}
