/** Who looks at this page and in which state they are: the server decides the state; this keeps the newest and asks. */

import { api } from "../lib/api.js";
import { _ } from "../lib/gettext.js";
import { sayRefused, toast } from "../lib/layers.js";
import { live } from "../lib/live.js";
import { whenAborted } from "../lib/signals.js";

/** @import { PersonRow } from "../lib/events.js" */

/** @type {PersonRow | null} */
let person = null;
/** @type {Set<(person: PersonRow) => void>} */
const listeners = new Set();

/** Who this is now, as the newest event says; null on pages that were drawn for nobody. */
export const me = () => person;

/**
 * Hear each newer state of this person.
 * @param {(person: PersonRow) => void} listener
 * @param {{signal?: AbortSignal | null}} [options]
 */
export function onMe(listener, { signal = null } = {}) {
  listeners.add(listener);
  whenAborted(signal, () => listeners.delete(listener));
  if (person) listener(person);
}

/** Begin with what the page was drawn with; follow the events. @param {PersonRow} first */
export function followMe(first) {
  take(first);
  live.on("agent.state_changed", (event) => event.agent.id === first.id && take(event.agent, event.healed));
  live.refetch(readAgain);
}

async function readAgain() {
  const answer = await api.get("/me");
  if (!answer.refused) take(answer.value);
}

/** @param {PersonRow} newer @param {string | null} [healed] what the server had wrong */
function take(newer, healed = null) {
  if (person && newer.version < person.version) return;
  person = newer;
  if (healed) toast(_("La llamada ya había terminado. Su estado está al día."), { name: "swap", hue: "amber" });
  for (const listener of listeners) listener(person);
}

/** Whether they are in a call, also while it is on hold. @param {PersonRow} of */
export const inCall = (of) => of.call === "talking" || of.call === "held";

/** Ask for another state. @param {{state: "waiting" | "paused", reason?: string}} wanted */
export async function changeState(wanted) {
  const answer = await api.post("/agents/me/state", wanted);
  if (answer.refused) sayRefused(answer.refused);
  else if (answer.value?.id === person?.id) take(answer.value);
}

/** Sign out: the state becomes DESCONECTADO and the sign-in page opens. */
export async function endShift() {
  const answer = await api.delete("/session");
  if (answer.refused?.code === "offline") return sayRefused(answer.refused);
  return location.assign("/");
}
