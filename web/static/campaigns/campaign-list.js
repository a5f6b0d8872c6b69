/** The list of campaigns with their progress. */
import { _, ngettext } from "../lib/gettext.js";
import { at, input, numbers } from "../lib/page.js";
import { el, icon, setText } from "../lib/text.js";

/** @import { Campaign } from "./campaign-form.js" */

/** @type {Record<string, string>} */
const MODES = {
  manual: _("Manual"),
  preview: _("Vista previa"),
  progressive: _("Progresivo"),
  predictive: _("Predictivo"),
  inbound: _("Entrante"),
};

/** The campaigns that are shown, in their order. @param {Map<number, Campaign>} campaigns */
export function listed(campaigns) {
  const archived = input("ca-archived").checked;
  return [...campaigns.values()]
    .filter((one) => archived || !one.archived)
    .sort((a, b) => Number(a.archived) - Number(b.archived) || a.priority - b.priority || a.name.localeCompare(b.name));
}

/**
 * Draw the list; the focus stays on its row.
 * @param {Map<number, Campaign>} campaigns
 * @param {number | null} chosen
 * @param {(id: number) => void} choose
 */
export function drawList(campaigns, chosen, choose) {
  const shown = listed(campaigns);
  const rows = at("ca-rows");
  const focused = document.activeElement?.closest("#ca-rows button")?.getAttribute("data-id");
  rows.replaceChildren(...shown.map((one) => row(one, one.id === chosen, () => choose(one.id))));
  const again = focused && rows.querySelector(`[data-id="${focused}"]`);
  if (again) /** @type {HTMLElement} */ (again).focus({ preventScroll: true });
  at("ca-none").hidden = shown.length > 0;
  const used = [...campaigns.values()].filter((one) => !one.archived).length;
  setText(at("ca-count"), ngettext("%(count)s en uso", "%(count)s en uso", used));
}

/** @param {Campaign} one @param {boolean} isChosen @param {() => void} choose */
function row(one, isChosen, choose) {
  const { progress: far } = one;
  const going = far.open + far.suspended;
  const name = el(
    "button",
    { type: "button", class: "link strong cut", "data-id": one.id, "aria-pressed": String(isChosen), onclick: choose },
    one.name,
  );
  const cell = (/** @type {number} */ value) => el("td", { class: "r" }, numbers.format(value));
  return el(
    "tr",
    { class: [isChosen ? "sel" : "", one.archived ? "gone" : ""].join(" ").trim() },
    cell(one.priority),
    el(
      "td",
      {},
      name,
      el("span", { class: "meta ca-kind" }, one.archived ? _("Archivada") : one.type.name),
      nobody(one),
    ),
    el("td", { class: "sec" }, MODES[one.mode]),
    cell(going),
    cell(far.free),
    cell(far.worked_today),
    cell(far.closed),
    el("td", {}, meter(going + far.closed ? Math.round((100 * far.closed) / (going + far.closed)) : 0)),
  );
}

/** Said of a campaign in use that nobody works in. @param {Campaign} one */
const nobody = (one) =>
  !one.archived && !one.agents.length && el("span", { class: "plain k-amber" }, icon("alert", "s"), _("sin agentes"));

/** @param {number} percent */
function meter(percent) {
  const bar = el("i");
  bar.style.width = `${percent}%`;
  return el(
    "span",
    { class: "row gap6 nowrap" },
    el("span", { class: "meter ca-meter", "aria-hidden": "true" }, bar),
    el("span", { class: "num meta" }, `${percent} %`),
  );
}
