/** The search of the bar: the whole base, by name, document or phone (S0-27). */

import { api } from "../lib/api.js";
import { _ } from "../lib/gettext.js";
import { onKey } from "../lib/keys.js";
import { el } from "../lib/text.js";

const PAUSE = 180;
const SHORTEST = 2;

/** Make the bar's field search. */
export function wholeBaseSearch() {
  const field = document.getElementById("whole-base-q");
  const found = document.getElementById("whole-base-found");
  let asked = null;
  let timer = 0;
  let at = -1;

  const shut = () => {
    found.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
    at = -1;
  };
  const options = () => [...found.querySelectorAll("a")];
  const point = (to) => {
    const all = options();
    if (!all.length) return;
    at = (to + all.length) % all.length;
    all.forEach((one, i) => one.setAttribute("aria-selected", String(i === at)));
    field.setAttribute("aria-activedescendant", all[at].id);
    all[at].scrollIntoView({ block: "nearest" });
  };
  const search = async () => {
    asked?.abort();
    const q = field.value.trim();
    if (q.length < SHORTEST) return shut();
    asked = new AbortController();
    try {
      const answer = await api.get(`/customers?q=${encodeURIComponent(q)}`, { signal: asked.signal });
      draw(found, q, answer);
      found.hidden = false;
      field.setAttribute("aria-expanded", "true");
      at = -1;
    } catch (why) {
      if (why.name !== "AbortError") throw why;
    }
    return undefined;
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, PAUSE);
  });
  field.addEventListener("focus", () => field.value.trim().length >= SHORTEST && found.hidden && search());
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") point(at + 1);
    else if (event.key === "ArrowUp") point(at - 1);
    else if (event.key === "Enter") {
      if (at >= 0) options()[at]?.click();
      else location.assign(`/busqueda?q=${encodeURIComponent(field.value.trim())}`);
    } else if (event.key === "Escape") {
      shut();
      return;
    } else return;
    event.preventDefault();
  });
  document.addEventListener("pointerdown", (event) => event.target.closest("#whole-base") || shut());
  document
    .getElementById("whole-base")
    .addEventListener("focusout", (event) => event.relatedTarget?.closest("#whole-base") || shut());
  onKey("/", () => field.focus());
}

function draw(found, q, answer) {
  if (answer.refused) return found.replaceChildren(el("p", { class: "mh" }, answer.refused.message));
  const items = answer.value.items;
  const head = items.length ? _("En toda la base") : _("Nadie en toda la base coincide con «%(q)s»", { q });
  const rows = items
    .slice(0, 8)
    .map((customer, i) =>
      el(
        "a",
        {
          class: "mi",
          role: "option",
          id: `found-${i}`,
          tabindex: -1,
          href: customerHref(customer),
          "aria-selected": "false",
        },
        el("span", { class: "strong c-blue" }, customer.name),
        el("span", { class: "meta num" }, [customer.document, ...phones(customer)].filter(Boolean).join(" · ")),
      ),
    );
  return found.replaceChildren(el("p", { class: "mh" }, head), ...rows);
}

const phones = (customer) => (customer.phones ?? []).slice(0, 2).map((phone) => phone.shown ?? phone.value);

/** Where a customer is read. */
export const customerHref = (customer) => `/clientes/${customer.id}`;
