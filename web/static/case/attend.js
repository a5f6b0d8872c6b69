/** Atender: ask for a case; one person gets it, the other is told who has it (X9). */

import { me } from "../frame/agent-state.js";
import { api, intention } from "../lib/api.js";
import { hourWithSeconds } from "../lib/clock.js";
import { _ } from "../lib/gettext.js";
import { dialog, toast } from "../lib/layers.js";
import { avatar } from "../lib/text.js";

const keys = new Map();
let asking = false;

const openPage = (number) => location.assign(`/casos/${number}`);

/** Open the case to work it; `go` shows it. `next` gives the number to offer when another person has it. */
export async function attend(number, { next = null, go = openPage } = {}) {
  if (asking) return;
  asking = true;
  try {
    const key = keys.get(number) ?? keys.set(number, intention()).get(number);
    const answer = await api.post(`/cases/${number}/open`, {}, { key });
    if (answer.refused?.code !== "offline") keys.delete(number);
    if (!answer.refused) await go(number);
    else await refusedToOpen(number, answer.refused, next);
  } finally {
    asking = false;
  }
}

async function refusedToOpen(number, refused, next) {
  if (refused.code === "busy-with-case") {
    const open = me()?.case_number;
    return toast(refused.message, {
      name: "alert",
      hue: "amber",
      act: open ? { word: _("Ir al caso"), does: () => location.assign(`/casos/${open}`) } : null,
    });
  }
  if (refused.code !== "case-already-taken") return toast(refused.message, { name: "alert", hue: "red" });
  const holder = refused.holder ?? {};
  const following = next?.(number);
  const answer = await dialog({
    title: _("%(name)s tiene este caso", { name: holder.name ?? _("Otra persona") }),
    sentence: holder.since
      ? _("Lo abrió a las %(time)s. Está EN GESTIÓN. Su lista ya está al día.", { time: hourWithSeconds(holder.since) })
      : _("Su lista ya está al día."),
    lead: avatar(holder.name ?? "?", "l"),
    choices: [
      { id: "back", word: _("Volver"), kind: "quiet", safe: !following },
      { id: "look", word: _("Solo ver") },
      ...(following ? [{ id: "next", word: _("Atender el siguiente"), kind: "primary", safe: true }] : []),
    ],
  });
  if (answer === "look") openPage(number);
  if (answer === "next") setTimeout(() => attend(following, { next }), 0);
  return undefined;
}
