/** Buttons that end a session or a key: `data-end` is the path of what is deleted. */
import { api } from "../lib/api.js";
import { _ } from "../lib/gettext.js";
import { mayDo, sayRefused, toast } from "../lib/layers.js";
import { around } from "../lib/page.js";

/**
 * End what a pressed button inside `root` names, and say what is shown then.
 * @param {HTMLElement} root
 * @param {(button: HTMLElement) => unknown} ended
 */
export function endWhatIsPressed(root, ended) {
  root.addEventListener("click", async (event) => {
    const button = around(event, "[data-end]");
    if (!button || !(await isSure(button))) return;
    const answer = await api.delete(button.dataset.end ?? "");
    if (answer.refused && answer.refused.status !== 404) return sayRefused(answer.refused);
    toast(_("Listo: ya no sirve."));
    ended(button);
  });
}

/** @param {HTMLElement} button */
const isSure = (button) =>
  button.dataset.end?.includes("/tokens") || button.dataset.end?.startsWith("/tokens")
    ? mayDo(_("¿Anular la clave?"), _("El programa que la usa deja de entrar en el acto."), _("Dejarla"), _("Anular"))
    : Promise.resolve(true);

/** Take the row of a button away, and put the focus where it was. @param {HTMLElement} button */
export function takeRowAway(button) {
  const row = button.closest("li, tr");
  const next = row?.nextElementSibling ?? row?.previousElementSibling;
  row?.remove();
  /** @type {HTMLElement | null | undefined} */ (next?.querySelector("[data-end]"))?.focus();
}
