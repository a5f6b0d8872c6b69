/**
 * Tipificación: a path of up to three levels (S0-17, S4-20). Chosen levels fold into a line with Cambiar; the open
 * level
 * is a numbered list, keys 1–9.
 */
import { _ } from "../lib/gettext.js";
import { el } from "../lib/text.js";

/**
 * A result that can be chosen, with those below it.
 * @typedef {Object} ResultOption
 * @property {number} id
 * @property {string} name
 * @property {string | null} action
 * @property {boolean} schedules
 * @property {string} colour
 * @property {ResultOption[]} children
 */
/**
 * What a path of results does.
 * @typedef {{action: string | null, schedules: boolean, level: number}} Effect `level` decides it; 0 when none does
 */

/**
 * The nodes that a path of ids names, as far as the tree still has them.
 * @param {ResultOption[]} tree
 * @param {number[]} path
 */
export function nodesOf(tree, path) {
  /** @type {ResultOption[]} */
  const nodes = [];
  let level = tree;
  for (const id of path) {
    const node = level.find((one) => one.id === id);
    if (!node) break;
    nodes.push(node);
    level = node.children;
  }
  return nodes;
}

/**
 * What saving will do: the deepest level that has an agenda or an action decides (X19).
 * @param {ResultOption[]} nodes
 * @returns {Effect}
 */
export function effectOf(nodes) {
  const place = nodes.findLastIndex((node) => node.schedules || node.action !== null);
  const decider = nodes[place];
  return { action: decider?.action ?? null, schedules: Boolean(decider?.schedules), level: place + 1 };
}

export class Cascade {
  #place;
  #tree;
  #changed;
  /** @type {number[]} */
  path = [];

  /** @param {HTMLElement} place @param {ResultOption[]} tree @param {() => void} changed */
  constructor(place, tree, changed) {
    this.#place = place;
    this.#tree = tree;
    this.#changed = changed;
    this.draw();
  }

  get nodes() {
    return nodesOf(this.#tree, this.path);
  }

  /** Set the path without telling. @param {number[]} path */
  set(path) {
    this.path = path;
    this.path = this.nodes.map((node) => node.id);
    this.draw();
  }

  /** Choose option `n` (1…9) of the open level; whether there was one. @param {number} n */
  pick(n) {
    const option = this.#open()[n - 1];
    if (!option) return false;
    this.#take(option.id);
    return true;
  }

  #open() {
    return this.nodes.at(-1)?.children ?? this.#tree;
  }

  /** @param {number} id */
  #take(id) {
    this.path = [...this.path, id];
    this.draw();
    const option = this.#place.querySelector(".opts button") ?? this.#place.querySelector(".step:last-of-type button");
    /** @type {HTMLElement | null} */ (option)?.focus();
    this.#changed();
  }

  /** @param {number} level */
  #back(level) {
    this.path = this.path.slice(0, level);
    this.draw();
    /** @type {HTMLElement | null} */ (this.#place.querySelector(".opts button"))?.focus();
    this.#changed();
  }

  draw() {
    const steps = this.nodes.map((node, i) => this.#step(node, i));
    const options = this.#open().map((node, i) => this.#option(node, i));
    const level = this.path.length + 1;
    const label = level > 1 ? _("Nivel %(n)s, opcional", { n: level }) : _("Nivel 1, obligatorio para finalizar");
    this.#place.replaceChildren(
      ...steps,
      ...(options.length ? [el("div", { class: "opts", role: "group", "aria-label": label }, options)] : []),
    );
  }

  /** A chosen level, with its way back. @param {ResultOption} node @param {number} i */
  #step(node, i) {
    const label = _("Cambiar el nivel %(n)s: %(name)s", { n: i + 1, name: node.name });
    const back = () => this.#back(i);
    return el(
      "div",
      { class: "step" },
      el("span", { class: "l num" }, i + 1),
      el("span", { class: `sw k-${node.colour}`, "aria-hidden": "true" }),
      el("b", { class: "cut" }, node.name),
      el("button", { type: "button", class: "btn quiet sm end", "aria-label": label, onclick: back }, _("Cambiar")),
    );
  }

  /** @param {ResultOption} node @param {number} i */
  #option(node, i) {
    return el(
      "button",
      { type: "button", class: "opt", onclick: () => this.#take(node.id) },
      i < 9 ? el("kbd", {}, i + 1) : el("span", { class: "l" }),
      el("span", { class: `sw k-${node.colour}`, "aria-hidden": "true" }),
      el("span", { class: "cut" }, node.name),
    );
  }
}
