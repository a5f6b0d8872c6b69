/** What supervisors are told of agents, whatever page they look at: a pause past its limit, a screen that is gone. */

import { duration, now } from "../lib/clock.js";
import { _ } from "../lib/gettext.js";
import { announce, toast } from "../lib/layers.js";
import { live } from "../lib/live.js";
import { myId } from "../lib/page.js";

/** @param {string} sentence @param {string} picture @param {string} hue */
function say(sentence, picture, hue) {
  toast(sentence, { name: picture, hue });
  announce(sentence);
}

/** Tell a supervisor. */
export function watchAgents() {
  live.on("agent.overran", ({ agent }) => {
    const values = { name: agent.name, reason: agent.reason, time: duration(now() - Date.parse(agent.since)) };
    say(_("%(name)s lleva %(time)s en pausa (%(reason)s), más de su límite.", values), "bell", "red");
  });
  live.on("agent.gone", ({ agent, case_number: number }) => {
    const gone = _("%(name)s quedó sin pantalla: está DESCONECTADO.", { name: agent.name });
    say(number ? `${gone} ${_("Se liberó su caso %(number)s.", { number })}` : gone, "nowave", "amber");
  });
}

/** Tell an agent of their own pause. */
export function watchOwnPause() {
  live.on("agent.overran", ({ agent }) => {
    if (agent.id !== myId) return;
    say(_("Su pausa (%(reason)s) pasó el límite.", { reason: agent.reason }), "bell", "red");
  });
}
