/** The thread, the live word and the banner: whether the screen is true (states.png). */

import { hourWithSeconds, now } from "../lib/clock.js";
import { _ } from "../lib/gettext.js";
import { alarm, announce } from "../lib/layers.js";
import { live } from "../lib/live.js";
import { el, icon, setIcon } from "../lib/text.js";

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
    const bar = document.getElementById("bar");
    const word = document.getElementById("live");
    bar.classList.remove("reconnecting", "offline");
    if (look.bar) bar.classList.add(look.bar);
    word.className = `live ${look.live}`.trim();
    word.querySelector("[data-word]").textContent = look.word;
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

function warn(state) {
  const since = { time: heard() };
  if (state === "reconnecting") {
    banner(
      "connection",
      "amber",
      "refresh",
      _("Reconectando."),
      _("Lo que ve es de las %(time)s. Lo que escriba se conserva.", since),
    );
  } else if (state === "offline") {
    const again = el("button", { type: "button", class: "btn sm", onclick: () => live.retry() }, _("Reintentar"));
    const title = _("Sin conexión desde las %(time)s.", since);
    banner(
      "connection",
      "red",
      "alert",
      title,
      _("No se puede guardar ni atender. Su borrador está a salvo en este equipo."),
      again,
    );
    alarm(title);
  } else {
    const here = el(
      "button",
      { type: "button", class: "btn primary sm", onclick: () => live.takeOver() },
      _("Usar esta"),
    );
    const title = _("Atiende está abierto en otra pestaña.");
    banner("connection", "grey", "swap", title, _("Las llamadas y los casos llegan allí."), here);
    alarm(title);
  }
  lost = state !== "elsewhere";
}

/** Put a banner above the page, or take it away (no hue). */
export function banner(name, hue, picture, title, sentence, action = null) {
  const above = document.getElementById("above");
  const old = above.querySelector(`[data-banner="${name}"]`);
  if (!hue) return old?.remove();
  const made = el(
    "div",
    { class: `banner k-${hue}`, "data-banner": name },
    icon(picture),
    el("span", {}, el("strong", {}, title), " ", sentence),
    action,
  );
  return old ? old.replaceWith(made) : above.append(made);
}
