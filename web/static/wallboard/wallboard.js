/** The wall board: draws the figures of each second; past five seconds without new ones they turn grey and say so. */

import { duration, everySecond, hour, hourWithSeconds, now } from "../lib/clock.js";
import { _, ngettext } from "../lib/gettext.js";
import { live } from "../lib/live.js";
import { at, pageData } from "../lib/page.js";
import { el, icon, setIcon, setText } from "../lib/text.js";

const STALE = 5_000;
const TILES = 16;
const LINES = 5;
const LOOKS = {
  waiting: { css: "ag-espera", hue: "w-green", icon: "ring", word: _("Espera"), count: _("espera") },
  on_call: { css: "ag-llamada", hue: "w-violet", icon: "phone", word: _("Llamada"), count: _("llamada") },
  handling: { css: "ag-gestion", hue: "w-blue", icon: "play", word: _("Gestión"), count: _("gestión") },
  wrap_up: { css: "ag-tipificando", hue: "w-teal", icon: "pencil", word: _("Tipifica"), count: _("tipifica") },
  paused: { css: "ag-pausa", hue: "w-amber", icon: "pause", word: _("Pausa"), count: _("pausa") },
};
const numbers = new Intl.NumberFormat(document.documentElement.dataset.locale || "es", { maximumFractionDigits: 1 });
const seconds = (value) => (value === null ? "–" : duration(value * 1000));
let board = pageData("board");

const stale = () => now() - Date.parse(board.as_of) > STALE;
/** How long since then; a timer of stale figures stands still, so that nothing old looks live. */
const passed = (since) => (stale() ? Date.parse(board.as_of) : now()) - Date.parse(since);

/** A tile: figure with an optional unit, note, and whether it is past (bad) or near (warn) its limit. */
function tile(id, figure, note, { unit = "", look = "", picture = "" } = {}) {
  const box = at(`tile-${id}`);
  box.className = `tile ${look}`.trim();
  const place = box.querySelector(".v");
  if (place.dataset.shown !== figure + unit) {
    place.dataset.shown = figure + unit;
    place.replaceChildren(figure, ...(unit ? [el("small", {}, unit)] : []));
  }
  const foot = box.querySelector(".w-note");
  foot.className = `w-note ${look === "bad" ? "w-red" : look === "warn" ? "w-amber" : ""}`;
  foot.replaceChildren(...(picture ? [icon(picture)] : []), note);
}

/** A rate with its bar and the mark of its limit; `top` is the full width of the bar. */
function rate(id, percent, limit, top, look, note) {
  const known = percent !== null;
  tile(id, known ? numbers.format(percent) : "–", note, { unit: known ? "%" : "", look, picture: look ? "alert" : "" });
  const [fill, mark] = at(`tile-${id}`).querySelectorAll(".w-lim > *");
  fill.style.width = `${Math.min(100, (100 * (percent ?? 0)) / top)}%`;
  fill.dataset.hue = look || "good";
  mark.style.left = `${Math.min(100, (100 * limit) / top)}%`;
}

function drawTiles() {
  const { calls_now: calls, today } = board;
  const wait = calls.longest_wait_since ? passed(calls.longest_wait_since) : 0;
  const late = wait > board.limits.wait_seconds * 1000;
  tile("waiting", numbers.format(calls.waiting), _("%(n)s llamando", { n: calls.ringing }));
  tile(
    "longest",
    calls.longest_wait_since ? duration(wait) : "–",
    _("tope %(limit)s", { limit: seconds(board.limits.wait_seconds) }),
    {
      look: late ? "bad" : "",
      picture: late ? "bell" : "",
    },
  );
  const { service_percent: service, abandoned_percent: abandoned } = today.calls;
  const served = service !== null && service < board.limits.service_percent ? "warn" : "";
  rate(
    "service",
    service,
    board.limits.service_percent,
    100,
    served,
    _("meta %(n)s %", { n: board.limits.service_percent }),
  );
  tile(
    "asa",
    seconds(today.calls.asa_seconds),
    ngettext("%(count)s contestada", "%(count)s contestadas", today.calls.answered),
  );
  tile("aht", seconds(today.aht_seconds), _("cierre %(time)s", { time: seconds(today.wrap_up_seconds) }));
  const over =
    abandoned === null
      ? ""
      : abandoned > board.limits.abandoned_percent
        ? "bad"
        : abandoned > board.limits.abandoned_percent * 0.8
          ? "warn"
          : "";
  rate(
    "abandoned",
    abandoned,
    board.limits.abandoned_percent,
    board.limits.abandoned_percent,
    over,
    _("límite %(n)s %", { n: board.limits.abandoned_percent }),
  );
}

const overLimit = (agent) => agent.limit_seconds !== null && passed(agent.since) > agent.limit_seconds * 1000;

function drawAgents() {
  const agents = [...board.agents].sort((a, b) => Number(overLimit(b)) - Number(overLimit(a)));
  const over = agents.filter(overLimit).length;
  setText(at("w-count"), numbers.format(agents.length));
  at("w-states").replaceChildren(
    ...Object.entries(LOOKS)
      .filter(([shown]) => board.agent_counts[shown])
      .map(([shown, look]) =>
        el("span", { class: `w-k ${look.hue}` }, icon(look.icon), `${board.agent_counts[shown]} ${look.count}`),
      ),
  );
  const shown = agents.slice(0, TILES);
  const place = at("w-agents");
  while (place.children.length > shown.length) place.lastElementChild.remove();
  while (place.children.length < shown.length)
    place.append(
      el(
        "div",
        { class: "ag" },
        el("b", { class: "cut" }, icon("ring"), el("span", { class: "nm" })),
        el("span", { class: "cut what" }),
        el("time", {}),
      ),
    );
  shown.forEach((agent, i) => drawAgent(place.children[i], agent));
  const rest = agents.length - shown.length;
  const hidden = over - shown.filter(overLimit).length;
  const others = rest > 0 ? ngettext("Otro agente.", "Otros %(count)s agentes.", rest) : "";
  const late =
    hidden > 0 ? _("%(n)s más pasan de su tope.", { n: hidden }) : rest > 0 ? _("Nadie más pasa de su tope.") : "";
  const none = agents.length ? _("Primero los que pasan de su tope.") : _("Ningún agente está conectado.");
  setText(at("w-others"), [none, others, late].filter(Boolean).join(" "));
}

function drawAgent(box, agent) {
  const look = LOOKS[agent.shown];
  const late = overLimit(agent);
  box.className = `ag ${look.css}${late ? " over" : ""}`;
  setIcon(box.querySelector("svg"), late ? "bell" : look.icon);
  setText(box.querySelector(".nm"), agent.name);
  const what =
    agent.shown === "paused"
      ? agent.reason
      : agent.shown === "on_call"
        ? agent.campaign
        : agent.shown === "handling"
          ? agent.case_number
          : null;
  setText(box.querySelector(".what"), what ?? look.word);
  setText(box.querySelector("time"), duration(passed(agent.since)));
}

const MODES = { manual: "flag", preview: "eye", progressive: "dial", predictive: "dial", inbound: "phone" };

function drawCampaigns() {
  const shown = board.campaigns.slice(0, LINES);
  at("w-campaigns").replaceChildren(...shown.map(line));
  const rest = board.campaigns.length - shown.length;
  setText(
    at("w-more"),
    rest > 0
      ? ngettext("Otra campaña, sin llamadas en espera.", "Otras %(count)s campañas, las de menos espera.", rest)
      : "",
  );
}

function line(campaign) {
  const wait = campaign.longest_wait_since ? passed(campaign.longest_wait_since) : null;
  const late = wait !== null && wait > board.limits.wait_seconds * 1000;
  const service = campaign.calls.service_percent;
  const low = service !== null && service < board.limits.service_percent;
  const figure = (text, hue = "", picture = "") =>
    el("td", { class: `r ${text === "–" ? "w-mut" : hue}` }, picture ? icon(picture) : null, text);
  return el(
    "tr",
    {},
    el("td", {}, el("span", { class: "w-name" }, icon(MODES[campaign.mode] ?? "flag"), el("span", {}, campaign.name))),
    figure(numbers.format(campaign.waiting)),
    figure(wait === null ? "–" : duration(wait), late ? "w-red" : "", late ? "bell" : ""),
    figure(
      service === null ? "–" : `${numbers.format(Math.round(service))} %`,
      low ? "w-amber" : "",
      low ? "alert" : "",
    ),
    figure(numbers.format(campaign.worked_today)),
    figure(numbers.format(campaign.agents)),
  );
}

function drawDay() {
  const { today, calls_now: calls } = board;
  setText(at("w-since"), _("desde las %(time)s", { time: hour(today.since) }));
  setText(at("w-talking"), numbers.format(calls.talking));
  setText(at("w-dispositions"), numbers.format(today.dispositions));
  setText(at("w-effective"), numbers.format(today.effective));
  setText(at("w-worked"), numbers.format(today.worked));
  const results = today.results
    .slice(0, 6)
    .map((one) => el("div", {}, el("dt", { class: "cut" }, one.name), el("dd", {}, numbers.format(one.count))));
  at("w-results").replaceChildren(
    ...(results.length
      ? results
      : [el("div", { class: "w-mut" }, el("dt", {}, _("Todavía no hay resultados de hoy.")), el("dd"))]),
  );
}

function drawTruth() {
  const old = stale();
  at("main").classList.toggle("stale", old);
  const place = at("w-live");
  const moment = hourWithSeconds(board.as_of);
  setIcon(place.querySelector("svg"), old ? "nowave" : "wave");
  setText(
    place.querySelector("time"),
    old ? _("dato de las %(time)s", { time: moment }) : _("a las %(time)s", { time: moment }),
  );
  setText(
    place.querySelector("[data-word]"),
    old ? (live.state === "live" ? _("· sin cifras nuevas") : _("· reconectando")) : _("· en vivo"),
  );
}

function draw() {
  drawTiles();
  drawAgents();
  drawCampaigns();
  drawDay();
  drawTruth();
}

function take(newer) {
  if (Date.parse(newer.as_of) < Date.parse(board.as_of)) return;
  board = newer;
  draw();
}

live.on("wallboard.figures", (event) => take(event.figures));
live.watch("wallboard");
document.addEventListener("atiende:signed-out", () => location.reload());
everySecond(draw);
draw();
live.start();
