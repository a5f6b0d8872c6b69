/** `/campanas/{id}/tipificaciones`: the tree of results, changed by hand and keyboard, saved as a whole. */

import { listed, settle, whoAndWhen } from "../forms/conflict.js";
import { guardUnsaved } from "../forms/editor.js";
import { changedFields } from "../forms/three-way.js";
import { api, intention } from "../lib/api.js";
import { _ } from "../lib/gettext.js";
import { announce, sayRefusedIn, toast } from "../lib/layers.js";
import { live } from "../lib/live.js";
import { notice } from "../lib/notice.js";
import { at, input, inputsInside, inside, select } from "../lib/page.js";
import { writing } from "../lib/text.js";
import { drawAgent, pressOption } from "./agent-view.js";
import {
  addAtTop,
  addBelow,
  campaignId,
  changed,
  choose,
  chosenPlace,
  discard,
  draw,
  drop,
  move,
  resultAt,
  results,
  savedResults,
  show,
  shownVersion,
} from "./edited-tree.js";
import { fillForm, readForm } from "./form.js";
import { say } from "./in-words.js";
import { moveDown, moveUp, pressInTree } from "./keyboard.js";
import { indent, outdent } from "./tree.js";
import { treeOf, valuesOf } from "./tree-values.js";

/** @import { Refusal } from "../lib/api.js" */
/** @import { By } from "../forms/conflict.js" */
/** @import { StoredResult } from "./tree.js" */

/** The form changed the chosen result. @param {Event} event */
function take(event) {
  const place = chosenPlace();
  if (!place) return;
  readForm(/** @type {HTMLInputElement} */ (event.target), place.one);
  at("re-error").hidden = true;
  draw();
  fillForm(place);
}

/**
 * Say why it was refused, at the result that it is about ("results.1.children.0.name").
 * @param {{message: string, field?: string | null}} refusal
 */
function refuse({ message, field }) {
  const steps = [...(field ?? "").matchAll(/(?:results|children)[[.](\d+)/g)].map((found) => Number(found[1]));
  const one = resultAt(steps);
  if (one) choose(one.key);
  sayRefusedIn(at("re-error"), message);
  if (one || field?.endsWith("name")) at("re-name").focus();
}

/* ---- saving ---- */

/**
 * Save the tree over the version that was shown, or another one that it was joined with.
 * @param {StoredResult[]} tree
 */
async function save(tree = results(), version = shownVersion()) {
  if (!changed()) return;
  const answer = await api.put(`/campaigns/${campaignId}/results`, { results: tree, version });
  if (answer.refused?.code === "stale") return join(answer.refused, tree);
  if (answer.refused) return refuse(answer.refused);
  show(answer.value);
  at("re-other").replaceChildren();
  const n = shownVersion();
  toast(_("Versión %(n)s guardada. Quien tiene un caso abierto termina con la anterior.", { n }));
}

/**
 * Another person saved meanwhile: both people's changes are joined, and the person chooses where both changed the same.
 * @param {Refusal} refusal
 * @param {StoredResult[]} mine
 */
async function join({ current, version, by, at: when }, mine) {
  const base = savedResults();
  const three = { filled: valuesOf(base), written: valuesOf(mine), stored: valuesOf(current) };
  const kept = await settle(whoAndWhen(by, when), three, say([...base, ...current, ...mine]));
  if (kept) await save(treeOf({ base, mine, theirs: current }, kept), version);
}

async function upload() {
  const [file] = input("re-csv").files ?? [];
  if (!file) return;
  const body = new FormData();
  body.append("file", file);
  input("re-csv").value = "";
  try {
    const response = await fetch(`/api/v1/campaigns/${campaignId}/results/csv`, {
      method: "POST",
      body,
      headers: { "Idempotency-Key": intention() },
      credentials: "same-origin",
    });
    const value = await response.json();
    if (!response.ok) return refuse(value);
    show(value);
    toast(_("Se agregaron los resultados de %(file)s.", { file: file.name }));
  } catch {
    refuse({ message: _("Sin conexión con el servidor. Intente en unos segundos.") });
  }
}

/**
 * Read the tree again; what another person changed is said when something is not saved.
 * @param {{by?: By, at?: string}} [told]
 */
async function readAgain({ by, at: when } = {}) {
  const answer = await api.get(`/campaigns/${campaignId}/results`);
  if (answer.refused || answer.value.version === shownVersion()) return;
  if (!changed()) return show(answer.value);
  const [before, now] = [savedResults(), answer.value.results];
  const names = changedFields(valuesOf(before), valuesOf(now));
  const fields = listed(names.map((name) => say([...now, ...before])(name, null)));
  const sentence = _("cambió: %(fields)s.", { fields });
  const safe = _("Lo que usted escribió sigue aquí; al guardar se une, o elige qué queda.");
  at("re-other").replaceChildren(notice("amber", "pencil", whoAndWhen(by, when), `${sentence} ${safe}`));
  announce(`${whoAndWhen(by, when)} ${sentence}`);
}

/* ---- hand and keyboard ---- */

/** Show the tree, or the cascade as the agent has it. @param {boolean} agent */
function showView(agent) {
  at("re-agent").hidden = !agent;
  at("re-tree").hidden = agent;
  inside(document, ".tree .lhead").hidden = agent;
  drawAgent();
}

/** @type {Record<string, () => unknown>} */
const BUTTONS = {
  "re-add": addAtTop,
  "re-child": addBelow,
  "re-up": moveUp,
  "re-down": moveDown,
  "re-in": () => move(indent),
  "re-out": () => move(outdent),
  "re-remove": drop,
  "re-save": () => save(),
  "re-discard": discard,
};
for (const [id, does] of Object.entries(BUTTONS)) at(id).addEventListener("click", does);

at("re-tree").addEventListener("keydown", pressInTree);
at("re-form").addEventListener("input", take);
at("re-form").addEventListener("submit", (event) => event.preventDefault());
at("re-csv").addEventListener("change", upload);
select("re-campaign").addEventListener("change", () =>
  location.assign(`/campanas/${select("re-campaign").value}/tipificaciones`),
);
for (const radio of inputsInside(document, '[name="view"]'))
  radio.addEventListener("change", () => showView(radio.value === "agent" && radio.checked));
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey && !event.altKey && event.key.toLowerCase() === "s") {
    event.preventDefault();
    save();
  } else if (!at("re-agent").hidden && !writing() && /^[1-9]$/.test(event.key)) pressOption(Number(event.key));
});
guardUnsaved(changed);
live.on(
  "campaign.changed",
  ({ campaign, by, at: when }) =>
    campaign.id === campaignId && campaign.results_version > shownVersion() && readAgain({ by, at: when }),
);
live.refetch(() => readAgain());
choose(chosenPlace()?.one.key ?? null);
