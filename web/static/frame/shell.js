/** What every page has: the live line, the bar, the rail, the keys. Loaded by frame/base.html. */

import { api, pageData } from "../lib/api.js";
import { _ } from "../lib/gettext.js";
import { keySheet } from "../lib/keys.js";
import { menu, toast } from "../lib/layers.js";
import { live } from "../lib/live.js";
import { endShift, showAgentState } from "./agent-state.js";
import { tellArrivals } from "./arrivals.js";
import { banner, showConnection } from "./connection.js";
import { readCounters, showCounters } from "./counters.js";
import { showCalls } from "./pop.js";
import { wholeBaseSearch } from "./whole-base.js";

const THEME = "atiende.theme";
const shell = pageData("shell");

function account() {
  const box = document.getElementById("me-menu");
  menu(document.getElementById("me-button"), box);
  const choices = [...box.querySelectorAll("[data-theme-choice]")];
  const mark = () =>
    choices.forEach((c) =>
      c.setAttribute("aria-checked", String(c.dataset.themeChoice === (localStorage.getItem(THEME) ?? "system"))),
    );
  for (const choice of choices)
    choice.addEventListener("click", () => {
      const theme = choice.dataset.themeChoice;
      if (theme === "system") localStorage.removeItem(THEME);
      else localStorage.setItem(THEME, theme);
      document.documentElement.toggleAttribute("data-theme", theme !== "system");
      if (theme !== "system") document.documentElement.dataset.theme = theme;
      mark();
    });
  mark();
  for (const choice of box.querySelectorAll("[data-locale-choice]"))
    choice.addEventListener("click", async () => {
      const answer = await api.patch("/me", { locale: choice.dataset.localeChoice });
      if (answer.refused) toast(answer.refused.message, { name: "alert", hue: "red" });
      else location.reload();
    });
  box.querySelector("[data-sign-out]").addEventListener("click", endShift);
}

function watchPbx() {
  const versions = new Map();
  const lost = () =>
    banner(
      "pbx",
      "red",
      "alert",
      _("La central telefónica no responde."),
      _("Las llamadas no se ven hasta que vuelva. Los casos siguen."),
    );
  const newer = (event) => (versions.get(event.pbx) ?? -1) <= event.version && versions.set(event.pbx, event.version);
  live.on("pbx.lost", (event) => {
    if (newer(event)) lost();
  });
  live.on("pbx.back", (event) => newer(event) && banner("pbx", null));
  live.refetch(async () => {
    const { value } = await api.get("/shell");
    if (!value) return;
    readCounters(value);
    if (!value.pbx_lost) banner("pbx", null);
    else lost();
  });
}

// What was typed is kept on this machine: the sign-in page leads back here.
document.addEventListener("atiende:signed-out", () => location.reload(), { once: true });
live.on(
  "rights.changed",
  (event) => event.user_id === Number(document.documentElement.dataset.me) && location.reload(),
);

// A page that the browser kept whole and shows again is as old as it was left.
window.addEventListener("pageshow", (event) => event.persisted && location.reload());

showConnection();
if (shell) {
  showAgentState(shell.person);
  showCounters(shell);
}
if (shell && document.getElementById("pop")) {
  showCalls(shell.calls);
  tellArrivals(shell.person.id);
}
account();
keySheet();
wholeBaseSearch();
watchPbx();
live.start();
