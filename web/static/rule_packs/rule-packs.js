/** `/reglas`: the packs of contact rules, the editor of one, and which campaign has which. */
import { api } from "../lib/api.js";
import { ListEditor, whichStays } from "../lib/editor.js";
import { _, ngettext } from "../lib/gettext.js";
import { toast } from "../lib/layers.js";
import { live } from "../lib/live.js";
import { at, pageData } from "../lib/page.js";
import { el, setText } from "../lib/text.js";
import { campaignsWith, drawCampaigns, takeCampaign } from "./pack-campaigns.js";
import { fieldOf, fillForm, readPack, readRules, setUpForm } from "./pack-form.js";
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
  draw: drawPacks,
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
  const pack = editor.thing;
  const body = readPack();
  const answer = pack
    ? await api.patch(`/rule-packs/${pack.id}`, { ...body, version: pack.version })
    : await api.post("/rule-packs", body);
  if (answer.refused?.code === "stale") return settle(answer.refused, body);
  if (answer.refused) return refuse(answer.refused);
  const { name } = answer.value;
  const created = _("Se creó «%(name)s». Désela a sus campañas.", { name });
  return keep(answer.value, pack ? _("Se guardó «%(name)s».", { name }) : created);
}

/** @param {RulePack} pack @param {string} sentence what is said of it */
function keep(pack, sentence) {
  packs.set(pack.id, pack);
  editor.show(pack.id);
  drawAll();
  if (sentence) toast(sentence);
}

/**
 * Another person changed it meanwhile: one of the two stays, by choice.
 * @param {Refusal} refusal
 * @param {object} mine
 */
async function settle(refusal, mine) {
  const choice = await whichStays(_("Otra persona cambió esta regla"), refusal.message);
  if (choice === "theirs") return keep(refusal.current, "");
  if (choice !== "mine") return undefined;
  const { id, version } = refusal.current;
  const again = await api.patch(`/rule-packs/${id}`, { ...mine, version });
  if (again.refused) return refuse(again.refused);
  return keep(again.value, _("Se guardó «%(name)s».", { name: again.value.name }));
}

at("ru-form").addEventListener("submit", save);
at("ru-new").addEventListener("click", () => choose(null));
live.on("campaign.changed", ({ campaign }) => {
  takeCampaign(/** @type {RuledCampaign} */ (campaign));
  drawAll();
});
live.refetch(async () => {
  const answer = await api.get("/rule-packs");
  for (const pack of answer.value?.items ?? []) packs.set(pack.id, pack);
  drawAll();
});
setUpTry(() => trySoon(readRules));
setUpForm(changed);
for (const campaign of page.campaigns) takeCampaign(campaign);
drawCampaigns(sorted(), drawPacks);
choose(sorted()[0]?.id ?? null);
