/** The form of an unknown caller (S4-80): look for coincidences, then make the customer; their case opens. */

import { candidate, nobody } from "../frame/new-caller.js";
import { api, keyGiver } from "../lib/api.js";
import { dropDraft, keepDraft, readDraft } from "../lib/draft.js";
import { _ } from "../lib/gettext.js";
import { onKey } from "../lib/keys.js";
import { at, inputsInside, inside, myId, pageData } from "../lib/page.js";
import { el, setText } from "../lib/text.js";

/** @import { Refusal } from "../lib/api.js" */
/** @typedef {{id: number, name: string, document: string, phones: {shown: string}[]}} FoundCustomer */

/** @type {{id: string}} */
const call = pageData("call");
const form = at("caller");
const found = inside(form, "[data-found]");
const fields = inputsInside(form, "input[name]");
const draftName = `call.${call.id}`;
const draft = readDraft(myId, draftName);
const keyOf = keyGiver();
for (const field of fields) if (draft?.[field.name]) field.value = draft[field.name];
fields[0]?.focus();

/** @returns {Record<string, string>} */
const written = () => Object.fromEntries(fields.map((field) => [field.name, field.value.trim()]));

/** Show why it was refused, at the field that it is about; null takes it away. @param {Refusal | null} refused */
function fail(refused) {
  const box = at("caller-error");
  box.hidden = !refused;
  setText(inside(box, "span"), refused?.message ?? "");
  const about = ["value", "phones", "phones[0]"].includes(refused?.field ?? "") ? "phone" : refused?.field;
  for (const field of fields) field.classList.toggle("bad", field.name === about);
}

/** @param {object} body who calls */
async function say(body) {
  const answer = await api.post(`/calls/${call.id}/customer`, body, { key: keyOf(body) });
  if (answer.refused) return fail(answer.refused);
  dropDraft(myId, draftName);
  const { case: row, call: newer } = answer.value;
  return location.assign(row ? `/casos/${row.number}` : `/clientes/${newer.customer.id}`);
}

function create() {
  const { phone, ...customer } = written();
  return say({ ...customer, phones: phone ? [phone] : [] });
}

async function lookAlike() {
  const { first_name, second_name, first_surname, second_surname, document: number } = written();
  const q = [first_name, second_name, first_surname, second_surname].filter(Boolean).join(" ");
  if (!number && !q) return fields[0]?.focus();
  const wanted = new URLSearchParams(number ? { document: number } : { q });
  const answer = await api.get(`/customers?${wanted}`);
  if (answer.refused) return fail(answer.refused);
  const rows = answer.value.items.slice(0, 6).map((/** @type {FoundCustomer} */ customer) => {
    const hint = [customer.document, ...customer.phones.map((phone) => phone.shown)].join(" · ");
    return candidate(customer.name, hint, () => say({ customer_id: customer.id }));
  });
  const choose = el("p", { class: "hint" }, _("Elija quién llama, si es uno de ellos:"));
  return found.replaceChildren(...(rows.length ? [choose, ...rows] : [nobody()]));
}

form.addEventListener("input", () => {
  keepDraft(myId, draftName, written());
  fail(null);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  create();
});
onKey("Ctrl+Enter", create);
at("look-alike").addEventListener("click", lookAlike);
