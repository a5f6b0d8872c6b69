/** Llamar: one press asks for a call; where several outgoing campaigns could make it, a dialog asks which (S4-92). */

import { api } from "../lib/api.js";
import { _ } from "../lib/gettext.js";
import { dialog, toast } from "../lib/layers.js";
import { icon } from "../lib/text.js";

/** Whether this person has a phone to call with: his bar shows it. */
export const canDial = () => Boolean(document.getElementById("phonebox"));

/** Call `point` for the case; `key` makes a second press of the same intention the same call. */
export async function dial(number, point, key) {
  const answer = await ask(number, point, null, key);
  if (answer.refused?.code !== "campaign-required") return told(answer);
  const choices = answer.refused.campaigns.map((campaign, i) => ({
    id: String(campaign.id),
    word: campaign.name,
    kind: i ? "" : "primary",
    safe: i === 0,
  }));
  const chosen = await dialog({
    title: _("¿Con qué campaña llama?"),
    sentence: _("Se llama a %(phone)s. La llamada cuenta para la campaña que elija.", { phone: point.shown }),
    lead: icon("phone"),
    choices: [...choices, { id: "", word: _("Cancelar"), kind: "quiet" }],
  });
  if (!chosen) return false;
  return told(await ask(number, point, Number(chosen), null));
}

const ask = (number, point, campaign, key) =>
  api.post("/calls", { case: number, contact_point_id: point.id, ...(campaign ? { campaign } : {}) }, { key });

function told(answer) {
  if (answer.refused) toast(answer.refused.message, { name: "alert", hue: "red" });
  return !answer.refused;
}
