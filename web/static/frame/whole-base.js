/** The search of the bar: the whole base, by name, document or phone (S0-27). */

import { api, isAbort } from "../lib/api.js";
import { _ } from "../lib/gettext.js";
import { onKey } from "../lib/keys.js";
import { around, at, input } from "../lib/page.js";
import { el } from "../lib/text.js";

/** @import { Answer } from "../lib/api.js" */

const PAUSE = 180;
const SHORTEST = 2;

/** Make the bar's field search. */
export function wholeBaseSearch() {
  const field = input("whole-base-q");
  const found = at("whole-base-found");
  /** @type {AbortController | null} */
  let asked = null;
  let timer = 0;
  let pointed = -1;

  const shut = () => {
    found.hidden = true;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
    pointed = -1;
  };
  const options = () => [...found.querySelectorAll("a")];
  const point = (/** @type {number} */ to) => {
    const all = options();
    if (!all.length) return;
    pointed = (to + all.length) % all.length;
    all.forEach((one, i) => void one.setAttribute("aria-selected", String(i === pointed)));
    const here = all[pointed];
    field.setAttribute("aria-activedescendant", here?.id ?? "");
    here?.scrollIntoView({ block: "nearest" });
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
      pointed = -1;
    } catch (why) {
      if (!isAbort(why)) throw why;
    }
    return undefined;
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, PAUSE);
  });
  field.addEventListener("focus", () => field.value.trim().length >= SHORTEST && found.hidden && search());
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") point(pointed + 1);
    else if (event.key === "ArrowUp") point(pointed - 1);
    else if (event.key === "Enter") {
      if (pointed >= 0) options()[pointed]?.click();
      else location.assign(`/busqueda?q=${encodeURIComponent(field.value.trim())}`);
    } else if (event.key === "Escape") {
      shut();
      return;
    } else return;
    event.preventDefault();
  });
  document.addEventListener("pointerdown", (event) => around(event, "#whole-base") || shut());
  const box = at("whole-base");
  box.addEventListener("focusout", (event) => box.contains(/** @type {Node | null} */ (event.relatedTarget)) || shut());
  onKey("/", () => field.focus());
}

/** @typedef {{id: number, name: string, document: string, phones?: {shown?: string, value: string}[]}} FoundCustomer */

/** @param {HTMLElement} found @param {string} q @param {Answer} answer */
function draw(found, q, answer) {
  if (answer.refused) return found.replaceChildren(el("p", { class: "mh" }, answer.refused.message));
  /** @type {FoundCustomer[]} */
  const items = answer.value.items;
  const head = items.length ? _("En toda la base") : _("Nadie en toda la base coincide con «%(q)s»", { q });
  const rows = items.slice(0, 8).map((customer, i) =>
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

/** @param {FoundCustomer} customer */
const phones = (customer) => (customer.phones ?? []).slice(0, 2).map((phone) => phone.shown ?? phone.value);

/** Where a customer is read. @param {{id: number}} customer */
const customerHref = (customer) => `/clientes/${customer.id}`;
