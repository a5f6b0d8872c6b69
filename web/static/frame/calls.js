/**
 * The calls that concern this person, as their newest rows say, and where each of them leads.
 *
 * Atiende only listens to the PBX: one answers on the phone itself.
 */

import { api, keyGiver } from "../lib/api.js";
import { duration, now } from "../lib/clock.js";
import { _ } from "../lib/gettext.js";
import { alarm, sayRefused } from "../lib/layers.js";
import { live } from "../lib/live.js";
import { myId } from "../lib/page.js";
import { el, writing } from "../lib/text.js";
import { Versions } from "../lib/versions.js";
import { banner } from "./connection.js";
import { me, onMe } from "./me.js";

/** @import { CallRow, PersonRow } from "../lib/events.js" */

const CALL_EVENTS = /** @type {const} */ ([
  "call.asked",
  "call.ringing",
  "call.customer_rang",
  "call.answered",
  "call.matched",
  "call.ended",
  "call.failed",
]);
const versions = new Versions();
const keyOf = keyGiver();
/** @type {Map<string, CallRow>} */
const calls = new Map();
/** @type {() => void} */
let changed = () => {};

/**
 * Begin with the calls the page was drawn with; follow the events. `draw` is called after each change.
 * @param {CallRow[]} first
 * @param {() => void} draw
 */
export function followCalls(first, draw) {
  changed = draw;
  for (const call of first) keep(call);
  for (const type of CALL_EVENTS) live.on(type, (event) => takeCall(event.call));
  live.refetch(refetch);
  onMe(dropWhatIsOver);
}

/** Who is in no call has none: whatever was missed, no dead call stays in the bar. @param {PersonRow} person */
function dropWhatIsOver(person) {
  if (person.call !== "none") return;
  const over = all().filter((call) => isMine(call) || rings(call));
  for (const call of over) calls.delete(call.id);
  if (over.length) changed();
}

async function refetch() {
  const answer = await api.get("/calls");
  const items = answer.value?.items ?? answer.value;
  if (!Array.isArray(items)) return;
  const known = new Set(items.map((call) => call.id));
  for (const id of calls.keys()) if (!known.has(id)) calls.delete(id);
  for (const call of items) takeCall(call);
  changed();
}

/**
 * Take a newer row of a call, from an event or an answer.
 * @param {CallRow} call
 */
export function takeCall(call) {
  const before = calls.get(call.id);
  if (keep(call) && isMine(call) && call.direction === "inbound") follow(call, before);
}

/** Keep the row if it is news, and say so; whether it was. @param {CallRow} call */
function keep(call) {
  if (!versions.take("call", call.id, call.version)) return false;
  const before = calls.get(call.id);
  if (concerns(call)) calls.set(call.id, call);
  else calls.delete(call.id);
  if (rings(call) && !(before && rings(before)))
    alarm(_("Llamada entrante: %(who)s", { who: call.customer?.name ?? call.caller_shown }));
  changed();
  return true;
}

/** @param {CallRow} call */
const rings = (call) => call.phase !== "ended" && call.direction !== "outbound" && call.ringing.includes(myId);
/** Whether this person talks in it. @param {CallRow} call */
export const isMine = (call) => call.talking.includes(myId);
/** Whether this person asked for it and the customer has not answered yet. @param {CallRow} call */
const isDialled = (call) =>
  call.direction === "outbound" && ["dialing", "ringing"].includes(call.phase) && call.agent?.id === myId;
/** @param {CallRow} call */
const concerns = (call) => rings(call) || isMine(call) || isDialled(call);

const all = () => [...calls.values()];
/** The call that rings at this person's phone. */
export const ringingCall = () => all().find(rings);
/** The call in which this person talks; of several, the one that the server says. */
export const myCall = () => all().find((call) => isMine(call) && call.id === me()?.call_id) ?? all().find(isMine);
/** The call that this person asked for and that is not answered yet. */
export const dialledCall = () => all().find(isDialled);
/** The call of the pop: the one that rings, or one that was answered and of which nobody said yet who calls. */
export const popCall = () =>
  ringingCall() ?? all().find((call) => isMine(call) && !call.customer && call.matches.length);

/** How long the call has lasted. @param {CallRow} call */
export const lasted = (call) => duration(now() - Date.parse(call.answered_at ?? call.started_at));

/**
 * Answered: what the call is about opens by itself, unless something is being written.
 * @param {CallRow} call
 * @param {CallRow | undefined} before
 */
function follow(call, before) {
  const to = where(call);
  if (!to || to === location.pathname || (before && isMine(before) && where(before) === to)) return;
  if (!writing()) location.assign(to);
}

/** The page of what the call is about; null when it is not known. @param {CallRow} call */
function where(call) {
  if (call.case) return `/casos/${call.case.number}`;
  if (call.customer) return `/clientes/${call.customer.id}`;
  return call.matches.length ? null : `/llamadas/${call.id}`;
}

/** While one talks and looks at something else, the way to what the call is about stays in sight. */
export function showWayBack() {
  const call = myCall();
  const to = call && where(call);
  if (!to || to === location.pathname) return banner("call", null);
  return banner("call", {
    hue: "violet",
    picture: "phone",
    title: _("En llamada con %(who)s.", { who: call.customer?.name ?? (call.caller_shown || _("número oculto")) }),
    sentence: _("Lo escrito aquí se conserva como borrador."),
    action: el("a", { class: "btn sm", href: to }, _("Abrir")),
  });
}

/** Say which customer calls. @param {CallRow} call @param {number} customerId */
export const chooseCustomer = (call, customerId) => sayWhoCalls(call, { customer_id: customerId });

/** Say who calls: a customer who exists, or the data of a new one. @param {CallRow} call @param {object} who */
export async function sayWhoCalls(call, who) {
  const answer = await api.post(`/calls/${call.id}/customer`, who, { key: keyOf([call.id, who]) });
  if (answer.refused) sayRefused(answer.refused);
  else takeCall(answer.value.call);
  return answer;
}
