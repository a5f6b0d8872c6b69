/** The hours of a week: for each day up to two spans, or none. Values as the server's: [[["07:00", "19:00"]], …], Monday first. */

import { _ } from "../lib/gettext.js";
import { el, icon } from "../lib/text.js";

const DAYS = [_("Lunes"), _("Martes"), _("Miércoles"), _("Jueves"), _("Viernes"), _("Sábado"), _("Domingo")];
const FIRST = ["08:00", "18:00"];
const SECOND = ["14:00", "18:00"];
const AT_MOST = 2;

/** Seven open days to begin with. */
export const usualWeek = () => DAYS.map((day, i) => (i < 6 ? [[...FIRST]] : []));

/** Draw `week` into `place`; `changed(week)` gets it after each change. */
export function showWeek(place, week, changed) {
  const focused = document.activeElement?.dataset?.place;
  place.replaceChildren(
    ...week.map((spans, day) =>
      row(
        week,
        spans,
        day,
        (focus) => {
          changed(week);
          showWeek(place, week, changed);
          if (focus) place.querySelector(`[data-place="${focus}"]`)?.focus();
        },
        () => changed(week),
      ),
    ),
  );
  if (focused) place.querySelector(`[data-place="${focused}"]`)?.focus();
}

function row(week, spans, day, redraw, changed) {
  const open = el("input", { type: "checkbox", checked: spans.length > 0, "data-place": `open-${day}` });
  open.addEventListener("change", () => {
    week[day] = open.checked ? [[...(week[day - 1]?.[0] ?? FIRST)]] : [];
    redraw(`open-${day}`);
  });
  const more =
    spans.length === 1
      ? act("plus", _("%(day)s: agregar otra franja", { day: DAYS[day] }), `more-${day}`, () => split(spans))
      : spans.length === AT_MOST
        ? act("minus", _("%(day)s: quitar la segunda franja", { day: DAYS[day] }), `more-${day}`, () => spans.pop())
        : "";
  function act(picture, word, at, does) {
    return el(
      "button",
      {
        type: "button",
        class: "btn sm quiet icon",
        title: word,
        "aria-label": word,
        "data-place": at,
        onclick: () => (does(), redraw(at)),
      },
      icon(picture, "s"),
    );
  }
  const times = spans.length
    ? spans.map((span, n) => pair(span, day, n, changed))
    : el("span", { class: "ru-shut" }, _("No se contacta"));
  return el(
    "div",
    { class: "ru-day", role: "group", "aria-label": DAYS[day] },
    el("label", {}, open, DAYS[day]),
    el("div", {}, times),
    more,
  );
}

/** A second span: the midday out of a long one, else what follows. */
function split(spans) {
  const [from, to] = spans[0];
  if (from < "12:00" && to > SECOND[0]) spans.splice(0, 1, [from, "12:00"], [SECOND[0], to]);
  else spans.push([...SECOND]);
}

function pair(span, day, n, changed) {
  const input = (i, word) => {
    const field = el("input", {
      class: "input num",
      inputmode: "numeric",
      maxlength: 5,
      autocomplete: "off",
      placeholder: "00:00",
      value: span[i],
      "aria-label": `${DAYS[day]}: ${word}`,
      "data-place": `${day}-${n}-${i}`,
    });
    field.addEventListener("input", () => {
      span[i] = asClock(field.value);
      changed();
    });
    field.addEventListener("change", () => (field.value = span[i]));
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

/** "7", "730", "7:30" as 07:00 and 07:30 (a field of type time would ask for a. m. and p. m., and has no 24:00). */
export function asClock(text) {
  const [, hours, minutes = "00"] = /^\s*(\d{1,2})\s*[:.h]?\s*(\d{2})?\s*$/.exec(text) ?? [];
  return hours ? `${hours.padStart(2, "0")}:${minutes}` : text.trim();
}
