/** `/reglas`: the packs of contact rules, the editor of one, and which campaign has which. */

import { ListEditor } from "../forms/editor.js";
import { api } from "../lib/api.js";
import { _, ngettext } from "../lib/gettext.js";
import { toast } from "../lib/layers.js";
import { live } from "../lib/live.js";
import { at, pageData } from "../lib/page.js";
import { el, setText } from "../lib/text.js";
import { campaignsWith, drawCampaigns, takeCampaign } from "./pack-campaigns.js";
import { fieldOf, fillForm, readPack, readRules, setUpForm } from "./pack-form.js";
import { bodyOf, say, valuesOf } from "./pack-values.js";
import { setUpTry, trySoon } from "./try.js";

/** @import { Refusal } from "../lib/api.js" */
/** @import { RuledCampaign } from "./pack-campaigns.js" */
/** @import { RulePack } from "./pack-form.js" */

/** @type {{packs: RulePack[], campaigns: RuledCampaign[]}} */
const page = pageData("rules");
const packs = new Map(page.packs.map((pack) => [pack.id, pack]));
const editor = new ListEditor({
  things: packs,
  form: at("ru-form"),
  error: at("ru-error"),
  unsaved: at("ru-unsaved"),
  loses: _("Si cambia de regla se pierden."),
  fill: (pack) => {
    fillForm(pack);
    trySoon(readRules);
  },
  draw: drawAll,
  valuesOf,
  read: () => valuesOf(readPack()),
  say,
});

const sorted = () => [...packs.values()].sort((a, b) => a.name.localeCompare(b.name));

function drawPacks() {
  const focused = document.activeElement?.closest("#ru-packs button")?.getAttribute("data-id");
  at("ru-packs").replaceChildren(...sorted().map(packLine));
  const again = focused && at("ru-packs").querySelector(`[data-id="${focused}"]`);
  if (again) /** @type {HTMLElement} */ (again).focus();
  setText(at("ru-count"), ngettext("%(count)s regla", "%(count)s reglas", packs.size));
}

/** @param {RulePack} pack */
function packLine(pack) {
  const under = campaignsWith(pack.id).join(", ");
  const words = under ? _("En %(campaigns)s", { campaigns: under }) : _("Ninguna campaña la tiene");
  const pressed = String(pack.id === editor.chosen);
  return el(
    "li",
    {},
    el(
      "button",
      {
        type: "button",
        class: "ru-pack",
        "data-id": pack.id,
        "aria-pressed": pressed,
        onclick: () => choose(pack.id),
      },
      el("b", {}, pack.name),
      el("span", { class: "meta" }, words),
    ),
  );
}

function drawAll() {
  drawPacks();
  drawCampaigns(sorted(), drawPacks);
}

/** @param {number | null} id */
async function choose(id) {
  if ((await editor.choose(id)) && id === null) at("ru-name").focus();
}

function changed() {
  editor.touch();
  trySoon(readRules);
}

/** @param {Refusal} refusal */
function refuse(refusal) {
  editor.refuse(refusal.message, fieldOf(refusal.field ?? ""));
}

/** @param {Event} event */
async function save(event) {
  event.preventDefault();
  const pack = editor.filled;
  const answer = await editor.save((names, values, version) =>
    pack
      ? api.patch(`/rule-packs/${pack.id}`, { ...bodyOf(names, values), version })
      : api.post("/rule-packs", bodyOf(names, values)),
  );
  if (!answer) return;
  if (answer.refused) return refuse(answer.refused);
  editor.keep(answer.value);
  editor.show(answer.value.id);
  const { name } = answer.value;
  toast(pack ? _("Se guardó «%(name)s».", { name }) : _("Se creó «%(name)s». Désela a sus campañas.", { name }));
}

at("ru-form").addEventListener("submit", save);
at("ru-new").addEventListener("click", () => choose(null));
live.on("campaign.changed", ({ campaign }) => {
  takeCampaign(/** @type {RuledCampaign} */ (campaign));
  drawAll();
});
live.on("rule_pack.changed", ({ pack, by, at: when }) => editor.take(/** @type {RulePack} */ (pack), { by, at: when }));
live.refetch(async () => {
  const [kept, ruled] = await Promise.all([api.get("/rule-packs"), api.get("/campaigns")]);
  for (const campaign of ruled.value?.items ?? []) takeCampaign(campaign);
  for (const pack of kept.value?.items ?? []) editor.take(pack);
  drawAll();
});
setUpTry(() => trySoon(readRules));
setUpForm(changed);
for (const campaign of page.campaigns) takeCampaign(campaign);
choose(sorted()[0]?.id ?? null);
