/** The form of an unknown caller (S4-80): look for coincidences, then make the customer; his case opens. */

import { api, keyGiver, pageData } from "../lib/api.js";
import { dropDraft, keepDraft, readDraft } from "../lib/draft.js";
import { _ } from "../lib/gettext.js";
import { onKey } from "../lib/keys.js";
import { el, setText } from "../lib/text.js";

const call = pageData("call");
const form = document.getElementById("caller");
const found = form.querySelector("[data-found]");
const me = document.documentElement.dataset.me;
const fields = [...form.querySelectorAll("input[name]")];
const draft = readDraft(me, `call.${call.id}`);
const keyOf = keyGiver();
for (const field of fields) if (draft?.[field.name]) field.value = draft[field.name];
fields[0].focus();

const written = () => Object.fromEntries(fields.map((field) => [field.name, field.value.trim()]));

function fail(refused) {
  const box = document.getElementById("caller-error");
  box.hidden = !refused;
  setText(box.querySelector("span"), refused?.message ?? "");
  const about = ["value", "phones", "phones[0]"].includes(refused?.field) ? "phone" : refused?.field;
  for (const field of fields) field.classList.toggle("bad", field.name === about);
}

async function say(body) {
  const answer = await api.post(`/calls/${call.id}/customer`, body, { key: keyOf(body) });
  if (answer.refused) return fail(answer.refused);
  dropDraft(me, `call.${call.id}`);
  const { case: row, call: newer } = answer.value;
  return location.assign(row ? `/casos/${row.number}` : `/clientes/${newer.customer.id}`);
}

function create() {
  const { phone, ...customer } = written();
  return say({ ...customer, phones: phone ? [phone] : [] });
}

form.addEventListener("input", () => {
  keepDraft(me, `call.${call.id}`, written());
  fail(null);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  create();
});
onKey("Ctrl+Enter", create);

document.getElementById("look-alike").addEventListener("click", async () => {
  const { first_name, second_name, first_surname, second_surname, document: number } = written();
  const q = [first_name, second_name, first_surname, second_surname].filter(Boolean).join(" ");
  const wanted = new URLSearchParams(number ? { document: number } : { q });
  if (!number && !q) return fields[0].focus();
  const answer = await api.get(`/customers?${wanted}`);
  if (answer.refused) return fail(answer.refused);
  const rows = answer.value.items
    .slice(0, 6)
    .map((customer) =>
      el(
        "button",
        { type: "button", class: "cand", onclick: () => say({ customer_id: customer.id }) },
        el(
          "span",
          { class: "grow" },
          el("b", { class: "strong c-blue" }, customer.name),
          el(
            "span",
            { class: "hint block num" },
            [customer.document, ...customer.phones.map((phone) => phone.shown)].join(" · "),
          ),
        ),
      ),
    );
  return found.replaceChildren(
    ...(rows.length
      ? [el("p", { class: "hint" }, _("Elija quién llama, si es uno de ellos:")), ...rows]
      : [el("p", { class: "hint", role: "status" }, _("Nadie en la base coincide."))]),
  );
});
