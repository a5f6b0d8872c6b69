/** The types of campaigns: chips to take one away, a field to add one. */

import { api } from "../lib/api.js";
import { _ } from "../lib/gettext.js";
import { sayRefused } from "../lib/layers.js";
import { at, field } from "../lib/page.js";
import { el, icon } from "../lib/text.js";

/** @import { CampaignType } from "./campaign-form.js" */

/** @type {CampaignType[]} */
let types = [];

/** The type that a new campaign begins with. */
export const firstType = () => types[0]?.id;

/** Draw the chips, and the choice in the form of a campaign. @param {CampaignType[]} newer */
export function drawTypes(newer) {
  types = newer;
  const select = field("ca-type");
  const before = select.value;
  select.replaceChildren(...types.map((type) => el("option", { value: type.id }, type.name)));
  if (before) select.value = before;
  const form = el(
    "form",
    { class: "row ca-add" },
    el("input", {
      class: "input",
      id: "ca-type-name",
      maxlength: 60,
      placeholder: _("Nuevo tipo"),
      "aria-label": _("Nombre del nuevo tipo"),
    }),
    el("button", { class: "btn sm" }, icon("plus", "s"), _("Agregar")),
  );
  form.addEventListener("submit", add);
  at("ca-types").replaceChildren(...types.map(chip), form);
}

/** @param {CampaignType} type */
function chip(type) {
  const label = _("Quitar el tipo %(name)s", { name: type.name });
  const button = el(
    "button",
    { type: "button", class: "ca-x", "aria-label": label, onclick: () => remove(type) },
    icon("x", "s"),
  );
  return el("span", { class: "chip line" }, type.name, button);
}

/** @param {Event} event */
async function add(event) {
  event.preventDefault();
  const name = field("ca-type-name").value.trim();
  if (!name) return;
  const answer = await api.post("/campaign-types", { name });
  if (answer.refused) return sayRefused(answer.refused);
  drawTypes([...types, answer.value]);
  at("ca-type-name").focus();
}

/** @param {CampaignType} type */
async function remove(type) {
  const answer = await api.delete(`/campaign-types/${type.id}`);
  if (answer.refused) return sayRefused(answer.refused);
  drawTypes(types.filter((one) => one.id !== type.id));
}
