/** The ways into and out of a case: Atender, Reabrir, Salir, and the call by F2. */

import { attend } from "../frame/attend.js";
import { api } from "../lib/api.js";
import { _ } from "../lib/gettext.js";
import { onKey } from "../lib/keys.js";
import { dialog, menu, sayRefused } from "../lib/layers.js";
import { allInside, at } from "../lib/page.js";

/** @import { DispositionForm } from "./disposition-form.js" */

export class WaysOut {
  /** Whether an answer is awaited: what follows is done when it comes. */
  asking = false;
  #number;
  #form;
  #turn;

  /**
   * @param {number} number of the case
   * @param {DispositionForm | null} form null when it is not this agent's
   * @param {{turn: (number: number) => unknown, signal: AbortSignal}} options
   */
  constructor(number, form, { turn, signal }) {
    this.#number = number;
    this.#form = form;
    this.#turn = turn;
    for (const button of allInside(document, "[data-leave]")) button.addEventListener("click", () => this.#leave());
    onKey("Alt+x", () => this.#leave(), { signal });
    onKey("F2", pressCall, { signal });
    this.#onPress("attend", () => attend(number, { go: turn }));
    this.#onPress("reopen", () => this.#reopen());
    const options = document.getElementById("options");
    if (options) menu(options, at("options-menu"), { signal });
  }

  /** @param {string} id @param {() => Promise<unknown>} does */
  #onPress(id, does) {
    document.getElementById(id)?.addEventListener("click", async () => {
      this.asking = true;
      await does();
      this.asking = false;
    });
  }

  async #leave() {
    if (!this.#form) return location.assign("/casos");
    if (this.#form.dirty && (await askToLeave()) !== "leave") return undefined;
    this.asking = true;
    const { refused } = await api.post(`/cases/${this.#number}/leave`);
    if (!refused || refused.code === "case-not-yours") return location.assign("/casos");
    this.asking = false;
    return sayRefused(refused);
  }

  async #reopen() {
    const answer = await api.post(`/cases/${this.#number}/reopen`, {});
    if (answer.refused) sayRefused(answer.refused);
    else await this.#turn(this.#number);
  }
}

function pressCall() {
  const button = /** @type {HTMLElement | null} */ (
    document.querySelector("[data-principal] [data-dial]:not([disabled])")
  );
  button?.click();
  return Boolean(button);
}

const askToLeave = () =>
  dialog({
    title: _("¿Salir sin guardar la gestión?"),
    sentence: _("Lo escrito se conserva como borrador de este caso en este equipo."),
    choices: [
      { id: "stay", word: _("Seguir aquí"), safe: true },
      { id: "leave", word: _("Salir"), kind: "primary" },
    ],
  });
