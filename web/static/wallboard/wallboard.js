/** The wall board: draws the figures of each second; past five seconds without new ones they turn grey and say so. */
import { everySecond, hour, hourWithSeconds } from "../lib/clock.js";
import { _, ngettext } from "../lib/gettext.js";
import { live } from "../lib/live.js";
import { at, inside } from "../lib/page.js";
import { el, setIcon, setText } from "../lib/text.js";
import { drawAgents } from "./agents.js";
import { drawCampaigns } from "./campaigns.js";
import { board, figures, stale, takeBoard } from "./figures.js";
import { drawTiles } from "./tiles.js";

/** @import { Board } from "./figures.js" */

const RESULTS = 6;

function drawDay() {
  const { today, calls_now: calls } = board();
  setText(at("w-since"), _("desde las %(time)s", { time: hour(today.since) }));
  setText(at("w-talking"), figures.format(calls.talking));
  setText(at("w-dispositions"), figures.format(today.dispositions));
  setText(at("w-effective"), figures.format(today.effective));
  setText(at("w-worked"), figures.format(today.worked));
  const none = el("div", { class: "w-mut" }, el("dt", {}, _("Todavía no hay resultados de hoy.")), el("dd"));
  const results = today.results
    .slice(0, RESULTS)
    .map((one) => el("div", {}, el("dt", { class: "cut" }, one.name), el("dd", {}, figures.format(one.count))));
  at("w-results").replaceChildren(...(results.length ? results : [none]));
}

/** Say which phone a queue rings twice, and of how many more that is true. */
function drawDoubled() {
  const [first, ...more] = board().doubled;
  const place = at("w-doubled");
  place.hidden = !first;
  if (!first) return;
  const sentence = _("La cola %(queue)s llama dos veces a la extensión %(extension)s.", first);
  const others = more.length ? ngettext("Y %(count)s más.", "Y %(count)s más.", more.length) : "";
  setText(inside(place, "span"), [sentence, others].filter(Boolean).join(" "));
}

/** Say of when the figures are. */
function drawTruth() {
  const old = stale();
  at("main").classList.toggle("stale", old);
  const place = at("w-live");
  const time = hourWithSeconds(board().as_of);
  setIcon(place.querySelector("svg"), old ? "nowave" : "wave");
  setText(inside(place, "time"), old ? _("dato de las %(time)s", { time }) : _("a las %(time)s", { time }));
  const why = live.state === "live" ? _("· sin cifras nuevas") : _("· reconectando");
  setText(inside(place, "[data-word]"), old ? why : _("· en vivo"));
}

function draw() {
  drawTiles();
  drawAgents();
  drawCampaigns();
  drawDay();
  drawDoubled();
  drawTruth();
}

live.on("wallboard.figures", (event) => {
  if (takeBoard(/** @type {Board} */ (event.figures))) draw();
});
live.watch("wallboard");
document.addEventListener("atiende:signed-out", () => location.reload());
everySecond(draw);
draw();
live.start();
