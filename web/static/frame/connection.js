/** The thread, the live word and the banner: whether the screen is true (states.png). */

import { hourWithSeconds, now } from "../lib/clock.js";
import { _ } from "../lib/gettext.js";
import { alarm, announce } from "../lib/layers.js";
import { live } from "../lib/live.js";
import { at, inside } from "../lib/page.js";
import { el, icon, setIcon } from "../lib/text.js";

/** @import { LineState } from "../lib/live.js" */
/**
 * @typedef {Object} Banner
 * @property {string} hue
 * @property {string} picture
 * @property {string} title
 * @property {string} sentence
 * @property {Node | null} [action]
 */

const PATIENCE = 2000; // a blink does not shout

const LOOKS = {
  connecting: { word: _("conectando"), icon: "wave", live: "warn", bar: "" },
  live: { word: _("en vivo"), icon: "wave", live: "", bar: "" },
  reconnecting: { word: _("reconectando"), icon: "wave", live: "warn", bar: "reconnecting" },
  offline: { word: _("desconectado"), icon: "nowave", live: "bad", bar: "offline" },
  elsewhere: { word: _("en otra pestaña"), icon: "nowave", live: "bad", bar: "offline" },
};

let timer = 0;
let lost = false;

/** Keep the bar, the word and the banner in step with the live line. */
export function showConnection() {
  live.onState((state) => {
    const look = LOOKS[state];
    const bar = at("bar");
    const word = at("live");
    bar.classList.remove("reconnecting", "offline");
    if (look.bar) bar.classList.add(look.bar);
    word.className = `live ${look.live}`.trim();
    inside(word, "[data-word]").textContent = look.word;
    word.title = _("Último dato a las %(time)s", { time: heard() });
    setIcon(word, look.icon);
    document.documentElement.dataset.live = state;
    clearTimeout(timer);
    if (state === "live") calm();
    else if (state !== "connecting") timer = setTimeout(() => warn(state), state === "elsewhere" ? 0 : PATIENCE);
  });
}

const heard = () => hourWithSeconds(now() - (Date.now() - live.heardAt));

function calm() {
  banner("connection", null);
  if (lost) announce(_("Conexión recuperada."));
  lost = false;
}

/** @param {LineState} state */
function warn(state) {
  lost = state !== "elsewhere";
  if (state === "reconnecting") return banner("connection", reconnecting());
  const shown = state === "offline" ? offline() : elsewhere();
  banner("connection", shown);
  return alarm(shown.title);
}

/** @returns {Banner} */
const reconnecting = () => ({
  hue: "amber",
  picture: "refresh",
  title: _("Reconectando."),
  sentence: _("Lo que ve es de las %(time)s. Lo que escriba se conserva.", { time: heard() }),
});

/** @returns {Banner} */
const offline = () => ({
  hue: "red",
  picture: "alert",
  title: _("Sin conexión desde las %(time)s.", { time: heard() }),
  sentence: _("No se puede guardar ni atender. Su borrador está a salvo en este equipo."),
  action: el("button", { type: "button", class: "btn sm", onclick: () => live.retry() }, _("Reintentar")),
});

/** @returns {Banner} */
const elsewhere = () => ({
  hue: "grey",
  picture: "swap",
  title: _("Atiende está abierto en otra pestaña."),
  sentence: _("Las llamadas y los casos llegan allí."),
  action: el("button", { type: "button", class: "btn primary sm", onclick: () => live.takeOver() }, _("Usar esta")),
});

/**
 * Put a banner above the page, or take it away (null).
 * @param {string} name
 * @param {Banner | null} shown
 */
export function banner(name, shown) {
  const above = at("above");
  const old = above.querySelector(`[data-banner="${name}"]`);
  if (!shown) return old?.remove();
  const made = el(
    "div",
    { class: `banner k-${shown.hue}`, "data-banner": name },
    icon(shown.picture),
    el("span", {}, el("strong", {}, shown.title), " ", shown.sentence),
    shown.action,
  );
  return old ? old.replaceWith(made) : above.append(made);
}
