/** Búsqueda (S4-93…S4-97): by default one's own customers, with the switch the whole base. */

import { api } from "../lib/api.js";
import { _, ngettext } from "../lib/gettext.js";
import { toast } from "../lib/layers.js";
import { el, setText } from "../lib/text.js";

const form = document.getElementById("search");
const list = document.getElementById("found");
const nothing = document.querySelector("[data-nothing]");
const more = document.getElementById("more");
let next = null;
let asked = null;

const scope = () => (form.elements.mine.checked ? _("en mis asignados") : _("en toda la base"));
const query = () => {
  const wanted = new URLSearchParams();
  for (const name of ["q", "document", "phone"])
    if (form.elements[name].value.trim()) wanted.set(name, form.elements[name].value.trim());
  if (form.elements.mine.checked) wanted.set("mine", "true");
  return wanted;
};

async function search(cursor = null) {
  asked?.abort();
  asked = new AbortController();
  const wanted = query();
  if (cursor) wanted.set("next", cursor);
  let answer;
  try {
    answer = await api.get(`/customers?${wanted}`, { signal: asked.signal });
  } catch (why) {
    if (why.name === "AbortError") return;
    throw why;
  }
  if (answer.refused) {
    toast(answer.refused.message, { name: "alert", hue: "red" });
    return;
  }
  show(answer.value, Boolean(cursor));
}

function show({ items, next: following }, added) {
  const rows = items.map(row);
  if (added) list.append(...rows);
  else list.replaceChildren(...rows);
  next = following;
  more.hidden = !next;
  const n = list.children.length;
  nothing.hidden = n > 0;
  if (!n) {
    setText(nothing.querySelector("h2"), _("Nadie coincide %(scope)s", { scope: scope() }));
    setText(
      nothing.querySelector("p"),
      form.elements.mine.checked
        ? _("Apague «Mis asignados» para buscar en toda la base.")
        : _("Revise lo escrito: basta con el comienzo de cada palabra."),
    );
  }
  setText(
    document.querySelector("[data-count-found]"),
    ngettext("1 cliente %(scope)s", "%(count)s clientes %(scope)s", n, { scope: scope() }) +
      (next ? _(", hay más") : ""),
  );
}

const row = (customer) =>
  el(
    "li",
    { class: "grid item" },
    el("p", { class: "cut" }, el("a", { class: "name", href: `/clientes/${customer.id}` }, customer.name)),
    el("p", { class: "cut num" }, customer.document),
    el(
      "p",
      { class: "cut num" },
      customer.phones
        .slice(0, 2)
        .map((phone) => phone.shown)
        .join(" · "),
    ),
    el("p", { class: "cut" }, customer.city),
    el(
      "div",
      { class: "right" },
      customer.case_number ? el("a", { class: "btn sm", href: `/casos/${customer.case_number}` }, _("Ver caso")) : "",
    ),
  );

form.addEventListener("submit", (event) => {
  event.preventDefault();
  search();
});
form.addEventListener("reset", () =>
  setTimeout(() => {
    list.replaceChildren();
    more.hidden = true;
    nothing.hidden = false;
    setText(nothing.querySelector("h2"), _("Busque un cliente"));
    setText(document.querySelector("[data-count-found]"), "");
    sayScope();
    form.elements.q.focus();
  }),
);
const sayScope = () => setText(document.querySelector("[data-scope]"), scope());
form.elements.mine.addEventListener("change", sayScope);
more.addEventListener("click", () => search(next));
const given = new URLSearchParams(location.search).get("q");
if (given) {
  form.elements.q.value = given;
  form.elements.mine.checked = false; // it was asked in the field of the whole base
  search();
}
sayScope();
