/** The dialog that adds a contact point to a customer (S3-13). */

import { api } from "../lib/api.js";
import { _ } from "../lib/gettext.js";
import { toast } from "../lib/layers.js";
import { allInside, at, field, inside } from "../lib/page.js";

/** @import { ContactPoint } from "./contact-points.js" */

/**
 * Make the dialog of customers/contact_dialog.html work; `added` gets the new point.
 * @param {number} customerId
 * @param {(point: ContactPoint) => unknown} added
 */
export function contactDialog(customerId, added) {
  const box = /** @type {HTMLDialogElement} */ (at("contact-dialog"));
  for (const button of allInside(document, "[data-add-contact]"))
    button.addEventListener("click", () => {
      fail("");
      box.showModal();
      field("contact-value").focus();
    });
  inside(box, "[data-cancel]").addEventListener("click", () => box.close());
  inside(box, "form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await api.post(`/customers/${customerId}/contact-points`, {
      kind: field("contact-kind").value,
      value: field("contact-value").value,
      label: field("contact-label").value,
    });
    if (answer.refused) return fail(answer.refused.message);
    box.close();
    field("contact-value").value = "";
    field("contact-label").value = "";
    toast(_("Dato de contacto agregado."));
    return added(answer.value);
  });
}

/** @param {string} sentence why it was not added; empty takes it away */
function fail(sentence) {
  const error = at("contact-error");
  error.hidden = !sentence;
  inside(error, "span").textContent = sentence;
  field("contact-value").classList.toggle("bad", Boolean(sentence));
}
