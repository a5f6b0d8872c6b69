/** The page of a customer. */

import { attend } from "../frame/attend.js";
import { api } from "../lib/api.js";
import { sayRefused } from "../lib/layers.js";
import { live } from "../lib/live.js";
import { allInside, field, inside, pageData } from "../lib/page.js";
import { setText } from "../lib/text.js";
import { contactDialog } from "./contact-dialog.js";
import { showPoints } from "./contact-points.js";
import { customerForm } from "./customer-form.js";
import { showHistory } from "./history.js";

/** @import { Customer } from "./customer-form.js" */
/** @import { HistoryRow } from "./history.js" */

/** @type {{customer: Customer, history: HistoryRow[]}} */
const { customer, history } = pageData("customer");
const points = inside(document, "[data-points]");
const show = customerForm(customer, named);

/** @param {Customer} newer */
function named(newer) {
  setText(document.querySelector("h1"), newer.name);
}

async function readAgain() {
  const answer = await api.get(`/customers/${customer.id}`);
  if (!answer.value) return;
  show(answer.value);
  named(answer.value);
  showPoints(points, answer.value.contact_points);
}

showPoints(points, customer.contact_points);
showHistory(inside(document, "[data-history]"), history);
if (document.querySelector("[data-add-contact]")) contactDialog(customer.id, readAgain);
for (const button of allInside(document, "[data-attend]"))
  button.addEventListener("click", () => attend(Number(button.dataset.attend)));
document.getElementById("new-case")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const campaign = Number(field("new-case-campaign").value);
  const answer = await api.post("/cases", { customer: customer.id, campaign });
  if (answer.refused) sayRefused(answer.refused);
  else location.assign(`/casos/${answer.value.number}`);
});
live.on("customer.corrected", (event) => event.customer.id === customer.id && readAgain());
live.refetch(readAgain);
