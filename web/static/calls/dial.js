/** Llamar: one press asks for a call; where several outgoing campaigns could make it, a dialog asks which (S4-92). */

import { api } from "../lib/api.js";
import { _ } from "../lib/gettext.js";
import { dialog, sayRefused } from "../lib/layers.js";
import { icon } from "../lib/text.js";

/** Whether this person has a phone to call with: the bar shows it. */
export const canDial = () => Boolean(document.getElementById("phonebox"));

/** @import { Answer } from "../lib/api.js" */
/** @import { ContactPoint } from "../customers/contact-points.js" */

/**
 * Call `point` for the case; whether it was asked for.
 * @param {number} number of the case
 * @param {ContactPoint} point
 * @param {string} key makes a second press of the same intention the same call
 */
export async function dial(number, point, key) {
  const answer = await ask(number, point, null, key);
  if (answer.refused?.code !== "campaign-required") return told(answer);
  /** @type {{id: number, name: string}[]} */
  const campaigns = answer.refused.campaigns;
  const choices = campaigns.map((campaign, i) => ({
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

/** @param {number} number @param {ContactPoint} point @param {number | null} campaign @param {string | null} key */
const ask = (number, point, campaign, key) =>
  api.post("/calls", { case: number, contact_point_id: point.id, ...(campaign ? { campaign } : {}) }, { key });

/** @param {Answer} answer */
function told(answer) {
  if (answer.refused) sayRefused(answer.refused);
  return !answer.refused;
}
