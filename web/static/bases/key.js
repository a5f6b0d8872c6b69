/** Which data make two rows the same customer: chosen when the file is given, remembered by each base (S4-18). */

import { _ } from "../lib/gettext.js";
import { el, icon, setText } from "../lib/text.js";

const WORDS = {
  document_type: _("Tipo de documento"),
  document: _("Número de documento"),
  account: _("Cuenta"),
  phone: _("Teléfono"),
  email: _("Correo"),
};

/** @param {string[]} key "Tipo de documento y número de documento" */
export function keyWords(key) {
  return new Intl.ListFormat(document.documentElement.dataset.locale).format(
    key.map((word) => WORDS[word].toLowerCase()),
  );
}

/** @param {string[] | null} one @param {string[] | null} other */
export const sameKey = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/**
 * The choice of a key in `box`; `known(name)` answers the key of the base with that name.
 * @returns {{value: () => string[], show: () => void}}
 */
export function keyChoice(box, hint, name, known) {
  let chosen = ["document_type", "document"];
  let touched = false;
  let open = false;

  function toggle(word, on) {
    const next = Object.keys(WORDS).filter((one) => (one === word ? on : chosen.includes(one)));
    if (next.length) chosen = next;
    touched = true;
    show();
  }

  function show() {
    const base = known(name.value.trim());
    if (base && !touched) chosen = base.key;
    const words = open ? Object.keys(WORDS) : chosen;
    const focused = document.activeElement?.dataset?.key;
    box.replaceChildren(
      ...words.map((word) => {
        const on = chosen.includes(word);
        if (!open) return el("span", { class: "chip k-blue" }, icon("key"), WORDS[word]);
        const input = el("input", {
          type: "checkbox",
          "data-key": word,
          checked: on,
          onchange: () => toggle(word, !on),
        });
        return el("label", { class: "row tick" }, input, WORDS[word]);
      }),
      el(
        "button",
        { type: "button", class: "btn quiet sm", "data-key": "open", onclick: () => ((open = !open), show()) },
        open ? _("Listo") : _("Cambiar"),
      ),
    );
    if (focused) box.querySelector(`[data-key="${focused}"]`)?.focus();
    const other = base && !sameKey(base.key, chosen);
    hint.classList.toggle("c-amber", Boolean(other));
    setText(
      hint,
      other
        ? _("Cuidado: «%(name)s» se cargó con %(key)s.", { name: base.name, key: keyWords(base.key) })
        : base
          ? _("La misma que usó «%(name)s»: los clientes que ya existen se reconocen.", { name: base.name })
          : _("Un cliente que ya existe con estos datos no se duplica."),
    );
  }

  name.addEventListener("input", show);
  return { value: () => chosen, show };
}
