/** The ficha: read until Editar, kept only by Guardar; what another person changed meanwhile is shown, not lost. */

import { api } from "../lib/api.js";
import { _ } from "../lib/gettext.js";
import { toast } from "../lib/layers.js";
import { notice } from "../lib/notice.js";
import { at, inputsInside, inside } from "../lib/page.js";
import { el } from "../lib/text.js";

/** @import { Refusal } from "../lib/api.js" */
/** @import { ContactPoint } from "./contact-points.js" */
/**
 * A customer with everything that is known: models/rows/customer.py; the form's fields are named as its data.
 * @typedef {{id: number, version: number, name: string, contact_points: ContactPoint[]}} Customer
 */

class CustomerForm {
  #form = at("customer-form");
  #edit = document.getElementById("edit-customer");
  #notice = inside(this.#form, "[data-customer-notice]");
  #fields = inputsInside(this.#form, "input[name]");
  #editing = false;
  #known;
  #saved;

  /** @param {Customer} customer @param {(customer: Customer) => void} saved */
  constructor(customer, saved) {
    this.#known = customer;
    this.#saved = saved;
    this.#edit?.addEventListener("click", () => this.#become(true));
    inside(this.#form, "[data-cancel]").addEventListener("click", () => this.#readOnly());
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.#editing) this.#save();
    });
  }

  /** Show newer data, unless they are being edited: then say that there are some. @param {Customer} newer */
  take(newer) {
    if (newer.version < this.#known.version) return;
    if (!this.#editing) {
      this.#known = newer;
      this.#fill();
    } else if (newer.version > this.#known.version)
      this.#say(
        "amber",
        "pencil",
        _("Otra persona cambió los datos de este cliente."),
        _("Al guardar podrá elegir cuál queda."),
      );
  }

  /** What is stored for a field, as the field shows it. @param {string} name */
  #stored(name) {
    const data = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (this.#known));
    return String(data[name] ?? "");
  }

  #fill() {
    for (const field of this.#fields) field.value = this.#stored(field.name);
  }

  #readOnly() {
    this.#fill();
    this.#become(false);
  }

  /** @param {boolean} editing */
  #become(editing) {
    this.#editing = editing;
    for (const field of this.#fields) {
      field.readOnly = !editing;
      field.classList.remove("bad");
    }
    inside(this.#form, "[data-customer-acts]").hidden = !editing;
    if (this.#edit) this.#edit.hidden = editing;
    this.#notice.replaceChildren();
    if (editing) this.#fields[0]?.focus();
    else this.#edit?.focus();
  }

  #changes() {
    const changed = this.#fields.filter((field) => field.value.trim() !== this.#stored(field.name));
    return Object.fromEntries(changed.map((field) => [field.name, field.value.trim() || null]));
  }

  async #save() {
    const changed = this.#changes();
    if (!Object.keys(changed).length) return this.#become(false);
    const { id, version } = this.#known;
    const answer = await api.patch(`/customers/${id}`, { ...changed, version });
    if (!answer.refused) {
      this.#known = answer.value;
      this.#readOnly();
      toast(_("Datos del cliente guardados."));
      return this.#saved(this.#known);
    }
    const { refused } = answer;
    for (const field of this.#fields) field.classList.toggle("bad", field.name === refused.field);
    return refused.code === "stale" ? this.#offerBoth(refused) : this.#say("red", "alert", refused.message);
  }

  /** @param {string} hue @param {string} picture @param {string} strong @param {string[]} rest */
  #say(hue, picture, strong, ...rest) {
    this.#notice.replaceChildren(notice(hue, picture, strong, ...rest));
  }

  /** Another person saved first: both values are shown and one is chosen. @param {Refusal} refused */
  #offerBoth(refused) {
    const label = (/** @type {string} */ name) =>
      this.#form.querySelector(`label[for=customer-${name}]`)?.textContent ?? name;
    const differ = Object.entries(refused.stored ?? {}).filter(
      ([name, value]) => String(value ?? "") !== String(refused.yours?.[name] ?? ""),
    );
    const words = differ.map(([name, value]) => `${label(name)}: ${value || "–"}`).join("; ");
    const choose = _("El suyo sigue escrito: elija cuál queda.");
    this.#say("amber", "pencil", _("Otra persona cambió estos datos."), words, " ", choose);
    const mine = () => {
      this.#known = { ...this.#known, version: refused.version };
      this.#save();
    };
    const theirs = async () => {
      const fresh = await api.get(`/customers/${this.#known.id}`);
      if (fresh.value) this.#known = fresh.value;
      this.#readOnly();
    };
    this.#notice.append(
      el(
        "div",
        { class: "row mt2" },
        el("button", { type: "button", class: "btn sm", onclick: mine }, _("Dejar el mío")),
        el("button", { type: "button", class: "btn sm", onclick: theirs }, _("Dejar el guardado")),
      ),
    );
  }
}

/**
 * Make the form of customers/customer_form.html work; `saved` hears the new data. Answers what takes newer data.
 * @param {Customer} customer
 * @param {(customer: Customer) => void} saved
 */
export function customerForm(customer, saved) {
  const form = new CustomerForm(customer, saved);
  return (/** @type {Customer} */ newer) => form.take(newer);
}
