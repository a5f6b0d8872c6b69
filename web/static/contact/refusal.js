/**
 * What a row's refusal says (X16): the same sentences as queue/contact/sentences.py, at any moment.
 *
 * A row tells the refusal that is or comes next, and when after it another one begins (`again`), of which nothing else
 * is known until the row is read anew.
 */

import { dateOf, dayWord, hour } from "../lib/clock.js";
import { _ } from "../lib/gettext.js";

const WHAT = {
  call: (values) => _("No se puede llamar a %(name)s", values),
  whatsapp: (values) => _("No se puede escribir por WhatsApp a %(name)s", values),
  sms: (values) => _("No se puede enviar SMS a %(name)s", values),
  email: (values) => _("No se puede enviar correo a %(name)s", values),
};
const WEEKDAYS = [_("lunes"), _("martes"), _("miércoles"), _("jueves"), _("viernes"), _("sábados"), _("domingos")];
const WHY = {
  // Not what the customer's clock shows, as the server's sentence does: a row may be looked at much later.
  hours: (values) => _("En la hora del cliente ese día se permite de %(hours)s.", values),
  day: ({ weekday }) => _("No se permite los %(weekday)s.", { weekday: WEEKDAYS[weekday] }),
  holiday: (values) => _("Para el cliente es festivo: %(holiday)s.", values),
  daily: (values) => _("Contactos de hoy por este medio: %(count)s; el tope es %(limit)s.", values),
  "daily-total": (values) => _("Contactos de hoy por todos los medios: %(count)s; el tope es %(limit)s.", values),
  weekly: (values) => _("Contactos en 7 días por este medio: %(count)s; el tope es %(limit)s.", values),
  "weekly-total": (values) => _("Contactos en 7 días por todos los medios: %(count)s; el tope es %(limit)s.", values),
  media: (values) => _("En 7 días ya se usaron otros medios; el tope es %(limit)s.", values),
  pause: (values) => _("Entre dos contactos por este medio deben pasar %(minutes)s minutos.", values),
  "pause-total": (values) => _("Entre dos contactos por cualquier medio deben pasar %(minutes)s minutos.", values),
  "do-not-contact": () => _("El cliente pidió que no se lo contacte por este medio."),
};

/** Why, in one sentence. */
export const whyRefused = ({ rule, values }) => WHY[rule]?.(values) ?? "";

/** las 15:00 · mañana a las 07:00 · el lun 23 nov a las 08:00 */
export function atHour(at, now) {
  const values = { day: dayWord(at), hour: hour(at) };
  if (dateOf(at) === dateOf(now)) return _("las %(hour)s", values);
  return values.day === _("mañana") ? _("mañana a las %(hour)s", values) : _("el %(day)s a las %(hour)s", values);
}

/** Until when a medium that is refused now will be; null when nobody can say. */
export const untilOf = (refusal, now) => (refusal.until && Date.parse(refusal.until) > now ? refusal.until : null);

/** {strong, rest}: what cannot be done and until when; why and by which rule. */
export function refusalWords(name, medium, refusal, now) {
  const what = WHAT[medium]({ name });
  const over = refusal.until && Date.parse(refusal.until) <= now; // it is the one that comes after
  const until = untilOf(refusal, now);
  const why = over ? "" : whyRefused(refusal);
  const rule = refusal.pack ? _("Regla: «%(pack)s».", { pack: refusal.pack.name }) : "";
  return {
    strong: until ? _("%(what)s hasta %(when)s.", { what, when: atHour(until, now) }) : _("%(what)s.", { what }),
    rest: [why, rule].filter(Boolean).join(" "),
  };
}

/** In two or three words, for a list: "Sin llamadas hoy"; of all media, "No contactar hasta 15:00". Empty when calls are allowed. */
export function refusedWord(refused, refusals, now, all) {
  const whole = refused.length === all;
  if (!whole && !refused.includes("call")) return "";
  const untils = (whole ? refused : ["call"])
    .map((medium) => refusals?.[medium] && untilOf(refusals[medium], now))
    .filter(Boolean);
  const until = untils.sort((a, b) => Date.parse(a) - Date.parse(b))[0];
  if (!until) return whole ? _("No contactar") : _("Sin llamadas");
  if (dateOf(until) !== dateOf(now)) return whole ? _("No contactar hoy") : _("Sin llamadas hoy");
  const words = { hour: hour(until) };
  return whole ? _("No contactar hasta %(hour)s", words) : _("Sin llamadas hasta %(hour)s", words);
}
