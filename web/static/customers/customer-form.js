/** The ficha: read until Editar, kept only by Guardar; what another person changed meanwhile is shown, not lost. */

import { settle, whoAndWhen } from "../forms/conflict.js";
import { changedFields } from "../forms/three-way.js";
import { api } from "../lib/api.js";
import { _ } from "../lib/gettext.js";
import { toast } from "../lib/layers.js";
import { notice } from "../lib/notice.js";
import { at, inputsInside, inside } from "../lib/page.js";

/** @import { Values } from "../forms/three-way.js" */
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

  /** @returns {Values} */
  #written() {
    return Object.fromEntries(this.#fields.map((field) => [field.name, field.value.trim()]));
  }

  /** @returns {Values} */
  #filled() {
    return Object.fromEntries(this.#fields.map((field) => [field.name, this.#stored(field.name)]));
  }

  /** Save what was changed over the version that the form was filled with, and choose where another changed it too. */
  async #save() {
    let [values, before, version] = [this.#written(), this.#filled(), this.#known.version];
    for (;;) {
      const names = changedFields(before, values);
      if (!names.length) return this.#become(false);
      const changed = Object.fromEntries(names.map((name) => [name, values[name] || null]));
      const answer = await api.patch(`/customers/${this.#known.id}`, { ...changed, version });
      if (!answer.refused) return this.#done(answer.value);
      const { refused } = answer;
      for (const field of this.#fields) field.classList.toggle("bad", field.name === refused.field);
      if (refused.code !== "stale") return this.#say("red", "alert", refused.message);
      const stored = { ...before, ...written(refused.stored) };
      const three = { filled: before, written: values, stored };
      const kept = await settle(whoAndWhen(refused.by, refused.at), three, (name, value) => this.#word(name, value));
      if (!kept) return undefined;
      [values, before, version] = [kept, stored, refused.version];
    }
  }

  /** @param {Customer} customer */
  #done(customer) {
    this.#known = customer;
    this.#readOnly();
    toast(_("Datos del cliente guardados."));
    return this.#saved(customer);
  }

  /** @param {string} name @param {unknown} value @returns {[string, string]} */
  #word(name, value) {
    return [this.#form.querySelector(`label[for=customer-${name}]`)?.textContent?.trim() ?? name, String(value ?? "")];
  }

  /** @param {string} hue @param {string} picture @param {string} strong @param {string[]} rest */
  #say(hue, picture, strong, ...rest) {
    this.#notice.replaceChildren(notice(hue, picture, strong, ...rest));
  }
}

/**
 * Stored values as the fields of the form show them.
 * @param {Record<string, unknown> | undefined} stored
 * @returns {Values}
 */
const written = (stored = {}) =>
  Object.fromEntries(Object.entries(stored).map(([name, value]) => [name, String(value ?? "")]));

/**
 * Make the form of customers/customer_form.html work; `saved` hears the new data. Answers what takes newer data.
 * @param {Customer} customer
 * @param {(customer: Customer) => void} saved
 */
export function customerForm(customer, saved) {
  const form = new CustomerForm(customer, saved);
  return (/** @type {Customer} */ newer) => form.take(newer);
}
