/** Atender: ask for a case; one person gets it, the other is told who has it (X9). */

import { api, intention } from "../lib/api.js";
import { hourWithSeconds } from "../lib/clock.js";
import { _ } from "../lib/gettext.js";
import { dialog, sayRefused, toast } from "../lib/layers.js";
import { live } from "../lib/live.js";
import { avatar, icon } from "../lib/text.js";
import { me } from "./me.js";

/** @import { Refusal } from "../lib/api.js" */
/**
 * Gives the number of the case to offer when another person has this one.
 * @typedef {((number: number) => number | undefined) | null} NextOf
 */

/** @type {Map<number, string>} */
const keys = new Map();
let asking = false;

const ELSEWHERE = _("Atiende está abierto en otra pestaña: atienda allí, o use primero esta.");

/** A pause, or being DESCONECTADO, is ended by who says so; a key pressed by the way does not end it. */
async function mayBegin() {
  const state = me()?.state;
  if (state !== "paused" && state !== "offline") return true;
  const paused = state === "paused";
  const answer = await dialog({
    title: paused ? _("Está EN PAUSA") : _("Está DESCONECTADO"),
    sentence: paused
      ? _("Si atiende un caso, la pausa termina ahora.")
      : _("Si atiende un caso, vuelve a estar en su turno."),
    lead: icon(paused ? "pause" : "x"),
    choices: [
      { id: "stay", word: paused ? _("Seguir en pausa") : _("Volver"), safe: true },
      {
        id: "begin",
        word: paused ? _("Terminar la pausa y atender") : _("Volver al turno y atender"),
        kind: "primary",
      },
    ],
  });
  return answer === "begin";
}

/** @param {number} number */
const openPage = (number) => location.assign(`/casos/${number}`);

/**
 * Open the case to work it; `go` shows it. `next` gives the number to offer when another person has it.
 * @param {number} number
 * @param {{next?: NextOf, go?: (number: number) => unknown}} [options]
 */
export async function attend(number, { next = null, go = openPage } = {}) {
  if (asking) return;
  if (live.state === "elsewhere") return void toast(ELSEWHERE, { name: "swap", hue: "amber" });
  asking = true;
  try {
    if (!(await mayBegin())) return;
    const key = keys.get(number) ?? intention();
    keys.set(number, key);
    const answer = await api.post(`/cases/${number}/open`, {}, { key });
    if (answer.refused?.code !== "offline") keys.delete(number);
    if (answer.refused) await refusedToOpen(number, answer.refused, next);
    else await go(number);
  } finally {
    asking = false;
  }
}

/** @param {number} number @param {Refusal} refused @param {NextOf} next */
function refusedToOpen(number, refused, next) {
  if (refused.code === "case-already-taken") return offerAnother(number, refused.holder ?? {}, next);
  if (refused.code !== "busy-with-case") return sayRefused(refused);
  const open = me()?.case_number;
  const act = open ? { word: _("Ir al caso"), does: () => openPage(open) } : null;
  return void toast(refused.message, { name: "alert", hue: "amber", act });
}

/** @param {number} number @param {{name?: string, since?: string}} holder @param {NextOf} next */
async function offerAnother(number, holder, next) {
  const following = next?.(number);
  const answer = await dialog({
    title: _("%(name)s tiene este caso", { name: holder.name ?? _("Otra persona") }),
    sentence: holder.since
      ? _("Lo abrió a las %(time)s. Está EN GESTIÓN. Su lista ya está al día.", { time: hourWithSeconds(holder.since) })
      : _("Su lista ya está al día."),
    lead: avatar(holder.name ?? "?", "l"),
    choices: [
      { id: "back", word: _("Volver"), kind: "quiet", safe: !following },
      { id: "look", word: _("Solo ver") },
      ...(following ? [{ id: "next", word: _("Atender el siguiente"), kind: "primary", safe: true }] : []),
    ],
  });
  if (answer === "look") openPage(number);
  if (answer === "next" && following) setTimeout(() => attend(following, { next }), 0);
}
