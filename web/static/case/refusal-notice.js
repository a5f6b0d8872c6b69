/** The notice of a case whose customer may not be called now: why, until when, and what can be done instead (X16). */

import { MEDIA, pressureAt } from "../contact/pressure.js";
import { atHour, refusalWords, untilOf } from "../contact/refusal.js";
import { reaching } from "../customers/contact-points.js";
import { now } from "../lib/clock.js";
import { _ } from "../lib/gettext.js";
import { toast } from "../lib/layers.js";
import { el, icon } from "../lib/text.js";

const USE = {
  call: ["phone", _("Registrar llamada")],
  whatsapp: ["wa", _("Usar WhatsApp")],
  sms: ["sms", _("Usar SMS")],
  email: ["mail", _("Usar correo")],
};

/** Draw the notice in `box`; answers why each refused medium is: {call: "No se puede llamar a …"}. */
export function showRefusal(box, row, points, gestion) {
  const { refused } = pressureAt(row.pressure, now());
  const words = Object.fromEntries(
    refused.map((medium) => [medium, refusalWords(row.customer.name, medium, row.pressure.refusals[medium], now())]),
  );
  const reached = reaching(points);
  const medium = ["call", "whatsapp", "email"].find((one) => reached.has(one)) ?? "call";
  const said = words[medium];
  box.hidden = !said || row.status === "closed";
  if (!box.hidden) {
    const { strong, rest } = said;
    const line = el("p", { class: "notice k-red" }, icon("no"), el("span", {}, el("strong", {}, strong), " ", rest));
    const acts = gestion
      ? el(
          "div",
          { class: "row wrap gap6 mt2" },
          later(row.pressure.refusals[medium], gestion),
          instead(reached, refused),
        )
      : null;
    box.replaceChildren(line, ...(acts?.childElementCount ? [acts] : []));
  }
  return Object.fromEntries(Object.entries(words).map(([of, { strong, rest }]) => [of, `${strong} ${rest}`.trim()]));
}

/** Agendar at the first moment at which it is allowed. */
function later(refusal, gestion) {
  const until = untilOf(refusal, now());
  if (!until) return null;
  const schedule = () =>
    gestion.schedule(until) ||
    toast(_("La fecha está puesta. Elija un resultado que permita agendar."), { name: "cal", hue: "blue" });
  return el(
    "button",
    { type: "button", class: "btn primary sm", "data-later": "", onclick: schedule },
    icon("cal", "s"),
    _("Agendar para %(when)s", { when: atHour(until, now()) }),
  );
}

/** The media that are allowed now and reach him: the button goes to the one that registers it. */
function instead(reached, refused) {
  return MEDIA.filter((medium) => reached.has(medium) && !refused.includes(medium)).map((medium) => {
    const [picture, word] = USE[medium];
    const go = () =>
      document
        .querySelector(`[data-principal] [data-channel="${medium}"], [data-points] [data-channel="${medium}"]`)
        ?.focus();
    return el("button", { type: "button", class: "btn sm", onclick: go }, icon(picture, "s"), word);
  });
}
