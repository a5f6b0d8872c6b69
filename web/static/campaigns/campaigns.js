/** `/campanas`: the list with progress, the editor of one campaign, and the types there are. */

import { ListEditor } from "../forms/editor.js";
import { api } from "../lib/api.js";
import { _ } from "../lib/gettext.js";
import { mayDo, toast } from "../lib/layers.js";
import { live } from "../lib/live.js";
import { at, input, numbers, pageData } from "../lib/page.js";
import { fold } from "../lib/text.js";
import { countPeople, fieldOf, fillForm, setUpForm } from "./campaign-form.js";
import { drawList, listed } from "./campaign-list.js";
import { drawTypes, firstType } from "./campaign-types.js";
import { bodyOf, read, say, valuesOf } from "./campaign-values.js";

/** @import { Refusal } from "../lib/api.js" */
/** @import { Campaign, CampaignType, Thresholds, Worker } from "./campaign-form.js" */

const COUNT_AGAIN = 1000; // milliseconds in which changes are counted once
const NOTHING = { open: 0, free: 0, suspended: 0, closed: 0, worked_today: 0 };

/**
 * @type {{campaigns: Campaign[], types: CampaignType[], people: Worker[], usual: Thresholds, chosen: number | null}}
 */
const page = pageData("campaigns");
const campaigns = new Map(page.campaigns.map((one) => [one.id, one]));
let counting = 0;

const editor = new ListEditor({
  things: campaigns,
  form: at("ca-form"),
  error: at("ca-error"),
  loses: _("Si cambia de campaña se pierden."),
  fill: (one) => fillForm(one, firstType()),
  draw,
  valuesOf,
  read,
  say,
});

function draw() {
  drawList(campaigns, editor.chosen, choose);
}

/** @param {number | null} id */
async function choose(id) {
  if ((await editor.choose(id)) && id === null) at("ca-name").focus();
}

/** A newer row; the progress stays as it was counted. @param {Campaign} newer @returns {Campaign} */
const counted = (newer) => ({ ...newer, progress: campaigns.get(newer.id)?.progress ?? NOTHING });

/** @param {Refusal} refusal */
function refuse(refusal) {
  editor.refuse(refusal.message, fieldOf(refusal.field ?? ""));
}

/** @param {Event} event */
async function save(event) {
  event.preventDefault();
  const one = editor.filled;
  const answer = await editor.save((names, values, version) =>
    one
      ? api.patch(`/campaigns/${one.id}`, { ...bodyOf(names, values), version })
      : api.post("/campaigns", bodyOf(names, values)),
  );
  if (!answer) return;
  if (answer.refused) return refuse(answer.refused);
  editor.keep(counted(answer.value));
  editor.show(answer.value.id);
  const { name } = answer.value;
  const created = _("Se creó «%(name)s» con sus tipificaciones de partida.", { name });
  return void toast(one ? _("Se guardó «%(name)s».", { name }) : created);
}

async function archive() {
  const one = editor.thing;
  if (!one || (!one.archived && !(await mayArchive(one)))) return;
  const answer = await api.patch(`/campaigns/${one.id}`, { archived: !one.archived, version: one.version });
  if (answer.refused?.code === "stale") {
    const { current, by, at: when } = answer.refused;
    editor.take(counted(current), { by, at: when });
  }
  if (answer.refused) return refuse(answer.refused);
  editor.keep(counted(answer.value));
  const { archived } = answer.value;
  if (archived) input("ca-archived").checked = true;
  editor.show();
  const { name } = one;
  toast(archived ? _("«%(name)s» quedó archivada.", { name }) : _("«%(name)s» está de nuevo en uso.", { name }));
}

/** @param {Campaign} one */
function mayArchive(one) {
  const n = numbers.format(one.progress.open + one.progress.suspended);
  const sentence = _(
    "Sale de las listas de sus agentes. Sus %(n)s casos en proceso se conservan y vuelven al reabrirla.",
    { n },
  );
  return mayDo(_("Archivar «%(name)s»", { name: one.name }), sentence, _("No archivar"), _("Archivar"));
}

async function readAgain() {
  const answer = await api.get("/campaigns");
  if (answer.refused) return;
  /** @type {Campaign[]} */
  const items = answer.value.items;
  for (const one of items) {
    editor.take(one);
    Object.assign(campaigns.get(one.id) ?? {}, { progress: one.progress });
  }
  draw();
}

function countSoon() {
  clearTimeout(counting);
  counting = setTimeout(readAgain, COUNT_AGAIN);
}

at("ca-form").addEventListener("submit", save);
at("ca-form").addEventListener("input", (event) => {
  if (event.target === at("ca-find")) return;
  editor.touch();
  countPeople();
});
at("ca-new").addEventListener("click", () => choose(null));
at("ca-archive").addEventListener("click", archive);
at("ca-archived").addEventListener("change", draw);
input("ca-find").addEventListener("input", () => {
  const sought = fold(input("ca-find").value.trim());
  for (const one of at("ca-people").children)
    one.toggleAttribute("hidden", !one.getAttribute("data-name")?.includes(sought));
});

live.on("campaign.changed", ({ campaign, by, at: when }) =>
  editor.take(counted(/** @type {Campaign} */ (campaign)), { by, at: when }),
);
for (const type of /** @type {const} */ (["sections.counted", "list.changed", "case.closed", "import.progressed"]))
  live.on(type, countSoon);
live.refetch(readAgain);
setUpForm(page.people, page.usual);
drawTypes(page.types);
editor.show(page.chosen ?? listed(campaigns)[0]?.id ?? null);
