/** Contact data: shown big (S0-09), a contact by each medium registered with one press (S2-24). */

import { _ } from "../lib/gettext.js";
import { CHANNELS, CONTACT_KINDS } from "../lib/terms.js";
import { el, icon } from "../lib/text.js";
import { dialler, pressedOnce } from "./dialler.js";

/** @typedef {{id: number, version: number, kind: string, value: string, shown: string, label: string}} ContactPoint */
/**
 * What can be done with contact points.
 * @typedef {Object} PointActs
 * @property {((channel: string, point: ContactPoint, key: string) => unknown) | null} [attempt] registers a contact;
 *   null
 *   for who only looks
 * @property {((point: ContactPoint, key: string) => unknown) | null} [call] calls a phone; null for who has none to
 *   call
 *   with
 * @property {Record<string, string>} [refused] why a rule or the customer forbids a medium: {call: "…"}
 * @property {string | null} [next] the value that is asked for first
 */

/** The media that reach a point of this kind. @param {string} kind */
const mediaOf = (kind) => Object.keys(CHANNELS).filter((medium) => CHANNELS[medium]?.reaches.includes(kind));

/** The media that reach one of these points. @param {ContactPoint[]} points */
export const reaching = (points) => new Set(points.flatMap((point) => mediaOf(point.kind)));

/**
 * Draw `points` into `place`, at most so many.
 * @param {HTMLElement} place
 * @param {ContactPoint[]} points
 * @param {PointActs & {most?: number}} [options]
 */
export function showPoints(place, points, { most = Infinity, ...acts } = {}) {
  const shown = points.slice(0, most);
  if (!shown.length) return place.replaceChildren(el("p", { class: "pad sec" }, _("No hay datos de contacto.")));
  const firstPhone = shown.find(isPhone);
  return place.replaceChildren(...shown.map((point) => row(point, point === firstPhone, acts)));
}

/** @param {ContactPoint} point */
const isPhone = (point) => point.kind === "mobile" || point.kind === "landline";

/** @param {ContactPoint} point @param {boolean} first @param {PointActs} acts */
function row(point, first, acts) {
  const { icon: picture, name: kind } = CONTACT_KINDS[point.kind] ?? { icon: "user", name: point.kind };
  const asked = acts.next && acts.next === point.value && _("pedido para esta gestión");
  return el(
    "div",
    { class: "point", "data-point": point.id },
    el("span", { class: "eico small" }, icon(picture)),
    el(
      "div",
      { class: "grow" },
      el("p", { class: isPhone(point) ? "big num" : "read" }, point.shown),
      el("p", { class: "meta" }, [kind, point.label, asked].filter(Boolean).join(" · ")),
    ),
    el("div", { class: "row gap6" }, buttons(point, first, acts)),
  );
}

/** @param {ContactPoint} point @param {boolean} first @param {PointActs} acts */
function buttons(point, first, { attempt = null, call = null, refused = {} }) {
  const registers = attempt
    ? mediaOf(point.kind).map((channel) => {
        const does = (/** @type {string} */ key) => attempt(channel, point, key);
        return register(channel, point.shown, refused[channel] ?? "", Boolean(call), does);
      })
    : [];
  if (!call || !isPhone(point)) return registers;
  return [dialler(point, refused.call ?? "", first, (key) => call(point, key)), ...registers];
}

/**
 * The button that registers a contact by this channel.
 * @param {string} channel
 * @param {string} shown
 * @param {string} refused why it may not be used; empty when it may
 * @param {boolean} iconOnly whether a call is shown without its word: the button that calls has it
 * @param {(key: string) => unknown} does
 */
function register(channel, shown, refused, iconOnly, does) {
  const { icon: picture, register: word } = CHANNELS[channel] ?? { icon: "", register: channel };
  const label = `${word}: ${refused || shown}`;
  const isCall = channel === "call";
  const button = el(
    "button",
    {
      type: "button",
      class: "btn sm",
      "data-channel": channel,
      disabled: Boolean(refused),
      title: label,
      "aria-label": label,
    },
    icon(refused && isCall ? "no" : iconOnly && isCall ? "check" : picture, "s"),
    isCall && !iconOnly ? word : "",
  );
  const alive = () => {
    button.disabled = false;
  };
  return pressedOnce(button, does, alive);
}
