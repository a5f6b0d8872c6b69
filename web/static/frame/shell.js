/** What every page has: the live line, the bar, the rail, the keys. Loaded by frame/base.html. */

import { api } from "../lib/api.js";
import { _ } from "../lib/gettext.js";
import { keySheet } from "../lib/keys.js";
import { menu, sayRefused } from "../lib/layers.js";
import { live } from "../lib/live.js";
import { allInside, at, inside, myId, myRole, pageData } from "../lib/page.js";
import { showAgentState } from "./agent-state.js";
import { tellArrivals } from "./arrivals.js";
import { banner, showConnection } from "./connection.js";
import { readCounters, showCounters } from "./counters.js";
import { endShift, followMe } from "./me.js";
import { showCalls } from "./pop.js";
import { showReleased } from "./released.js";
import { watchAgents, watchOwnPause } from "./watch-agents.js";
import { wholeBaseSearch } from "./whole-base.js";

/** @import { PbxBack, PbxLost } from "../lib/events.js" */
/** @import { Shell } from "./counters.js" */

const THEME = "atiende.theme";
/** @type {Shell | null} */
const shell = pageData("shell");

function account() {
  const box = at("me-menu");
  menu(at("me-button"), box);
  const choices = allInside(box, "[data-theme-choice]");
  const mark = () => {
    const chosen = localStorage.getItem(THEME) ?? "system";
    for (const choice of choices) choice.setAttribute("aria-checked", String(choice.dataset.themeChoice === chosen));
  };
  for (const choice of choices)
    choice.addEventListener("click", () => {
      useTheme(choice.dataset.themeChoice ?? "system");
      mark();
    });
  mark();
  for (const choice of allInside(box, "[data-locale-choice]"))
    choice.addEventListener("click", async () => {
      const answer = await api.patch("/me", { locale: choice.dataset.localeChoice });
      if (answer.refused) sayRefused(answer.refused);
      else location.reload();
    });
  inside(box, "[data-sign-out]").addEventListener("click", endShift);
}

/** @param {string} theme */
function useTheme(theme) {
  const root = document.documentElement;
  if (theme === "system") {
    localStorage.removeItem(THEME);
    root.removeAttribute("data-theme");
  } else {
    localStorage.setItem(THEME, theme);
    root.dataset.theme = theme;
  }
}

/** Whether the PBX is away, for whoever asks (`html[data-pbx]`) or listens. @param {boolean} away */
function pbx(away) {
  document.documentElement.dataset.pbx = away ? "away" : "here";
  document.dispatchEvent(new CustomEvent("atiende:pbx"));
}

function watchPbx() {
  /** @type {Map<string, number>} */
  const versions = new Map();
  const lost = () => {
    pbx(true);
    banner("pbx", {
      hue: "red",
      picture: "alert",
      title: _("La central telefónica no responde."),
      sentence: _("Las llamadas no se ven hasta que vuelva. Los casos siguen."),
    });
  };
  const here = () => {
    pbx(false);
    banner("pbx", null);
  };
  pbx(Boolean(shell?.pbx_lost));
  const newer = (/** @type {PbxLost | PbxBack} */ event) => {
    if ((versions.get(event.pbx) ?? -1) > event.version) return false;
    versions.set(event.pbx, event.version);
    return true;
  };
  live.on("pbx.lost", (event) => {
    if (newer(event)) lost();
  });
  live.on("pbx.back", (event) => {
    if (newer(event)) here();
  });
  live.refetch(async () => {
    const { value } = await api.get("/shell");
    if (!value) return;
    readCounters(value);
    showReleased(value.released);
    if (value.pbx_lost) lost();
    else here();
  });
}

// What was typed is kept on this machine: the sign-in page leads back here.
document.addEventListener("atiende:signed-out", () => location.reload(), { once: true });
live.on("rights.changed", (event) => event.user_id === myId && !event.others_only && location.reload());

// A page that the browser kept whole and shows again is as old as it was left.
window.addEventListener("pageshow", (event) => event.persisted && location.reload());

showConnection();
if (shell) {
  followMe(shell.person);
  showAgentState();
  showCounters(shell);
  showReleased(shell.released);
}
if (myRole === "agent") watchOwnPause();
else watchAgents();
if (shell && document.getElementById("pop")) {
  showCalls(shell.calls);
  tellArrivals();
}
account();
keySheet();
wholeBaseSearch();
watchPbx();
// By then the modules of the page have said what they watch: of it nothing may be missed while the line comes up.
document.addEventListener("DOMContentLoaded", () => live.start());
