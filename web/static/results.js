/** `/campanas/{id}/tipificaciones`: the tree, the form of the chosen result, and the same as the agent sees it. */
import { api, intention, pageData } from "./api.js";
import { announce, dialog, toast } from "./layers.js";
import { live } from "./live.js";
import { LEVELS, decider, find, fresh, indent, keyed, outdent, plain, remove, says, shift, walk } from "./result-tree.js";
import { el, icon, setText, writing } from "./text.js";
import { _, ngettext } from "./words.js";

const page = pageData("results");
const { uses } = page;
const at = (id) => document.getElementById(id);
const numbers = new Intl.NumberFormat(document.documentElement.dataset.locale || "es");
const DOES = {
  agenda: ["cal", _("Agenda"), _("el agente pone fecha y hora; no se marca antes.")],
  redial: ["refresh", _("Rellamar"), _("vuelve al final de la lista con el mismo teléfono.")],
  redial_alternative: ["swap", _("Rellamar alternativo"), _("vuelve al final de la lista con el siguiente teléfono.")],
  none: ["minus", _("Sin acción"), _("al finalizar, el caso se cierra con este resultado.")],
  never_again: ["no", _("No volver a llamar"), _("se cierran las llamadas a este cliente.")],
  "": ["minus", _("Sin acción"), _("ningún nivel dice otra cosa; al finalizar, el caso se cierra.")],
};
const FLAGS = ["successful", "right_party", "clears_appointments"];
let version = page.campaign.results_version;
let tree = keyed(page.tree);
let saved = JSON.stringify(plain(tree));
let chosen = tree[0]?.key ?? null;
const folded = new Set();
/** What the agent's preview has chosen: keys, level 1 first. */
let tried = [];

const changed = () => JSON.stringify(plain(tree)) !== saved;
const most = Math.max(1, ...Object.values(uses));

function draw() {
  const focused = at("re-tree").contains(document.activeElement);
  const visible = [...walk(tree)].filter(({ above }) => !above.some((one) => folded.has(one.key)));
  at("re-tree").replaceChildren(...visible.map(row));
  if (focused) at("re-tree").querySelector('[tabindex="0"]')?.focus({ preventScroll: true });
  const all = [...walk(tree)];
  const levels = Math.max(0, ...all.map(({ above }) => above.length + 1));
  setText(at("re-count"), ngettext("%(count)s resultado", "%(count)s resultados", all.length) + " " + ngettext("en %(count)s nivel", "en %(count)s niveles", levels));
  const dirty = changed();
  at("re-unsaved").hidden = !dirty;
  setText(at("re-unsaved").querySelector("[data-word]"), _("Cambios sin guardar"));
  at("re-discard").hidden = !dirty;
  at("re-save").disabled = !dirty;
  setText(at("re-save").querySelector("[data-word]"), dirty ? _("Guardar versión %(n)s", { n: version + 1 }) : _("Versión %(n)s guardada", { n: version }));
  drawAgent();
}

function row({ one, above }) {
  const does = decider([...above, one]);
  const inherited = does !== one;
  const [picture, word] = one.children.length && !says(one) && !does ? ["down", _("Cada hijo decide")] : DOES[does ? says(does) : ""];
  const used = uses[one.id] ?? 0;
  const bar = el("i");
  bar.style.width = `${(100 * used) / most}%`;
  const twist = one.children.length ? icon(folded.has(one.key) ? "cr" : "cd", "s") : null;
  const name = el("p", { role: "gridcell", class: `row re-l${above.length + 1}` }, el("span", { class: "tw" }, twist), el("i", { class: `sw k-${one.colour}` }), el("span", { class: above.length ? "cut" : "cut strong" }, one.name || _("(sin nombre)")));
  const box = el(
    "div",
    {
      class: `grid item${one.key === chosen ? " seln" : ""}`,
      role: "row",
      "aria-level": above.length + 1,
      "aria-selected": String(one.key === chosen),
      "aria-expanded": one.children.length ? String(!folded.has(one.key)) : null,
      tabindex: one.key === chosen ? "0" : "-1",
      "data-key": one.key,
    },
    name,
    el("p", { role: "gridcell", class: "row gap6" }, el("span", { class: inherited ? "plain mut re-inherited" : "plain re-own" }, icon(picture), word)),
    el("p", { role: "gridcell", class: "num" }, one.measure === null ? "–" : numbers.format(one.measure)),
    el("p", { role: "gridcell", class: "row num" }, el("span", { class: "meter re-meter", "aria-hidden": "true" }, bar), el("span", { class: "mut" }, numbers.format(used))),
    el("p", { role: "gridcell" }),
  );
  name.querySelector(".tw").addEventListener("click", (event) => one.children.length && (event.stopPropagation(), fold(one.key)));
  box.addEventListener("click", () => choose(one.key));
  return box;
}

function fold(key, wanted = !folded.has(key)) {
  if (wanted) folded.add(key);
  else folded.delete(key);
  draw();
}

function choose(key) {
  chosen = key;
  draw();
  fill();
}

function fill() {
  const place = find(tree, chosen);
  at("re-form").hidden = !place;
  if (!place) return;
  const { one, above } = place;
  setText(at("re-title"), one.name || _("(sin nombre)"));
  setText(at("re-above"), above.map((parent) => parent.name).join(", ") || _("Nivel 1, obligatorio"));
  if (document.activeElement !== at("re-name")) at("re-name").value = one.name;
  if (document.activeElement !== at("re-measure")) at("re-measure").value = one.measure ?? "";
  for (const radio of document.querySelectorAll('[name="does"]')) {
    radio.checked = radio.value === says(one);
    radio.closest(".opt").classList.toggle("on", radio.checked);
    radio.closest(".opt").classList.toggle("dis", says(one) === "agenda" && !radio.checked);
  }
  at("re-does").lastElementChild.hidden = !above.length && !one.children.length;
  setText(at("re-does").lastElementChild.querySelector("span"), above.length ? _("Lo que diga su nivel de arriba") : _("Cada hijo decide"));
  for (const radio of document.querySelectorAll('[name="colour"]')) {
    radio.checked = radio.value === one.colour;
    radio.parentElement.classList.toggle("on", radio.checked);
  }
  for (const flag of FLAGS) {
    const inherited = above.some((parent) => parent[flag]);
    at(`re-${flag}`).checked = one[flag] || inherited;
    at(`re-${flag}`).disabled = inherited;
  }
  drawEffect([...above, one]);
  at("re-child").disabled = above.length + 1 >= LEVELS;
  at("re-out").disabled = !above.length;
  at("re-up").disabled = place.index === 0;
  at("re-down").disabled = place.index === place.siblings.length - 1;
  at("re-in").disabled = place.index === 0 || above.length + 1 >= LEVELS;
}

function effect(path) {
  const by = decider(path);
  const [picture, , sentence] = DOES[by ? says(by) : ""];
  const from = by && by !== path.at(-1) ? _(" Lo decide «%(name)s».", { name: by.name }) : "";
  const clears = path.some((one) => one.clears_appointments) ? _(" Borra las citas anteriores.") : "";
  return { picture, sentence: `${sentence}${from}${clears}` };
}

function drawEffect(path) {
  const { picture, sentence } = effect(path);
  at("re-effect").replaceChildren(icon(picture), el("span", {}, el("b", { class: "strong" }, _("Efecto:")), " ", sentence));
}

/** The cascade as the agent has it: level after level, and what saving would do. */
function drawAgent() {
  const place = at("re-agent");
  if (place.hidden) return;
  const path = [];
  let level = tree;
  const steps = [];
  for (let n = 0; level.length && n < LEVELS; n++) {
    const picked = level.find((one) => one.key === tried[n]);
    if (!picked) {
      steps.push(el("div", { class: "opts" }, level.map((one, i) => option(one, i, n))));
      break;
    }
    const again = el("button", { type: "button", class: "btn quiet sm end", onclick: () => pick(n, null) }, _("Cambiar"));
    steps.push(el("div", { class: "step" }, el("span", { class: "l" }, n + 1), el("i", { class: `sw k-${picked.colour}` }), el("b", {}, picked.name), again));
    path.push(picked);
    level = picked.children;
  }
  const told = path.length ? effect(path) : { picture: "info", sentence: _("elija un resultado del primer nivel: sin él no se puede finalizar.") };
  const line = el("p", { class: "effect" }, icon(told.picture), el("span", {}, el("b", { class: "strong" }, _("Al guardar:")), " ", told.sentence));
  place.replaceChildren(el("h2", {}, _("Resultado")), el("div", { class: "path" }, steps), line);
}

const option = (one, i, n) => el("button", { type: "button", class: "opt re-opt", onclick: () => pick(n, one.key) }, el("kbd", {}, i + 1), el("i", { class: `sw k-${one.colour}` }), one.name);

function pick(n, key) {
  tried = [...tried.slice(0, n), ...(key ? [key] : [])];
  drawAgent();
  at("re-agent").querySelector("button.opt, .step:last-of-type .btn")?.focus();
}

/** The form changed the chosen result. */
function take(event) {
  const place = find(tree, chosen);
  if (!place) return;
  const { one } = place;
  const { target } = event;
  if (target.id === "re-name") one.name = target.value.trim();
  if (target.id === "re-measure") one.measure = /^-?\d+$/.test(target.value.trim()) ? Number(target.value) : null;
  if (target.name === "does") [one.schedules, one.action] = target.value === "agenda" ? [true, null] : [false, target.value || null];
  if (target.name === "colour") one.colour = target.value;
  for (const flag of FLAGS) if (target.id === `re-${flag}`) one[flag] = target.checked;
  at("re-error").hidden = true;
  draw();
  fill();
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
    const sentence = _("Deja de ofrecerse a los agentes, con los que tiene debajo. Las gestiones ya hechas lo conservan (%(n)s en 30 días).", { n: numbers.format(used) });
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
  const same = [...walk(tree)].find(({ one, above }) => [...above.map((up) => up.name), one.name].join("\n") === before);
  tried = [];
  choose(same?.one.key ?? tree[0]?.key ?? null);
}

async function upload() {
  const [file] = at("re-csv").files;
  if (!file) return;
  const body = new FormData();
  body.append("file", file);
  at("re-csv").value = "";
  try {
    const response = await fetch(`/api/v1/campaigns/${page.campaign.id}/results/csv`, { method: "POST", body, headers: { "Idempotency-Key": intention() }, credentials: "same-origin" });
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
    ArrowRight: () => (shiftKey ? move(indent) : folded.has(chosen) ? fold(chosen, false) : place.one.children.length && to(index + 1)),
    ArrowLeft: () => (shiftKey ? move(outdent) : place.one.children.length && !folded.has(chosen) ? fold(chosen, true) : place.above.length && choose(place.above.at(-1).key)),
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
at("re-campaign").addEventListener("change", (event) => location.assign(`/campanas/${event.target.value}/tipificaciones`));
for (const radio of document.querySelectorAll('[name="view"]'))
  radio.addEventListener("change", () => {
    const agent = radio.value === "agent" && radio.checked;
    at("re-agent").hidden = !agent;
    at("re-tree").hidden = agent;
    document.querySelector(".tree .lhead").hidden = agent;
    drawAgent();
  });
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey && !event.altKey && event.key.toLowerCase() === "s") {
    event.preventDefault();
    save();
  } else if (!at("re-agent").hidden && !writing() && /^[1-9]$/.test(event.key)) at("re-agent").querySelectorAll("button.opt")[Number(event.key) - 1]?.click();
});
window.addEventListener("beforeunload", (event) => changed() && event.preventDefault());
live.on("campaign.changed", ({ campaign }) => campaign.id === page.campaign.id && campaign.results_version > version && readAgain());
live.refetch(readAgain);
choose(chosen);
