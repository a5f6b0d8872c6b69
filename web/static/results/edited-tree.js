/** The tree as it is edited: which result is chosen, what is folded, and every change by hand. */

import { _, ngettext } from "../lib/gettext.js";
import { mayDo } from "../lib/layers.js";
import { allInside, at, button, inside, numbers, pageData } from "../lib/page.js";
import { setText } from "../lib/text.js";
import { drawAgent, tryFromStart } from "./agent-view.js";
import { fillForm } from "./form.js";
import { resultRow } from "./row.js";
import { find, fresh, keyed, plain, remove, walk } from "./tree.js";

/** @import { Place, Result, StoredResult } from "./tree.js" */
/** @typedef {{version: number, results: StoredResult[]}} StoredTree */

/** @type {{campaign: {id: number, results_version: number}, tree: StoredResult[], uses: Record<number, number>}} */
const page = pageData("results");
const most = Math.max(1, ...Object.values(page.uses));
/** @type {Set<number>} */
const folded = new Set();
let version = page.campaign.results_version;
let tree = keyed(page.tree);
let saved = JSON.stringify(plain(tree));
/** @type {number | null} */
let chosen = tree[0]?.key ?? null;

export const campaignId = page.campaign.id;
/** The version that is shown. */
export const shownVersion = () => version;
/** The results as the server takes them. */
export const results = () => plain(tree);
/** The results as they were shown, without what was changed. @returns {StoredResult[]} */
export const savedResults = () => JSON.parse(saved);
/** Whether something is not saved. */
export const changed = () => JSON.stringify(plain(tree)) !== saved;
/** Where the chosen result stands; null when there is none. */
export const chosenPlace = () => find(tree, chosen);
/** Whether those below the chosen result are folded away. */
export const isFolded = () => chosen !== null && folded.has(chosen);

/* ---- drawing ---- */

/** Draw the rows, the count and what can be saved; the focus stays on the chosen row. */
export function draw() {
  const box = at("re-tree");
  const focused = box.contains(document.activeElement);
  const visible = [...walk(tree)].filter(({ above }) => !above.some((one) => folded.has(one.key)));
  box.replaceChildren(...visible.map(row));
  if (focused) allInside(box, '[tabindex="0"]')[0]?.focus({ preventScroll: true });
  const all = [...walk(tree)];
  const levels = Math.max(0, ...all.map(({ above }) => above.length + 1));
  const count = ngettext("%(count)s resultado", "%(count)s resultados", all.length);
  setText(at("re-count"), `${count} ${ngettext("en %(count)s nivel", "en %(count)s niveles", levels)}`);
  const dirty = changed();
  at("re-unsaved").hidden = !dirty;
  setText(inside(at("re-unsaved"), "[data-word]"), _("Cambios sin guardar"));
  at("re-discard").hidden = !dirty;
  button("re-save").disabled = !dirty;
  const kept = _("Versión %(n)s guardada", { n: version });
  setText(inside(at("re-save"), "[data-word]"), dirty ? _("Guardar versión %(n)s", { n: version + 1 }) : kept);
  drawAgent(tree);
}

/** @param {Place} place */
const row = (place) =>
  resultRow(place, { chosen, folded, used: page.uses[place.one.id ?? 0] ?? 0, most }, { fold, choose });

/** Fold those below away, or show them. @param {number} key */
export function fold(key, wanted = !folded.has(key)) {
  if (wanted) folded.add(key);
  else folded.delete(key);
  draw();
}

/** Show a result in the form. @param {number | null} key */
export function choose(key) {
  chosen = key;
  draw();
  fillForm(chosenPlace());
}

/* ---- changing ---- */

/** Add a result at the end of the first level. */
export const addAtTop = () => add(tree, null);

/** Add a result below the chosen one. */
export function addBelow() {
  const one = chosenPlace()?.one;
  if (one) add(one.children, one);
}

/** @param {Result[]} level @param {Result | null} parent */
function add(level, parent) {
  if (!at("re-agent").hidden) inside(document, '[name="view"][value="tree"]').click();
  const one = fresh("", parent?.colour ?? "grey");
  level.push(one);
  if (parent) folded.delete(parent.key);
  choose(one.key);
  at("re-tree").querySelector(".seln")?.scrollIntoView({ block: "nearest" });
  at("re-name").focus();
}

/**
 * Move the chosen result; `how` answers whether it moved.
 * @param {(tree: Result[], key: number | null) => boolean} how
 */
export function move(how) {
  if (!how(tree, chosen)) return;
  const parent = chosenPlace()?.above.at(-1);
  if (parent) folded.delete(parent.key);
  choose(chosen);
}

/** Take the chosen result out; asked for first when it was used or others are below it. */
export async function drop() {
  const one = chosenPlace()?.one;
  if (!one) return;
  const used = page.uses[one.id ?? 0] ?? 0;
  const sentence = _(
    "Deja de ofrecerse a los agentes, con los que tiene debajo. " +
      "Las gestiones ya hechas lo conservan (%(n)s en 30 días).",
    { n: numbers.format(used) },
  );
  const title = _("Quitar «%(name)s»", { name: one.name });
  const ask = used || one.children.length;
  if (ask && !(await mayDo(title, sentence, _("Dejarlo"), _("Quitar")))) return;
  choose(remove(tree, chosen));
}

/** The result that steps from the first level lead to, as far as there is one. @param {number[]} steps */
export function resultAt(steps) {
  const [first, ...rest] = steps;
  let one = first === undefined ? undefined : tree[first];
  for (const step of rest) one = one?.children[step];
  return one ?? null;
}

/**
 * Show the tree as the server has it; the choice stays on the same result when it is still there.
 * @param {StoredTree} stored
 */
export function show(stored) {
  const names = (/** @type {Place} */ { one, above }) => [...above.map((up) => up.name), one.name].join("\n");
  const place = chosenPlace();
  const before = place && names(place);
  version = stored.version;
  tree = keyed(stored.results);
  saved = JSON.stringify(plain(tree));
  const same = [...walk(tree)].find((other) => names(other) === before);
  tryFromStart(tree);
  choose(same?.one.key ?? tree[0]?.key ?? null);
}

/** Go back to what is saved. */
export const discard = () => show({ version, results: JSON.parse(saved) });
