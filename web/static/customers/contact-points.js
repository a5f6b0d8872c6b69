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
  const back = focused(place);
  place.replaceChildren(...shown.map((point) => row(point, point === firstPhone, acts)));
  return back();
}

/**
 * Where the focus is in there; what it answers puts it back after the place was drawn again.
 * @param {HTMLElement} place
 */
function focused(place) {
  const button = document.activeElement;
  const point = button?.closest("[data-point]");
  if (!(button instanceof HTMLElement && point instanceof HTMLElement && place.contains(button)))
    return () => undefined;
  const { channel, dial } = button.dataset;
  const same = channel ? `[data-channel="${channel}"]` : dial ? `[data-dial="${dial}"]` : "button";
  const where = `[data-point="${point.dataset.point}"] ${same}`;
  return () => /** @type {HTMLElement | null} */ (place.querySelector(where))?.focus();
}

/** @param {ContactPoint} point */
const isPhone = (point) => point.kind === "mobile" || point.kind === "landline";

/** @param {ContactPoint} point @param {boolean} first @param {PointActs} acts */
function row(point, first, acts) {
  const { icon: picture, name: kind } = CONTACT_KINDS[point.kind] ?? { icon: "user", name: point.kind };
  const asked = acts.next && acts.next === point.value && _("pedido para esta gestión");
  const { call = null, refused = {} } = acts;
  const dials = call && isPhone(point) ? dialler(point, refused.call ?? "", first, (key) => call(point, key)) : null;
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
    el("div", { class: "row gap6 wrap point-acts" }, dials, registers(point, acts)),
  );
}

/**
 * The buttons that register a contact that was made, each with its word.
 * @param {ContactPoint} point
 * @param {PointActs} acts
 */
function registers(point, { attempt = null, refused = {} }) {
  const channels = attempt ? mediaOf(point.kind) : [];
  if (!attempt || !channels.length) return null;
  const buttons = channels.map((channel) =>
    register(channel, point.shown, refused[channel] ?? "", (key) => attempt(channel, point, key)),
  );
  const words = _("Contacto hecho con %(point)s: registrar", { point: point.shown });
  return el(
    "div",
    { class: "row gap6 wrap", role: "group", "aria-label": words },
    el("span", { class: "meta", "aria-hidden": "true" }, _("Registrar:")),
    buttons,
  );
}

/**
 * The button that registers a contact by this channel.
 * @param {string} channel
 * @param {string} shown
 * @param {string} refused why it may not be used; empty when it may
 * @param {(key: string) => unknown} does
 */
function register(channel, shown, refused, does) {
  const { icon: picture, name = channel, register: word } = CHANNELS[channel] ?? { icon: "", register: channel };
  const label = `${word}: ${refused || shown}`;
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
    icon(refused ? "no" : (picture ?? ""), "s"),
    name,
  );
  return pressedOnce(button, does, () => undefined);
}
