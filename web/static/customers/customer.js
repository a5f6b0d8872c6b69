/** The page of a customer. */

import { attend } from "../case/attend.js";
import { showHistory } from "../case/history.js";
import { api, pageData } from "../lib/api.js";
import { toast } from "../lib/layers.js";
import { live } from "../lib/live.js";
import { setText } from "../lib/text.js";
import { contactDialog, showPoints } from "./contact-points.js";
import { customerForm } from "./customer-form.js";

const { customer, history } = pageData("customer");
const points = document.querySelector("[data-points]");
const show = customerForm(customer, named);

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
showHistory(document.querySelector("[data-history]"), history);
if (document.querySelector("[data-add-contact]")) contactDialog(customer.id, readAgain);
for (const button of document.querySelectorAll("[data-attend]"))
  button.addEventListener("click", () => attend(Number(button.dataset.attend)));
document.getElementById("new-case")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const campaign = Number(document.getElementById("new-case-campaign").value);
  const answer = await api.post("/cases", { customer: customer.id, campaign });
  if (answer.refused) toast(answer.refused.message, { name: "alert", hue: "red" });
  else location.assign(`/casos/${answer.value.number}`);
});
live.on("customer.corrected", (event) => event.customer.id === customer.id && readAgain());
live.refetch(readAgain);
