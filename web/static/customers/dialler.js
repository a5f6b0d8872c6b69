/** The button that calls: the one thing a phone number is for (S3-64). */

import { intention } from "../lib/api.js";
import { _ } from "../lib/gettext.js";
import { el, icon } from "../lib/text.js";

let inCall = false;
let pbxAway = false;

/**
 * Make the button for a phone. Of several, the first is the screen's solid one.
 * @param {{id: number, shown: string}} point
 * @param {string} refused why it may not be called; empty when it may
 * @param {boolean} first
 * @param {(key: string) => unknown} call
 */
export function dialler(point, refused, first, call) {
  const button = el("button", {
    type: "button",
    class: "btn sm",
    "data-dial": point.id,
    "data-phone": point.shown,
    "data-refused": refused,
    "data-first": String(first),
  });
  draw(button);
  return pressedOnce(button, call, () => draw(button));
}

/**
 * During a call nothing else is dialled: the buttons are quiet and say why, and are as before when it is over.
 * @param {boolean} now
 */
export function duringCall(now) {
  inCall = now;
  for (const button of document.querySelectorAll("[data-dial]")) draw(/** @type {HTMLButtonElement} */ (button));
}

/**
 * While the PBX does not answer nothing can be dialled, and the button says so before it is pressed.
 * @param {boolean} away
 */
function withoutPbx(away) {
  pbxAway = away;
  for (const button of document.querySelectorAll("[data-dial]")) draw(/** @type {HTMLButtonElement} */ (button));
}

/** Why nobody can be called now; empty when they can. */
function whyNot() {
  if (inCall) return `${_("En llamada")}. ${_("Ya tiene una llamada. Termínela antes de hacer otra.")}`;
  return pbxAway ? _("La central telefónica no responde: registre el contacto a mano.") : "";
}

/** @param {HTMLButtonElement} button */
function draw(button) {
  const { refused, phone, first } = button.dataset;
  const busy = refused ? "" : whyNot();
  const word = inCall && !refused ? _("En llamada") : _("Llamar");
  const label = busy || refused || _("Llamar a %(phone)s", { phone });
  button.disabled = Boolean(refused || busy);
  button.classList.toggle("primary", first === "true" && !button.disabled);
  button.title = label;
  button.setAttribute("aria-label", label);
  button.replaceChildren(icon(refused ? "no" : "phone", "s"), word);
}

/**
 * While it is being done a press does nothing more, and each press that had an answer is a new intention. The button is
 * not disabled: it keeps the focus.
 * @param {HTMLButtonElement} button
 * @param {(key: string) => unknown} does
 * @param {() => void} done
 */
export function pressedOnce(button, does, done) {
  let key = intention();
  button.addEventListener("click", async () => {
    if (button.ariaDisabled === "true") return;
    button.ariaDisabled = "true";
    await does(key);
    key = intention();
    button.ariaDisabled = null;
    done();
  });
  return button;
}

const heardOfPbx = () => withoutPbx(document.documentElement.dataset.pbx === "away");
document.addEventListener("atiende:pbx", heardOfPbx);
heardOfPbx();
