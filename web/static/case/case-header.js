/** The header of a case and the notice below it: free, mine, with another person, closed. */

import { mayTake } from "../frame/may-take.js";
import { _ } from "../lib/gettext.js";
import { notice } from "../lib/notice.js";
import { at, inside, myId } from "../lib/page.js";
import { el, icon, setText } from "../lib/text.js";

/** @import { CaseRow } from "../lib/events.js" */
/** @typedef {"closed" | "mine" | "other" | "suspended" | "free"} CaseKind */
/** @typedef {{icon: string, hue: string, word: string}} Chip */

/** @type {Record<CaseKind, (row: CaseRow) => Chip>} */
const CHIPS = {
  closed: () => ({ icon: "lock", hue: "grey", word: _("Cerrado") }),
  mine: () => ({ icon: "play", hue: "blue", word: _("En gestión") }),
  other: (row) => ({ icon: "user", hue: "violet", word: _("Con %(name)s", { name: row.holder?.name }) }),
  suspended: () => ({ icon: "pause", hue: "amber", word: _("Suspendido") }),
  free: () => ({ icon: "ring", hue: "green", word: _("Abierto") }),
};

/** Who can work the case now. @param {CaseRow} row @returns {CaseKind} */
export function kindOf(row) {
  if (row.status === "closed") return "closed";
  if (row.holder) return row.holder.id === myId ? "mine" : "other";
  return row.status === "suspended" ? "suspended" : "free";
}

/** The word of the case's chip. @param {CaseRow} row */
export const kindWord = (row) => CHIPS[kindOf(row)](row).word;

/** @param {string} field */
const part = (field) => inside(at("casehead"), `[data-field="${field}"]`);

/** Show whose customer and whose case it is. @param {CaseRow} row */
export function showNames(row) {
  setText(part("agent"), row.agent?.name ?? _("Sin asignar"));
  showCustomerName(row.customer.name);
}

/** @param {string} name */
export const showCustomerName = (name) => setText(part("name"), name);

/** Show who can work it: the chip and the button Atender. @param {CaseRow} row */
export function showKind(row) {
  const kind = kindOf(row);
  const chip = CHIPS[kind](row);
  part("status").replaceChildren(el("span", { class: `chip k-${chip.hue}` }, icon(chip.icon), chip.word));
  const attend = /** @type {HTMLButtonElement | null} */ (document.getElementById("attend"));
  if (!attend) return;
  attend.disabled = kind !== "free" && kind !== "suspended";
  attend.hidden = kind !== "other" && !mayTake(row);
  setText(attend, kind === "other" ? _("Ocupado") : _("Atender"));
}

/** Say, to who only looks, what can be done with it now: the same notices as case/case.html. @param {CaseRow} row */
export function showWhose(row) {
  const kind = kindOf(row);
  if (kind === "closed" || kind === "mine") return;
  at("read-only").replaceChildren(whoseNotice(row, kind));
}

/** @param {CaseRow} row @param {CaseKind} kind */
function whoseNotice(row, kind) {
  if (kind === "other") {
    const whose = _("Lo tiene %(name)s.", { name: row.holder?.name });
    return notice("violet", "user", whose, _("Puede leerlo. Se libera cuando salga de él."));
  }
  if (mayTake(row))
    return notice("blue", "eye", _("Solo lectura."), _("Mirar no toma el caso: para gestionarlo, atiéndalo."));
  if (!row.agent)
    return notice("grey", "user", _("Sin asignar."), _("En esta campaña los casos los asigna el supervisor."));
  const rest = _("Puede leerlo. Para gestionarlo, un supervisor debe asignárselo.");
  return notice("grey", "user", _("Es de %(name)s.", { name: row.agent.name }), rest);
}

/**
 * Say below the header what another person did.
 * @param {string} hue
 * @param {string} picture
 * @param {string} strong
 * @param {string} rest
 */
export const sayInCase = (hue, picture, strong, rest) =>
  at("case-notices").replaceChildren(notice(hue, picture, strong, rest));
