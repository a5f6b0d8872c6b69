/** The notice of a case whose customer may not be called now: why, until when, and what can be done instead (X16). */

import { MEDIA, pressureAt } from "../contact/pressure.js";
import { atHour, refusalWords, untilOf } from "../contact/refusal.js";
import { reaching } from "../customers/contact-points.js";
import { now } from "../lib/clock.js";
import { _ } from "../lib/gettext.js";
import { toast } from "../lib/layers.js";
import { notice } from "../lib/notice.js";
import { CHANNELS } from "../lib/terms.js";
import { el, icon } from "../lib/text.js";

/** @import { ContactPoint } from "../customers/contact-points.js" */
/** @import { CaseRow, RefusalRow } from "../lib/events.js" */
/** @import { DispositionForm } from "./disposition-form.js" */

/**
 * Draw the notice in `box`; answers why each refused medium is: {call: "No se puede llamar a …"}.
 * @param {HTMLElement} box
 * @param {CaseRow} row
 * @param {ContactPoint[]} points
 * @param {DispositionForm | null} form
 * @returns {Record<string, string>}
 */
export function showRefusal(box, row, points, form) {
  const { refused } = pressureAt(row.pressure, now());
  const reached = reaching(points);
  const medium = MEDIA.find((one) => reached.has(one)) ?? "call";
  /** @type {Record<string, string>} */
  const sentences = {};
  box.hidden = true;
  for (const one of refused) {
    const refusal = row.pressure.refusals[one];
    if (!refusal) continue;
    const { strong, rest } = refusalWords(row.customer.name, one, refusal, now());
    sentences[one] = `${strong} ${rest}`.trim();
    if (one !== medium || row.status === "closed") continue;
    box.hidden = false;
    const acts = form ? [later(refusal, form), ...instead(reached, refused)].filter((act) => act !== null) : [];
    const line = notice("red", "no", strong, rest);
    box.replaceChildren(line, ...(acts.length ? [el("div", { class: "row wrap gap6 mt2" }, acts)] : []));
  }
  return sentences;
}

/** Agendar at the first moment at which it is allowed. @param {RefusalRow} refusal @param {DispositionForm} form */
function later(refusal, form) {
  const until = untilOf(refusal, now());
  if (!until) return null;
  const schedule = () =>
    form.schedule(until) ||
    toast(_("La fecha está puesta. Elija un resultado que permita agendar."), { name: "cal", hue: "blue" });
  return el(
    "button",
    { type: "button", class: "btn primary sm", "data-later": "", onclick: schedule },
    icon("cal", "s"),
    _("Agendar para %(when)s", { when: atHour(until, now()) }),
  );
}

/**
 * The media that are allowed now and reach the customer: the button goes to the one that registers it.
 * @param {Set<string>} reached
 * @param {string[]} refused
 */
function instead(reached, refused) {
  return MEDIA.filter((medium) => reached.has(medium) && !refused.includes(medium)).map((medium) => {
    const register = `[data-channel="${medium}"]`;
    const go = () => {
      const places = document.querySelector(`[data-principal] ${register}, [data-points] ${register}`);
      /** @type {HTMLElement | null} */ (places)?.focus();
    };
    const { icon: picture = "", use = "" } = CHANNELS[medium] ?? {};
    return el("button", { type: "button", class: "btn sm", onclick: go }, icon(picture, "s"), use);
  });
}
