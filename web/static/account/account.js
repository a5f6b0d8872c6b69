/** `/mi-cuenta`: change the password, end sessions, make and end keys for programs. */

import { api } from "../lib/api.js";
import { _ } from "../lib/gettext.js";
import { sayRefusedIn } from "../lib/layers.js";
import { at, field, input, select } from "../lib/page.js";
import { endWhatIsPressed, takeRowAway } from "./ends.js";

const DAY = 24 * 60 * 60 * 1000;

/** @param {string} form @param {string} sentence @param {string} [wrong] the field that it is about */
function refuse(form, sentence, wrong) {
  const place = wrong ? document.getElementById(`${form}-${wrong}`) : null;
  sayRefusedIn(at(`${form}-error`), sentence);
  place?.setAttribute("aria-invalid", "true");
  place?.classList.add("bad");
  place?.focus();
}

/** @param {string} form */
function clear(form) {
  at(`${form}-error`).hidden = true;
  at(`${form}-done`).hidden = true;
  for (const place of at(`${form}-form`).querySelectorAll("[aria-invalid]")) {
    place.removeAttribute("aria-invalid");
    place.classList.remove("bad");
  }
}

/** @param {SubmitEvent} submitted */
async function changePassword(submitted) {
  submitted.preventDefault();
  clear("password");
  const [old, wanted, again] = ["old", "new", "again"].map((name) => field(`password-${name}`).value);
  if (wanted !== again) return refuse("password", _("Las dos contraseñas no son iguales."), "again");
  const answer = await api.post("/me/password", { old, new: wanted });
  if (answer.refused) return refuse("password", answer.refused.message, answer.refused.field);
  /** @type {HTMLFormElement} */ (at("password-form")).reset();
  for (const button of document.querySelectorAll("[data-end]")) button.closest("li")?.remove();
  at("password-done").hidden = false;
  return undefined;
}

/** @param {SubmitEvent} submitted */
async function makeToken(submitted) {
  submitted.preventDefault();
  clear("token");
  const ends = new Date(Date.now() + Number(select("token-days").value) * DAY);
  const asked = { name: field("token-name").value, expires_at: ends.toISOString() };
  const answer = await api.post("/tokens", asked);
  if (answer.refused) return refuse("token", answer.refused.message, answer.refused.field);
  field("token-name").value = "";
  input("token-made").value = answer.value.token;
  at("token-done").hidden = false;
  input("token-made").select();
  return undefined;
}

at("password-form").addEventListener("submit", changePassword);
at("token-form").addEventListener("submit", makeToken);
endWhatIsPressed(at("main"), (button) => {
  if (button.closest("li")) takeRowAway(button);
  else location.reload();
});
