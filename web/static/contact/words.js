/** How the state of a service, a priority and a contact are said: the same words on every screen. */

import { when } from "../lib/clock.js";
import { _ } from "../lib/gettext.js";
import { CHANNELS, PRIORITIES, SERVICE_STATES } from "../lib/terms.js";
import { el, icon } from "../lib/text.js";

/** @import { Contact } from "../lib/events.js" */

/** @type {Record<string, string>} */
export const OUTCOMES = {
  answered: _("llamada"),
  no_answer: _("no contestó"),
  busy: _("ocupado"),
  failed: _("no salió"),
  inbound: _("nos llamó"),
  missed: _("nos llamó y nadie contestó"),
};

/**
 * Icon and word without ground.
 * @param {{icon: string, hue: string, name: string}} facts
 */
const plain = ({ icon: picture, hue, name }) =>
  el("span", { class: hue ? `plain k-${hue}` : "plain" }, icon(picture), name);

/** The state of a service; null when it has none that we know. @param {string | null | undefined} state */
export function serviceWord(state) {
  const facts = SERVICE_STATES[state ?? ""];
  return facts ? plain(facts) : null;
}

/** The same on a ground of its colour. @param {string | null | undefined} state */
export function serviceChip(state) {
  const facts = SERVICE_STATES[state ?? ""];
  if (!facts) return null;
  const { icon: picture, hue, name } = facts;
  return el("span", { class: `chip k-${hue}` }, icon(picture), name);
}

/** @param {string} priority */
export function priorityWord(priority) {
  const facts = PRIORITIES[priority];
  return facts ? plain(facts) : null;
}

/** "18 nov 18:02, no contestó" @param {Contact} contact */
export function contactWords(contact) {
  const noun = CHANNELS[contact.channel]?.noun ?? contact.channel;
  return `${when(contact.at)}, ${OUTCOMES[contact.outcome] ?? (contact.outcome || noun)}`;
}
