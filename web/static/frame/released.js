/** Who signs in again after the screen was gone is told which case was released meanwhile. */

import { api } from "../lib/api.js";
import { when } from "../lib/clock.js";
import { _ } from "../lib/gettext.js";
import { el, icon } from "../lib/text.js";
import { banner } from "./connection.js";

/** @typedef {{number: number, customer: string, at: string}} ReleasedCase models/rows/person.py */

/** @param {ReleasedCase | null} released */
export function showReleased(released) {
  if (!released) return banner("released", null);
  const { number, customer, at } = released;
  const understood = async () => {
    const { refused } = await api.delete("/agents/me/released");
    if (!refused) banner("released", null);
  };
  return banner("released", {
    hue: "amber",
    picture: "alert",
    title: _("Su pantalla se cerró con el caso %(number)s abierto.", { number }),
    sentence: _("%(customer)s: el caso se liberó, %(when)s. Lo que escribió sigue como borrador en este equipo.", {
      customer,
      when: when(at),
    }),
    action: el(
      "span",
      { class: "row gap6" },
      el("a", { class: "btn sm", href: `/casos/${number}` }, icon("right", "s"), _("Ver el caso")),
      el("button", { type: "button", class: "btn quiet sm", onclick: understood }, _("Entendido")),
    ),
  });
}
