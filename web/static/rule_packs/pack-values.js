/** The values of a pack of rules, field by field: as it is stored or written, and as the server takes them. */
import { _ } from "../lib/gettext.js";
import { at, inside, select } from "../lib/page.js";
import { CHANNELS } from "../lib/terms.js";
import { weekWords } from "./week-words.js";

/** @import { Values } from "../forms/three-way.js" */
/** @import { Limits, Rules } from "./pack-form.js" */
/** @import { Week } from "./week.js" */

const MEDIA = Object.keys(CHANNELS);

/** A pack, stored or as the form says it. @param {{name: string, text: string, rules: Rules}} pack @returns {Values} */
export function valuesOf({ name, text, rules }) {
  const { hours, holidays, channels, total, media_per_week } = rules;
  const own = MEDIA.flatMap((medium) => {
    const { hours: week = null, on_holidays = false, ...limits } = channels[medium] ?? {};
    return [
      [`limits.${medium}`, three(limits)],
      [`hours.${medium}`, week],
      [`on_holidays.${medium}`, on_holidays],
    ];
  });
  const all = { "hours.all": hours, holidays, "limits.total": three(total), media_per_week: media_per_week ?? null };
  return { name: name.trim(), text: text.trim(), ...all, ...Object.fromEntries(own) };
}

/** @param {Partial<Limits>} limits @returns {Limits} */
const three = ({ per_day = null, per_week = null, pause_minutes = null }) => ({ per_day, per_week, pause_minutes });

/** These fields as the server takes them: the rules as a whole. @param {string[]} names @param {Values} values */
export function bodyOf(names, values) {
  const { name, text } = values;
  const body = Object.fromEntries(Object.entries({ name, text }).filter(([field]) => names.includes(field)));
  return names.some((field) => !["name", "text"].includes(field)) ? { ...body, rules: rulesOf(values) } : body;
}

/** @param {Values} values */
function rulesOf(values) {
  const own = MEDIA.map((medium) => [medium, channelOf(medium, values)]);
  return {
    hours: values["hours.all"],
    holidays: values.holidays,
    channels: Object.fromEntries(own.filter(([, rules]) => rules)),
    total: values["limits.total"],
    media_per_week: values.media_per_week,
  };
}

/** What one medium has of its own; null when nothing. @param {string} medium @param {Values} values */
function channelOf(medium, values) {
  const limits = /** @type {Limits} */ (values[`limits.${medium}`]);
  const hours = values[`hours.${medium}`];
  const on_holidays = values[`on_holidays.${medium}`];
  const has = hours || on_holidays || Object.values(limits).some((limit) => limit !== null);
  return has ? { ...limits, hours, on_holidays } : null;
}

/* ---- in words ---- */

/**
 * What a field is called, and what its value says.
 * @param {string} name
 * @param {unknown} value
 * @returns {[string, string]}
 */
export function say(name, value) {
  const [part = "", of = ""] = name.split(".");
  const whose = of === "total" || of === "all" ? _("Todos juntos") : (CHANNELS[of]?.plural ?? "");
  if (part === "hours") return [`${_("Horario")}: ${whose}`, weekWords(/** @type {Week | null} */ (value))];
  if (part === "on_holidays") return [`${_("También en festivos")}: ${whose}`, value ? _("sí") : _("no")];
  if (part === "limits") return [`${_("Topes")}: ${whose}`, limitWords(/** @type {Limits} */ (value))];
  if (part === "holidays") return [_("Festivos"), holidayWords(/** @type {Rules["holidays"]} */ (value))];
  if (part === "media_per_week") return [_("Medios distintos en 7 días"), String(value ?? _("Sin tope"))];
  return [inside(at("ru-form"), `label[for="ru-${part}"]`).textContent ?? part, String(value ?? "")];
}

/** @param {Limits} limits */
function limitWords({ per_day, per_week, pause_minutes }) {
  const words = [
    per_day !== null && _("%(n)s al día", { n: per_day }),
    per_week !== null && _("%(n)s en 7 días", { n: per_week }),
    pause_minutes !== null && _("pausa de %(n)s min", { n: pause_minutes }),
  ];
  return words.filter(Boolean).join(", ") || _("Sin tope");
}

/** @param {Rules["holidays"]} holidays */
function holidayWords(holidays) {
  if (!holidays) return _("Sin calendario");
  const option = [...select("ru-country").options].find((one) => one.value === holidays.country);
  return [option?.text ?? holidays.country, holidays.subdivision].filter(Boolean).join(", ");
}
