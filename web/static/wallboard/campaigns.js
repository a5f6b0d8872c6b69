/** The campaigns of the wall board, those where somebody has waited longest first. */
import { duration } from "../lib/clock.js";
import { ngettext } from "../lib/gettext.js";
import { at } from "../lib/page.js";
import { el, icon, setText } from "../lib/text.js";
import { board, figures, passed, waitsTooLong } from "./figures.js";

/** @import { BoardCampaign } from "./figures.js" */

const LINES = 5;
/** @type {Record<string, string>} */
const MODES = { manual: "flag", preview: "eye", progressive: "dial", predictive: "dial", inbound: "phone" };

/** Draw the first campaigns, and how many others there are. */
export function drawCampaigns() {
  const { campaigns } = board();
  at("w-campaigns").replaceChildren(...campaigns.slice(0, LINES).map(line));
  const rest = campaigns.length - LINES;
  const words = ngettext(
    "Otra campaña, sin llamadas en espera.",
    "Otras %(count)s campañas, las de menos espera.",
    rest,
  );
  setText(at("w-more"), rest > 0 ? words : "");
}

/** @param {BoardCampaign} campaign */
function line(campaign) {
  const since = campaign.longest_wait_since;
  const late = waitsTooLong(since);
  const service = campaign.calls.service_percent;
  const low = service !== null && service < board().limits.service_percent;
  const name = el("span", { class: "w-name" }, icon(MODES[campaign.mode] ?? "flag"), el("span", {}, campaign.name));
  return el(
    "tr",
    {},
    el("td", {}, name),
    figure(figures.format(campaign.waiting)),
    figure(since === null ? "–" : duration(passed(since)), late ? "w-red" : "", late ? "bell" : ""),
    figure(
      service === null ? "–" : `${figures.format(Math.round(service))} %`,
      low ? "w-amber" : "",
      low ? "alert" : "",
    ),
    figure(figures.format(campaign.worked_today)),
    figure(figures.format(campaign.agents)),
  );
}

/** @param {string} text */
const figure = (text, hue = "", picture = "") =>
  el("td", { class: `r ${text === "–" ? "w-mut" : hue}` }, picture ? icon(picture) : null, text);
