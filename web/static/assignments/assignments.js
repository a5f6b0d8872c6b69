/** `/asignaciones`: search, see how many each would get, share out; the button's numbers are those of the preview. */

import { api } from "../lib/api.js";
import { _, ngettext } from "../lib/gettext.js";
import { announce, mayDo, sayRefused, toast } from "../lib/layers.js";
import { live } from "../lib/live.js";
import { at, button, field, inputsInside, numbers, pageData } from "../lib/page.js";
import { chooseAgents, chosenOf, drawAgents } from "./agents.js";
import { addFilter, clearFilters, filters, markWrong, unmark } from "./filters.js";
import { drawFound } from "./found.js";
import { drawAction, say } from "./share-words.js";

/** @import { Refusal } from "../lib/api.js" */
/** @import { Agent } from "./agents.js" */
/** @import { AssignmentPreview } from "./found.js" */
/** @typedef {{id: number, name: string, agents: number[]}} Campaign */

/** @type {{campaigns: Campaign[], agents: Agent[]}} */
const { campaigns, agents: people } = pageData("assignments");
const SOON = 250;
const LATER = 1500;
const OTHERS_DO = /** @type {const} */ ([
  "list.changed",
  "case.assigned",
  "case.unassigned",
  "case.opened",
  "case.left",
  "case.closed",
  "case.created",
]);
/**
 * The newest preview, and the search it is of.
 * @type {{question: ReturnType<typeof asked>, preview: AssignmentPreview} | null}
 */
let seen = null;
/** @type {AbortController | null} */
let asking = null;
let timer = 0;

function campaign() {
  const id = Number(field("as-campaign").value);
  const found = campaigns.find((one) => one.id === id);
  if (!found) throw new Error(`No campaign ${id} on the page.`);
  return found;
}

/** The search as the page asks it. */
function asked() {
  const most = Number(field("as-max").value.replace(/\D/g, ""));
  const records = inputsInside(document, 'input[name="records"]:checked')[0]?.value;
  return { campaign: campaign().id, filters: filters(), records, max: most || null, agents: chosenOf(people) };
}

/* ---- the preview ---- */

/** Ask for the preview; the answer of an older question is dropped. */
async function search() {
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  await new Promise((go) => setTimeout(go)); // one given up is over then: the same may be asked again
  if (signal.aborted) return undefined;
  const question = asked();
  let answer;
  try {
    answer = await api.post("/assignments/preview", question, { signal });
  } catch {
    return undefined;
  }
  if (signal.aborted) return undefined; // overtaken while its answer was being read
  if (answer.refused) return refuse(answer.refused);
  return show(question, answer.value);
}

function searchSoon(wait = SOON) {
  clearTimeout(timer);
  timer = setTimeout(search, wait);
}

/** @param {ReturnType<typeof asked>} question @param {AssignmentPreview} preview */
function show(question, preview) {
  seen = { question, preview };
  const loads = new Map(preview.agents.map((part) => [part.id, part.load]));
  for (const one of people) one.load = loads.get(one.id) ?? one.load;
  unmark();
  drawFound(preview);
  drawPeople();
  drawAction(preview);
}

/** Draw the agents; with `counts` what each would get. */
function drawPeople(counts = new Map((seen?.preview.agents ?? []).map((part) => [part.id, part.count]))) {
  drawAgents(people, campaign().agents, counts, () => {
    drawPeople(new Map());
    searchSoon(0);
  });
}

/** @param {Refusal} refusal */
function refuse(refusal) {
  markWrong(refusal.field ?? "");
  seen = null;
  button("as-assign").disabled = true;
  say("alert", "c-red", refusal.message, "");
  announce(refusal.message);
}

/* ---- sharing out ---- */

async function assign() {
  if (!seen) return;
  const { question, preview } = seen;
  button("as-assign").disabled = true;
  const done = await api.post("/assignments", question);
  if (done.refused) {
    sayRefused(done.refused);
    return search();
  }
  const { customers, held, created } = done.value;
  campaign().agents.push(...preview.joining);
  const n = numbers.format(customers);
  const words = [
    ngettext("%(n)s cliente asignado.", "%(n)s clientes asignados.", customers, { n }),
    created ? _("%(n)s casos nuevos.", { n: numbers.format(created) }) : "",
    held ? _("%(n)s se dejaron: alguien los tiene abiertos.", { n: numbers.format(held) }) : "",
  ];
  toast(words.filter(Boolean).join(" "));
  return search();
}

async function unassign() {
  if (!seen) return undefined;
  const { question, preview } = seen;
  const n = numbers.format(preview.assigned);
  const sentence = ngettext(
    "%(n)s cliente vuelve a quedar libre. Los que están en gestión no se tocan.",
    "%(n)s clientes vuelven a quedar libres. Los que están en gestión no se tocan.",
    preview.assigned,
    { n },
  );
  const title = _("Desasignar estos clientes");
  if (!(await mayDo(title, sentence, _("Dejar como está"), _("Desasignar %(n)s", { n })))) return undefined;
  const done = await api.delete("/assignments", { body: { ...question, agents: [] } });
  if (done.refused) sayRefused(done.refused);
  else {
    const { customers } = done.value;
    const words = { n: numbers.format(customers) };
    toast(ngettext("%(n)s cliente quedó libre.", "%(n)s clientes quedaron libres.", customers, words));
  }
  return search();
}

/** Begin with who works in the campaign, and with the campaign's own customers. */
function begin() {
  chooseAgents(people, campaign().agents);
  clearFilters();
  addFilter(search, { field: "campaign", op: "equals", value: campaign().name });
  drawPeople(new Map());
  search();
}

at("as-search").addEventListener("submit", (event) => {
  event.preventDefault();
  search();
});
for (const radio of inputsInside(document, 'input[name="records"]')) radio.addEventListener("change", search);
at("as-add").addEventListener("click", () => addFilter(search).focus());
at("as-clear").addEventListener("click", () => {
  clearFilters();
  search();
});
at("as-campaign").addEventListener("change", begin);
at("as-assign").addEventListener("click", assign);
at("as-undo").addEventListener("click", unassign);

live.on("agent.state_changed", ({ agent }) => {
  const known = people.find((one) => one.id === agent.id);
  if (!known || agent.version < known.version) return;
  Object.assign(known, agent);
  drawPeople();
});
live.on("campaign.changed", ({ campaign: changed }) => {
  const known = campaigns.find((one) => one.id === changed.id);
  if (known) known.agents = changed.agents.map((/** @type {{id: number}} */ one) => one.id);
});
// What others do changes what the button would do: count again, with a little delay.
for (const type of OTHERS_DO)
  live.on(type, (event) => {
    const of = "case" in event ? event.case.campaign.id : campaign().id;
    if (of === campaign().id) searchSoon(LATER);
  });
live.refetch(search);
begin();
