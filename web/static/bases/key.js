/** Which data make two rows the same customer: chosen when the file is given, remembered by each base (S4-18). */

import { _ } from "../lib/gettext.js";
import { allInside, locale } from "../lib/page.js";
import { el, icon, setText } from "../lib/text.js";

/** @typedef {{name: string, key: string[]}} Base */

/** @type {Record<string, string>} */
const WORDS = {
  document_type: _("Tipo de documento"),
  document: _("Número de documento"),
  account: _("Cuenta"),
  phone: _("Teléfono"),
  email: _("Correo"),
};

/** "tipo de documento y número de documento" @param {string[]} key */
export const keyWords = (key) =>
  new Intl.ListFormat(locale).format(key.map((word) => (WORDS[word] ?? word).toLowerCase()));

/** @param {string[] | null} one @param {string[] | null} other */
export const sameKey = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** The choice of a key: chips, or ticks while it is being changed. */
export class KeyChoice {
  /** What is chosen. */
  value = ["document_type", "document"];
  #box;
  #hint;
  #baseNamed;
  #touched = false;
  #open = false;

  /**
   * @param {HTMLElement} box
   * @param {HTMLElement} hint
   * @param {() => Base | undefined} baseNamed the base of the name that is written now
   */
  constructor(box, hint, baseNamed) {
    this.#box = box;
    this.#hint = hint;
    this.#baseNamed = baseNamed;
  }

  /** @param {string} word @param {boolean} on */
  #toggle(word, on) {
    const next = Object.keys(WORDS).filter((one) => (one === word ? on : this.value.includes(one)));
    if (next.length) this.value = next;
    this.#touched = true;
    this.show();
  }

  /** Draw it for the base of the name that is written now: its key is taken until another one is chosen. */
  show() {
    const base = this.#baseNamed();
    if (base && !this.#touched) this.value = base.key;
    const words = this.#open ? Object.keys(WORDS) : this.value;
    const focused = document.activeElement?.getAttribute("data-key");
    this.#box.replaceChildren(...words.map((word) => this.#word(word)), this.#button());
    if (focused) allInside(this.#box, `[data-key="${focused}"]`)[0]?.focus();
    this.#sayHint(base);
  }

  /** @param {string} word */
  #word(word) {
    if (!this.#open) return el("span", { class: "chip k-blue" }, icon("key"), WORDS[word]);
    const on = this.value.includes(word);
    const toggle = () => this.#toggle(word, !on);
    const input = el("input", { type: "checkbox", "data-key": word, checked: on, onchange: toggle });
    return el("label", { class: "row tick" }, input, WORDS[word]);
  }

  #button() {
    const press = () => {
      this.#open = !this.#open;
      this.show();
    };
    return el(
      "button",
      { type: "button", class: "btn quiet sm", "data-key": "open", onclick: press },
      this.#open ? _("Listo") : _("Cambiar"),
    );
  }

  /** @param {Base | undefined} base */
  #sayHint(base) {
    const other = base && !sameKey(base.key, this.value);
    this.#hint.classList.toggle("c-amber", Boolean(other));
    if (!base) setText(this.#hint, _("Un cliente que ya existe con estos datos no se duplica."));
    else if (other)
      setText(this.#hint, _("Cuidado: «%(name)s» se cargó con %(key)s.", { name: base.name, key: keyWords(base.key) }));
    else
      setText(
        this.#hint,
        _("La misma que usó «%(name)s»: los clientes que ya existen se reconocen.", { name: base.name }),
      );
  }
}
