/** Another person changed the same thing: who, when, and for each field that both changed the choice of one value. */
import { dayWord, hour } from "../lib/clock.js";
import { _ } from "../lib/gettext.js";
import { el, icon } from "../lib/text.js";
import { merged, threeWay } from "./three-way.js";

/** @import { Values } from "./three-way.js" */
/** @typedef {{id: number | null, name: string} | null | undefined} By */
/** @typedef {(name: string, value: unknown) => [label: string, text: string]} Say how a field and its value are said */
/** @typedef {{filled: Values, written: Values, stored: Values}} Three */

/** "Hernán Castaño, 10:42"; the day too when it is another one. @param {By} by @param {string | null} [at] */
export function whoAndWhen(by, at) {
  const who = by?.name ?? _("Otra persona");
  if (!at) return who;
  const day = dayWord(at);
  return day === _("hoy") ? `${who}, ${hour(at)}` : `${who}, ${day} ${hour(at)}`;
}

/**
 * The values that stay: what only one of the two changed is kept from each; where both wrote, the person chooses. Null
 * when they go back to the form.
 * @param {string} who
 * @param {Three} three
 * @param {Say} say
 * @returns {Promise<Values | null>}
 */
export async function settle(who, { filled, written, stored }, say) {
  const { mine, theirs, clash } = threeWay(filled, written, stored);
  if (!clash.length) return merged(stored, written, mine);
  const also = theirs.filter((name) => !mine.includes(name)).map((name) => say(name, stored[name]));
  const kept = await choose(
    who,
    clash.map((name) => ({ name, label: say(name, stored[name])[0], ...both(name) })),
    also,
  );
  return (
    kept &&
    merged(
      stored,
      written,
      mine.filter((name) => !clash.includes(name) || kept.has(name)),
    )
  );

  /** @param {string} name */
  function both(name) {
    return { mine: say(name, written[name])[1], theirs: say(name, stored[name])[1] };
  }
}

/** @typedef {{name: string, label: string, mine: string, theirs: string}} Clash */

/**
 * Ask for each field whose value stays; the fields whose own value does. Null when nothing was chosen.
 * @param {string} who
 * @param {Clash[]} clashes
 * @param {[string, string][]} also what else the other person changed, which stays
 * @returns {Promise<Set<string> | null>}
 */
function choose(who, clashes, also) {
  const back = el("button", { type: "button", class: "btn" }, _("Volver al formulario"));
  const save = el("button", { class: "btn primary", disabled: true }, _("Guardar lo elegido"));
  const form = el(
    "form",
    { class: "dialog", method: "dialog" },
    el("h2", { id: "conflict-title" }, _("Otra persona cambió lo mismo")),
    el("p", { class: "sec mt1" }, _("%(who)s guardó mientras usted editaba. Elija qué queda.", { who })),
    el("div", { class: "scrolls clash" }, ...clashes.map((clash) => question(clash, who)), alsoLine(also)),
    el("div", { class: "acts" }, back, save),
  );
  const box = el("dialog", { role: "alertdialog", class: "clashes", "aria-labelledby": "conflict-title" }, form);
  const chosen = () => new FormData(form);
  form.addEventListener("change", () => {
    save.disabled = [...chosen().keys()].length < clashes.length;
  });
  document.body.append(box);
  box.showModal();
  return new Promise((resolve) => {
    const close = (/** @type {Set<string> | null} */ answer) => {
      box.remove();
      resolve(answer);
    };
    back.addEventListener("click", () => close(null));
    box.addEventListener("cancel", (event) => {
      event.preventDefault();
      close(null);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const mine = [...chosen()].filter(([, whose]) => whose === "mine");
      close(new Set(mine.map(([name]) => name)));
    });
  });
}

/** @param {Clash} clash @param {string} who */
const question = ({ name, label, mine, theirs }, who) =>
  el(
    "fieldset",
    {},
    el("legend", { class: "lab" }, label),
    option(name, "mine", _("Lo suyo"), mine),
    option(name, "theirs", who, theirs),
  );

/** @param {string} name @param {string} value @param {string} whose @param {string} text */
const option = (name, value, whose, text) =>
  el(
    "label",
    {},
    el("input", { type: "radio", name, value }),
    el(
      "span",
      { class: "grow" },
      el("span", { class: "strong" }, text || _("vacío")),
      el("span", { class: "meta" }, whose),
    ),
  );

/** @param {[string, string][]} also */
const alsoLine = (also) =>
  also.length > 0 &&
  el(
    "p",
    { class: "hint row gap6" },
    icon("check", "s"),
    _("También queda lo que cambió en: %(fields)s.", { fields: listed(also) }),
  );

/** @param {[string, string][]} fields */
export const listed = (fields) => [...new Set(fields.map(([label]) => label))].join(", ");
