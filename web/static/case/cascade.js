/**
 * Tipificación: a path of up to three levels (S0-17, S4-20). Chosen levels fold into a line with Cambiar; the open level
 * is a numbered list, keys 1–9 (SCREENS, cascade).
 */
import { _ } from "../lib/gettext.js";
import { el } from "../lib/text.js";

/** The nodes that a path of ids names, as far as the tree still has them. */
export function nodesOf(tree, path) {
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

/** What saving will do: the deepest level that has an agenda or an action decides (X19). */
export function effectOf(nodes) {
  const place = nodes.findLastIndex((node) => node.schedules || node.action !== null);
  const decider = nodes[place];
  return { action: decider?.action ?? null, schedules: Boolean(decider?.schedules), level: place + 1 };
}

export class Cascade {
  #place;
  #tree;
  #changed;
  path = [];

  constructor(place, tree, changed) {
    this.#place = place;
    this.#tree = tree;
    this.#changed = changed;
    this.draw();
  }

  get nodes() {
    return nodesOf(this.#tree, this.path);
  }

  /** Set the path without telling. */
  set(path) {
    this.path = path;
    this.path = this.nodes.map((node) => node.id);
    this.draw();
  }

  /** Choose option `n` (1…9) of the open level; whether there was one. */
  pick(n) {
    const option = this.#open()[n - 1];
    if (!option) return false;
    this.#take(option.id);
    return true;
  }

  #open() {
    return this.nodes.length ? this.nodes.at(-1).children : this.#tree;
  }

  #take(id) {
    this.path = [...this.path, id];
    this.draw();
    (this.#place.querySelector(".opts button") ?? this.#place.querySelector(".step:last-of-type button"))?.focus();
    this.#changed();
  }

  #back(level) {
    this.path = this.path.slice(0, level);
    this.draw();
    this.#place.querySelector(".opts button")?.focus();
    this.#changed();
  }

  draw() {
    const steps = this.nodes.map((node, i) =>
      el(
        "div",
        { class: "step" },
        el("span", { class: "l num" }, i + 1),
        el("span", { class: `sw k-${node.colour}`, "aria-hidden": "true" }),
        el("b", { class: "cut" }, node.name),
        el(
          "button",
          {
            type: "button",
            class: "btn quiet sm end",
            "aria-label": _("Cambiar el nivel %(n)s: %(name)s", { n: i + 1, name: node.name }),
            onclick: () => this.#back(i),
          },
          _("Cambiar"),
        ),
      ),
    );
    const open = this.#open();
    const label = this.path.length
      ? _("Nivel %(n)s, opcional", { n: this.path.length + 1 })
      : _("Nivel 1, obligatorio para finalizar");
    const options = open.map((node, i) =>
      el(
        "button",
        { type: "button", class: "opt", onclick: () => this.#take(node.id) },
        i < 9 ? el("kbd", {}, i + 1) : el("span", { class: "l" }),
        el("span", { class: `sw k-${node.colour}`, "aria-hidden": "true" }),
        el("span", { class: "cut" }, node.name),
      ),
    );
    this.#place.replaceChildren(
      ...steps,
      ...(options.length ? [el("div", { class: "opts", role: "group", "aria-label": label }, options)] : []),
    );
  }
}
