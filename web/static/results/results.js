/** `/campanas/{id}/tipificaciones`: the tree of results, changed by hand and keyboard, saved as a whole. */

import { api, intention } from "../lib/api.js";
import { _, ngettext } from "../lib/gettext.js";
import { announce, dialog, toast } from "../lib/layers.js";
import { live } from "../lib/live.js";
import { at, numbers, pageData } from "../lib/page.js";
import { icon, setText, writing } from "../lib/text.js";
import { drawAgent, pressOption, tryAnew } from "./agent-view.js";
import { fillForm, readForm } from "./form.js";
import { resultRow } from "./row.js";
import { find, fresh, indent, keyed, outdent, plain, remove, shift, walk } from "./tree.js";

const page = pageData("results");
const { uses } = page;
let version = page.campaign.results_version;
let tree = keyed(page.tree);
let saved = JSON.stringify(plain(tree));
let chosen = tree[0]?.key ?? null;
const folded = new Set();

const changed = () => JSON.stringify(plain(tree)) !== saved;
const most = Math.max(1, ...Object.values(uses));

function draw() {
  const focused = at("re-tree").contains(document.activeElement);
  const visible = [...walk(tree)].filter(({ above }) => !above.some((one) => folded.has(one.key)));
  at("re-tree").replaceChildren(...visible.map(row));
  if (focused) at("re-tree").querySelector('[tabindex="0"]')?.focus({ preventScroll: true });
  const all = [...walk(tree)];
  const levels = Math.max(0, ...all.map(({ above }) => above.length + 1));
  setText(
    at("re-count"),
    ngettext("%(count)s resultado", "%(count)s resultados", all.length) +
      " " +
      ngettext("en %(count)s nivel", "en %(count)s niveles", levels),
  );
  const dirty = changed();
  at("re-unsaved").hidden = !dirty;
  setText(at("re-unsaved").querySelector("[data-word]"), _("Cambios sin guardar"));
  at("re-discard").hidden = !dirty;
  at("re-save").disabled = !dirty;
  setText(
    at("re-save").querySelector("[data-word]"),
    dirty ? _("Guardar versión %(n)s", { n: version + 1 }) : _("Versión %(n)s guardada", { n: version }),
  );
  drawAgent(tree);
}

const row = (place) => resultRow(place, { chosen, folded, used: uses[place.one.id] ?? 0, most }, { fold, choose });

function fold(key, wanted = !folded.has(key)) {
  if (wanted) folded.add(key);
  else folded.delete(key);
  draw();
}

function choose(key) {
  chosen = key;
  draw();
  fillForm(find(tree, chosen));
}

/** The form changed the chosen result. */
function take({ target }) {
  const place = find(tree, chosen);
  if (!place) return;
  readForm(target, place.one);
  at("re-error").hidden = true;
  draw();
  fillForm(place);
}

function add(level, parent) {
  if (!at("re-agent").hidden) document.querySelector('[name="view"][value="tree"]').click();
  const one = fresh("", parent?.colour ?? "grey");
  level.push(one);
  if (parent) folded.delete(parent.key);
  choose(one.key);
  at("re-tree").querySelector(".seln")?.scrollIntoView({ block: "nearest" });
  at("re-name").focus();
}

function move(how) {
  if (!how(tree, chosen)) return;
  const parent = find(tree, chosen).above.at(-1);
  if (parent) folded.delete(parent.key);
  choose(chosen);
}

async function drop() {
  const { one } = find(tree, chosen);
  const used = uses[one.id] ?? 0;
  if (used || one.children.length) {
    const sentence = _(
      "Deja de ofrecerse a los agentes, con los que tiene debajo. Las gestiones ya hechas lo conservan (%(n)s en 30 días).",
      { n: numbers.format(used) },
    );
    const choices = [
      { id: "no", word: _("Dejarlo"), safe: true },
      { id: "yes", word: _("Quitar"), kind: "danger" },
    ];
    if ((await dialog({ title: _("Quitar «%(name)s»", { name: one.name }), sentence, choices })) !== "yes") return;
  }
  choose(remove(tree, chosen));
}

function refuse(refusal) {
  const steps = [...(refusal.field ?? "").matchAll(/(?:results|children)[[.](\d+)/g)].map((found) => Number(found[1]));
  let level = tree;
  let one = null;
  for (const step of steps) [one, level] = [level?.[step] ?? null, level?.[step]?.children ?? null];
  if (one) choose(one.key);
  at("re-error").replaceChildren(icon("alert", "s"), refusal.message);
  at("re-error").hidden = false;
  if (/name$/.test(refusal.field ?? "") || one) at("re-name").focus();
}

async function save() {
  if (!changed()) return undefined;
  const answer = await api.put(`/campaigns/${page.campaign.id}/results`, { results: plain(tree), version });
  if (answer.refused?.code === "stale") return settle(answer.refused);
  if (answer.refused) return refuse(answer.refused);
  show(answer.value);
  return toast(_("Versión %(n)s guardada. Quien tiene un caso abierto termina con la anterior.", { n: version }));
}

/** Another person saved meanwhile: one tree stays, by choice. */
async function settle(refusal) {
  const choices = [
    { id: "theirs", word: _("Ver lo guardado"), safe: true },
    { id: "mine", word: _("Guardar lo mío encima"), kind: "danger" },
  ];
  const answer = await dialog({ title: _("Otra persona cambió este árbol"), sentence: refusal.message, choices });
  if (answer === "theirs") show({ version: refusal.version, results: refusal.current });
  if (answer === "mine") {
    version = refusal.version;
    await save();
  }
}

/** The tree as the server has it; the choice stays on the same result when it is still there. */
function show(value) {
  const place = chosen === null ? null : find(tree, chosen);
  const before = place && [...place.above.map((one) => one.name), place.one.name].join("\n");
  version = value.version;
  tree = keyed(value.results);
  saved = JSON.stringify(plain(tree));
  const same = [...walk(tree)].find(
    ({ one, above }) => [...above.map((up) => up.name), one.name].join("\n") === before,
  );
  tryAnew(tree);
  choose(same?.one.key ?? tree[0]?.key ?? null);
}

async function upload() {
  const [file] = at("re-csv").files;
  if (!file) return;
  const body = new FormData();
  body.append("file", file);
  at("re-csv").value = "";
  try {
    const response = await fetch(`/api/v1/campaigns/${page.campaign.id}/results/csv`, {
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

async function readAgain() {
  const answer = await api.get(`/campaigns/${page.campaign.id}/results`);
  if (answer.refused || answer.value.version === version) return;
  if (changed()) announce(_("Otra persona guardó este árbol; al guardar se le preguntará cuál queda."));
  else show(answer.value);
}

function key(event) {
  const place = find(tree, chosen);
  if (!place) return;
  const rows = [...at("re-tree").children];
  const index = rows.findIndex((one) => Number(one.dataset.key) === chosen);
  const to = (n) => choose(Number(rows[Math.max(0, Math.min(rows.length - 1, n))].dataset.key));
  const { key: pressed, altKey, shiftKey } = event;
  const acts = {
    ArrowDown: () => (altKey ? move((t, k) => shift(t, k, 1)) : to(index + 1)),
    ArrowUp: () => (altKey ? move((t, k) => shift(t, k, -1)) : to(index - 1)),
    ArrowRight: () =>
      shiftKey ? move(indent) : folded.has(chosen) ? fold(chosen, false) : place.one.children.length && to(index + 1),
    ArrowLeft: () =>
      shiftKey
        ? move(outdent)
        : place.one.children.length && !folded.has(chosen)
          ? fold(chosen, true)
          : place.above.length && choose(place.above.at(-1).key),
    Home: () => to(0),
    End: () => to(rows.length - 1),
    Enter: () => at("re-name").focus(),
    Delete: drop,
  };
  if (!acts[pressed]) return;
  event.preventDefault();
  acts[pressed]();
}

at("re-tree").addEventListener("keydown", key);
at("re-form").addEventListener("input", take);
at("re-form").addEventListener("submit", (event) => event.preventDefault());
at("re-add").addEventListener("click", () => add(tree, null));
at("re-child").addEventListener("click", () => add(find(tree, chosen).one.children, find(tree, chosen).one));
at("re-up").addEventListener("click", () => move((t, k) => shift(t, k, -1)));
at("re-down").addEventListener("click", () => move((t, k) => shift(t, k, 1)));
at("re-in").addEventListener("click", () => move(indent));
at("re-out").addEventListener("click", () => move(outdent));
at("re-remove").addEventListener("click", drop);
at("re-save").addEventListener("click", save);
at("re-discard").addEventListener("click", () => show({ version, results: JSON.parse(saved) }));
at("re-csv").addEventListener("change", upload);
at("re-campaign").addEventListener("change", (event) =>
  location.assign(`/campanas/${event.target.value}/tipificaciones`),
);
for (const radio of document.querySelectorAll('[name="view"]'))
  radio.addEventListener("change", () => {
    const agent = radio.value === "agent" && radio.checked;
    at("re-agent").hidden = !agent;
    at("re-tree").hidden = agent;
    document.querySelector(".tree .lhead").hidden = agent;
    drawAgent(tree);
  });
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey && !event.altKey && event.key.toLowerCase() === "s") {
    event.preventDefault();
    save();
  } else if (!at("re-agent").hidden && !writing() && /^[1-9]$/.test(event.key)) pressOption(Number(event.key));
});
window.addEventListener("beforeunload", (event) => changed() && event.preventDefault());
live.on(
  "campaign.changed",
  ({ campaign }) => campaign.id === page.campaign.id && campaign.results_version > version && readAgain(),
);
live.refetch(readAgain);
choose(chosen);
