/** Among whom customers are shared out: each agent with their load and what they would get. */

import { _ } from "../lib/gettext.js";
import { allInside, at, numbers } from "../lib/page.js";
import { avatar, el, icon, setText } from "../lib/text.js";

/** @import { PersonRow } from "../lib/events.js" */
/** @typedef {PersonRow & {load: number}} Agent */

/** @type {Record<string, string>} */
const STATES = {
  offline: _("Desconectado"),
  waiting: _("En espera"),
  handling: _("En gestión"),
  wrap_up: _("Tipificando"),
  paused: _("En pausa"),
};

/** @type {Set<number>} */
const chosen = new Set();

/** The chosen agents, in the order of `people`. @param {Agent[]} people */
export const chosenOf = (people) => people.filter((one) => chosen.has(one.id)).map((one) => one.id);

/**
 * Choose who works in the campaign now; all of them when nobody is there.
 * @param {Agent[]} people
 * @param {number[]} ids
 */
export function chooseAgents(people, ids) {
  const here = people.filter((one) => ids.includes(one.id));
  const present = here.filter((one) => one.state !== "offline");
  chosen.clear();
  for (const one of present.length ? present : here) chosen.add(one.id);
}

/**
 * Draw the agents, those of the campaign first; a bar of what each has and would get.
 * @param {Agent[]} people
 * @param {number[]} ids of those who work in the campaign
 * @param {Map<number, number>} counts how many each would get
 * @param {() => void} changed
 */
export function drawAgents(people, ids, counts, changed) {
  const here = new Set(ids);
  const listed = [...people].sort((a, b) => Number(here.has(b.id)) - Number(here.has(a.id)));
  const most = Math.max(1, ...people.map((one) => one.load + (counts.get(one.id) ?? 0)));
  const focused = document.activeElement?.closest(".agr")?.getAttribute("data-id");
  at("as-agents").replaceChildren(
    ...listed.map((one) => row(one, here.has(one.id), counts.get(one.id) ?? 0, most, changed)),
  );
  if (focused) allInside(at("as-agents"), `[data-id="${focused}"] input`)[0]?.focus({ preventScroll: true });
  setText(at("as-chosen"), _("Elegidos: %(n)s de %(all)s", { n: chosen.size, all: people.length }));
}

/**
 * @param {Agent} person
 * @param {boolean} here whether they work in the campaign
 * @param {number} count how many they would get
 * @param {number} most the largest load there would be
 * @param {() => void} changed
 */
function row(person, here, count, most, changed) {
  const on = chosen.has(person.id);
  const box = el("input", { type: "checkbox", class: "vh", checked: on });
  box.addEventListener("change", () => {
    if (box.checked) chosen.add(person.id);
    else chosen.delete(person.id);
    changed();
  });
  const call = person.call === "talking" || person.call === "held";
  const state = call ? _("En llamada") : STATES[person.state];
  return el(
    "label",
    { class: on ? "agr" : "agr off", "data-id": person.id },
    box,
    el("span", { class: on ? "check on" : "check", "aria-hidden": "true" }, icon("check")),
    avatar(person.name),
    el(
      "span",
      { class: "as-who" },
      el("b", { class: "cut strong" }, person.name),
      el("span", { class: "meta" }, here ? state : _("Otra campaña")),
    ),
    loadBar((100 * person.load) / most, (100 * count) / most),
    el(
      "span",
      { class: "num as-load" },
      numbers.format(person.load),
      count ? [" ", el("b", { class: "c-blue strong" }, `+${numbers.format(count)}`)] : null,
    ),
  );
}

/** @param {number} hasPercent @param {number} getsPercent */
function loadBar(hasPercent, getsPercent) {
  const has = el("i", { class: "a" });
  const gets = el("i", { class: "b" });
  has.style.width = `${hasPercent}%`;
  gets.style.width = `${getsPercent}%`;
  gets.hidden = !getsPercent;
  return el("span", { class: "load grow", "aria-hidden": "true" }, has, gets);
}
