/** Which campaign has which pack of rules: a choice for each campaign. */
import { api } from "../lib/api.js";
import { _ } from "../lib/gettext.js";
import { sayRefused, toast } from "../lib/layers.js";
import { at, field } from "../lib/page.js";
import { el } from "../lib/text.js";

/** @import { Named } from "../lib/events.js" */
/** @typedef {Named & {version: number, rule_pack: number | null, archived?: boolean}} RuledCampaign */

/** @type {Map<number, RuledCampaign>} */
const campaigns = new Map();
let drawn = "";

/** Take a newer row of a campaign; an archived one is not shown. @param {RuledCampaign} campaign */
export function takeCampaign(campaign) {
  if (campaign.version < (campaigns.get(campaign.id)?.version ?? 0)) return;
  if (campaign.archived) campaigns.delete(campaign.id);
  else campaigns.set(campaign.id, campaign);
}

/** The names of the campaigns that have this pack. @param {number} pack */
export const campaignsWith = (pack) =>
  [...campaigns.values()].filter((one) => one.rule_pack === pack).map((one) => one.name);

/**
 * Draw the campaigns. They are drawn again only when there are others, so that nobody loses their place among the
 * fields.
 * @param {Named[]} packs in the order of their names
 * @param {() => void} given called when a campaign has got another pack
 */
export function drawCampaigns(packs, given) {
  const names = [...campaigns.values()].map(({ id, name }) => [id, name]);
  const what = JSON.stringify([names, packs.map(({ id, name }) => [id, name])]);
  if (what === drawn) {
    for (const one of campaigns.values()) field(`ru-of-${one.id}`).value = String(one.rule_pack ?? "");
    return;
  }
  drawn = what;
  const lines = [...campaigns.values()].map((one) => line(one, packs, given));
  const none = el("p", { class: "pad sec" }, _("Todavía no hay campañas"));
  at("ru-campaigns").replaceChildren(...(lines.length ? lines : [none]));
}

/** @param {RuledCampaign} one @param {Named[]} packs @param {() => void} given */
function line(one, packs, given) {
  const options = packs.map((pack) => el("option", { value: pack.id, selected: pack.id === one.rule_pack }, pack.name));
  const none = el("option", { value: "" }, _("Sin regla"));
  const select = el("select", { class: "pick w", id: `ru-of-${one.id}` }, none, options);
  select.addEventListener("change", () => give(one.id, select, packs, given));
  const label = el("label", { class: "cut", for: select.id, title: one.name }, one.name);
  return el("div", { class: "ru-campaign" }, label, select);
}

/** @param {number} id @param {HTMLSelectElement} select @param {Named[]} packs @param {() => void} given */
async function give(id, select, packs, given) {
  const before = campaigns.get(id);
  const chosen = select.value ? Number(select.value) : null;
  const answer = await send(id, chosen, before);
  if (answer.refused) {
    if (answer.refused.current) campaigns.set(id, answer.refused.current);
    select.value = String(campaigns.get(id)?.rule_pack ?? "");
    return sayRefused(answer.refused);
  }
  /** @type {RuledCampaign} */
  const campaign = answer.value;
  campaigns.set(id, campaign);
  given();
  const pack = packs.find((one) => one.id === campaign.rule_pack);
  const words = { campaign: campaign.name, pack: pack?.name };
  toast(pack ? _("«%(campaign)s» sigue la regla «%(pack)s».", words) : _("«%(campaign)s» quedó sin regla.", words));
}

/**
 * Send the choice over the version that the list showed. Another change of the campaign that left its rule as it was
 * shown is no conflict.
 * @param {number} id
 * @param {number | null} rule_pack
 * @param {RuledCampaign | undefined} shown
 * @returns {Promise<import("../lib/api.js").Answer>}
 */
async function send(id, rule_pack, shown) {
  const answer = await api.patch(`/campaigns/${id}`, { rule_pack, version: shown?.version });
  const { refused } = answer;
  if (refused?.code !== "stale" || refused.current.rule_pack !== shown?.rule_pack) return answer;
  return send(id, rule_pack, refused.current);
}
