/**
 * The hours of a week: for each day up to two spans, or none. Values as the server's: [[["07:00", "19:00"]], …], Monday
 * first.
 */

import { _ } from "../lib/gettext.js";
import { el, icon } from "../lib/text.js";

/** @typedef {[string, string]} Span */
/** @typedef {Span[][]} Week */

const DAYS = [_("Lunes"), _("Martes"), _("Miércoles"), _("Jueves"), _("Viernes"), _("Sábado"), _("Domingo")];
/** @type {Span} */
const FIRST = ["08:00", "18:00"];
/** @type {Span} */
const SECOND = ["14:00", "18:00"];
const AT_MOST = 2;

/** Six open days and a shut one to begin with. @returns {Week} */
export const usualWeek = () => DAYS.map((_day, i) => (i < 6 ? [[...FIRST]] : []));

/**
 * Draw `week` into `place`; `changed` is called after each change of it.
 * @param {HTMLElement} place
 * @param {Week} week
 * @param {() => void} changed
 */
export function showWeek(place, week, changed) {
  const focused = document.activeElement?.getAttribute("data-place");
  const focus = (/** @type {string} */ at) =>
    /** @type {HTMLElement | null} */ (place.querySelector(`[data-place="${at}"]`))?.focus();
  const redraw = (/** @type {string} */ at) => {
    changed();
    showWeek(place, week, changed);
    focus(at);
  };
  place.replaceChildren(...week.map((spans, day) => row(week, spans, day, redraw, changed)));
  if (focused) focus(focused);
}

/**
 * @param {Week} week
 * @param {Span[]} spans
 * @param {number} day
 * @param {(at: string) => void} redraw
 * @param {() => void} changed
 */
function row(week, spans, day, redraw, changed) {
  const open = el("input", { type: "checkbox", checked: spans.length > 0, "data-place": `open-${day}` });
  open.addEventListener("change", () => {
    week[day] = open.checked ? [[...(week[day - 1]?.[0] ?? FIRST)]] : [];
    redraw(`open-${day}`);
  });
  const times = spans.length
    ? spans.map((span, n) => pair(span, day, n, changed))
    : el("span", { class: "ru-shut" }, _("No se contacta"));
  return el(
    "div",
    { class: "ru-day", role: "group", "aria-label": DAYS[day] },
    el("label", {}, open, DAYS[day]),
    el("div", {}, times),
    more(spans, day, redraw),
  );
}

/**
 * The button that adds a second span, or takes it away.
 * @param {Span[]} spans
 * @param {number} day
 * @param {(at: string) => void} redraw
 */
function more(spans, day, redraw) {
  if (spans.length !== 1 && spans.length !== AT_MOST) return "";
  const single = spans.length === 1;
  const word = single
    ? _("%(day)s: agregar otra franja", { day: DAYS[day] })
    : _("%(day)s: quitar la segunda franja", { day: DAYS[day] });
  const at = `more-${day}`;
  const press = () => {
    if (single) split(spans);
    else spans.pop();
    redraw(at);
  };
  return el(
    "button",
    {
      type: "button",
      class: "btn sm quiet icon",
      title: word,
      "aria-label": word,
      "data-place": at,
      onclick: press,
    },
    icon(single ? "plus" : "minus", "s"),
  );
}

/** A second span: the midday out of a long one, else what follows. @param {Span[]} spans */
function split(spans) {
  const [from, to] = spans[0] ?? FIRST;
  if (from < "12:00" && to > SECOND[0]) spans.splice(0, 1, [from, "12:00"], [SECOND[0], to]);
  else spans.push([...SECOND]);
}

/** @param {Span} span @param {number} day @param {number} n @param {() => void} changed */
function pair(span, day, n, changed) {
  const input = (/** @type {0 | 1} */ end, /** @type {string} */ word) => {
    const field = el("input", {
      class: "input num",
      inputmode: "numeric",
      maxlength: 5,
      autocomplete: "off",
      placeholder: "00:00",
      value: span[end],
      "aria-label": `${DAYS[day]}: ${word}`,
      "data-place": `${day}-${n}-${end}`,
    });
    field.addEventListener("input", () => {
      span[end] = asClock(field.value);
      changed();
    });
    field.addEventListener("change", () => {
      field.value = span[end];
    });
    return field;
  };
  return el(
    "div",
    { class: "ru-span" },
    input(0, _("desde")),
    el("span", { "aria-hidden": "true" }, "–"),
    input(1, _("hasta")),
  );
}

/**
 * "7", "730", "7:30" as 07:00 and 07:30 (a field of type time would ask for a. m. and p. m., and has no 24:00).
 * @param {string} text
 */
export function asClock(text) {
  const [, hours, minutes = "00"] = /^\s*(\d{1,2})\s*[:.h]?\s*(\d{2})?\s*$/.exec(text) ?? [];
  return hours ? `${hours.padStart(2, "0")}:${minutes}` : text.trim();
}
