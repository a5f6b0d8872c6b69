/** What saving a gestión will do and did, in words. */

import { when } from "../lib/clock.js";
import { _ } from "../lib/gettext.js";
import { RESULT_ACTIONS } from "../lib/terms.js";

/** @import { Effect } from "./cascade.js" */
/** @typedef {{picture: string, strong: string, rest: string}} EffectWords */

/**
 * What saving will do.
 * @param {Effect} effect of the chosen result
 * @param {boolean} chosen whether a result is chosen
 * @param {boolean} finish whether the gestión is to be finished
 * @param {boolean} scheduled whether date and time of the next contact are set
 * @returns {EffectWords}
 */
export function effectWords(effect, chosen, finish, scheduled) {
  const level = effect.level ? _("Manda el nivel %(n)s.", { n: effect.level }) : "";
  if (!finish)
    return {
      picture: "script",
      strong: _("Al guardar: solo el comentario."),
      rest: _("La gestión queda sin finalizar."),
    };
  if (!chosen) return { picture: "info", strong: _("Elija un resultado."), rest: _("Con 1 a 9 o con el ratón.") };
  if (!effect.schedules) return actionWords(effect, level);
  return scheduled
    ? { picture: "cal", strong: _("Al guardar: agenda."), rest: `${level} ${_("Pasa al primer lugar a esa hora.")}` }
    : {
        picture: "cal",
        strong: _("Al guardar: sin fecha se cierra."),
        rest: _("Ponga fecha y hora para agendar."),
      };
}

/** @param {Effect} effect @param {string} level @returns {EffectWords} */
function actionWords(effect, level) {
  const known = RESULT_ACTIONS[effect.action ?? "none"] ?? RESULT_ACTIONS.none;
  const { form_icon: picture = "", on_save: strong = "", afterwards = "" } = known ?? {};
  return { picture, strong, rest: `${afterwards} ${level}`.trim() };
}

/**
 * X10, X11: who will get the next contact is said before saving.
 * @param {string | null} next
 * @param {boolean} mine whether the agent keeps it
 * @param {boolean} directed whether the campaign's cases belong to those they are assigned to
 */
export function whoGetsIt(next, mine, directed) {
  const time = next ? when(next) : _("esa hora");
  if (mine) return _("La recibe usted: será el primero de su lista, %(time)s.", { time });
  if (directed) return _("Sigue asignada a quien la tiene: pasa al primer lugar, %(time)s.", { time });
  return _("La recibe cualquier agente de la campaña, %(time)s: el caso sale de su lista.", { time });
}

/**
 * What was done, and what comes next or why nothing does.
 * @param {string | null} next the name of the customer whose case is opened
 * @param {string | null} why
 * @param {boolean} [ringing] whether the phone rings, and nobody talks yet
 */
export function savedWords(next, why, ringing = false) {
  if (next) return _("Gestión guardada. Abierto %(name)s.", { name: next });
  /** @type {Record<string, string>} */
  const reasons = {
    "nothing-left": _("No quedan casos por atender: está EN ESPERA."),
    pause: _("Empieza la pausa que pidió."),
    "in-call": ringing ? _("Le está sonando una llamada.") : _("Sigue en llamada."),
  };
  return `${_("Gestión guardada.")} ${reasons[why ?? ""] ?? ""}`.trim();
}
