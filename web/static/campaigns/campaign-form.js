/** The form of a campaign, filled from it; campaign-values.js reads it. */

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

/** @type {Record<string, string>} */
const ROLES = { supervisor: _("Supervisor"), admin: _("Administrador") };
const MEDIA = Object.keys(CHANNELS);
/** The people who can work in a campaign. */
export const workers = () => people;
/** @type {Worker[]} */
let people = [];
/** @type {Thresholds} */
let usual = { window_days: 0, medium: [], total: [] };

/**
 * Say who can work in a campaign, and which thresholds hold where it has none.
 * @param {Worker[]} everybody
 * @param {Thresholds} thresholds
 */
export function setUpForm(everybody, thresholds) {
  people = everybody;
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
export function pressureOf(one) {
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
        one.role === "agent" ? null : el("span", { class: "meta" }, ROLES[one.role]),
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

/** Ids of the people who are ticked. */
export const tickedPeople = () => inputsInside(at("ca-people"), "input:checked").map((box) => Number(box.value));

/** The field that a refusal is about ("pressure.media.call"); opens what hides it. @param {string} name */
export function fieldOf(name) {
  const [first] = name.split(".");
  if (first === "agents") return at("ca-find");
  if (first !== "pressure") return document.getElementById(`ca-${first}`);
  for (const details of allInside(document, ".ca-pressure")) details.setAttribute("open", "");
  return at("ca-window");
}
