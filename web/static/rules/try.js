/** "¿Se puede contactar a un cliente…": what the rules of the form would say at a moment, before they are stored. */

import { whyRefused } from "../contact/refusal.js";
import { api } from "../lib/api.js";
import { dateOf, hour, now } from "../lib/clock.js";
import { _ } from "../lib/gettext.js";
import { at } from "../lib/page.js";
import { el, icon, setText } from "../lib/text.js";
import { asClock } from "./week.js";

const root = document.documentElement;
const WAIT = 250;
const MEDIA = {
  call: ["phone", _("Llamadas")],
  whatsapp: ["wa", _("WhatsApp")],
  sms: ["sms", _("SMS")],
  email: ["mail", _("Correos")],
};
/** "sáb, 21 de nov., 20:00" as people here write it short. */
const short = (text) => text.replace(/[.,]/g, "").replaceAll(" de ", " ");
let waiting = 0;
let last = 0;

/** Ask soon, with the rules as they are then. */
export function trySoon(rules) {
  clearTimeout(waiting);
  waiting = setTimeout(() => ask(rules()), WAIT);
}

/** Set up the fields; `again` asks once more. */
export function setUpTry(again) {
  at("ru-zones").replaceChildren(
    ...(Intl.supportedValuesOf?.("timeZone") ?? []).map((zone) => el("option", { value: zone })),
  );
  const setNow = () => {
    const shown = clockOf(at("ru-zone").value) ?? { date: dateOf(now()), time: hour(now()) };
    at("ru-date").value = shown.date;
    at("ru-time").value = shown.time;
  };
  at("ru-now").addEventListener("click", () => (setNow(), again()));
  for (const id of ["ru-date", "ru-time", "ru-zone"]) at(id).addEventListener("input", again);
  setNow();
}

/** What clocks of a zone show now; null when there is no such zone. */
function clockOf(timeZone) {
  try {
    return {
      date: new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(
        now(),
      ),
      time: new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(
        now(),
      ),
    };
  } catch {
    return null;
  }
}

async function ask(rules) {
  const mine = ++last;
  const [date, zone] = ["ru-date", "ru-zone"].map((id) => at(id).value.trim());
  const time = asClock(at("ru-time").value);
  const answer = await api.post("/rule-packs/preview", {
    rules,
    at: date && time ? `${date}T${time}` : null,
    time_zone: zone || null,
  });
  if (mine !== last) return;
  at("ru-zone").classList.toggle("bad", answer.refused?.field === "time_zone");
  at("ru-country").classList.toggle("bad", Boolean(answer.refused?.field?.startsWith("rules.holidays")));
  if (answer.refused) {
    setText(at("ru-holidays"), "");
    return at("ru-told").replaceChildren(el("li", { class: "err" }, icon("alert", "s"), answer.refused.message));
  }
  const shown = new Intl.DateTimeFormat(root.dataset.locale || "es", {
    timeZone: zone || root.dataset.timeZone,
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return tell(answer.value, (moment) => short(shown.format(new Date(moment))), rules);
}

function tell({ media, holidays }, moment, rules) {
  // Media of which the same is true share a line.
  const groups = Map.groupBy
    ? Map.groupBy(Object.keys(MEDIA), (medium) => JSON.stringify(media[medium]))
    : new Map(Object.keys(MEDIA).map((medium) => [medium, [medium]]));
  at("ru-told").replaceChildren(...[...groups.values()].map((alike) => line(media[alike[0]], alike, moment)));
  const dayMonth = new Intl.DateTimeFormat(root.dataset.locale || "es", {
    timeZone: "UTC",
    day: "numeric",
    month: "short",
  });
  const days = holidays.map(({ day, name }) => `${short(dayMonth.format(new Date(`${day}T00:00:00Z`)))}, ${name}`);
  setText(
    at("ru-holidays"),
    !rules.holidays
      ? _("Sin calendario, los festivos son días como los demás.")
      : days.length
        ? _("Próximos: %(days)s.", { days: days.join("; ") })
        : _("Ningún festivo en cuatro meses."),
  );
}

function line(answer, alike, moment) {
  const until = answer.until && moment(answer.until);
  const yes = until ? _("Sí, hasta %(until)s.", { until }) : _("Sí.");
  const no = until ? _("No, hasta %(until)s.", { until }) : _("No.");
  const strong = el("b", { class: answer.allowed ? "c-green strong" : "c-red strong" }, answer.allowed ? yes : no);
  const who =
    alike.length === Object.keys(MEDIA).length
      ? _("Por cualquier medio")
      : alike.map((medium) => MEDIA[medium][1]).join(", ");
  return el(
    "li",
    {},
    icon(!answer.allowed ? "no" : alike.length > 1 ? "check" : MEDIA[alike[0]][0]),
    el("span", {}, `${who}: `, strong, answer.allowed ? "" : ` ${whyRefused(answer)}`),
  );
}
