/** The desktop: rows move, arrive and leave as events say; hand and keyboard choose among them. */

import { heldByOther } from "../frame/may-take.js";
import { onMe } from "../frame/me.js";
import { everySecond, now } from "../lib/clock.js";
import { _ } from "../lib/gettext.js";
import { onKey } from "../lib/keys.js";
import { sayLastWord } from "../lib/last-word.js";
import { announce } from "../lib/layers.js";
import { fade, reduced } from "../lib/list-motion.js";
import { live } from "../lib/live.js";
import { at, myId } from "../lib/page.js";
import { el, icon } from "../lib/text.js";
import { considerAnybodys, readAnybodys, tickAnybodys } from "./anybodys.js";
import { arrange, filter, reading, showTotals, showWhatFollows, tellWaiting } from "./arrange.js";
import { choiceStaysAt, chooseByMouse, chosen, firstFree, select, step, take } from "./choice.js";
import {
  arrived,
  box,
  cases,
  dropSeen,
  firstOf,
  forget,
  given,
  list,
  nodes,
  refill,
  rowOf,
  shown,
  tickRow,
  waiting,
} from "./rows.js";
import { focusFilter, onFilter } from "./screen-filter.js";
import { hideWhy, showWhy, whyIsShown } from "./why-box.js";
import { more, refetch, refetchSoon } from "./window.js";

/** @import { CaseRow, PersonRow } from "../lib/events.js" */

const CASE_EVENTS = /** @type {const} */ ([
  "case.assigned",
  "case.unassigned",
  "case.opened",
  "case.left",
  "case.closed",
  "case.moved",
  "case.created",
]);

/* ---- what happens ---- */

/** Take a newer row of a case. @param {CaseRow} row @param {string} at when it was so */
function consider(row, at) {
  considerAnybodys(row, at);
  if (given.campaign && row.campaign.id !== given.campaign) return;
  const what = cases.take(row, now());
  if (!what) return;
  if (what === "gone") return leave(row.number);
  if (what === "arrived" && arrives(row)) return;
  refill(row);
  if (reading()) showTotals();
  else arrange();
}

/** Whether the new row has to wait, since the list is being read. @param {CaseRow} row */
function arrives(row) {
  arrived(row.number);
  announce(_("Caso nuevo: %(name)s", { name: row.customer.name }));
  if (!reading()) return false;
  waiting.add(row.number);
  tellWaiting();
  return true;
}

/** @param {number} gone */
function leave(gone) {
  choiceStaysAt(gone);
  const node = forget(gone);
  if (!node) return showWhatFollows();
  return void fade(node, () => {
    const hadFocus = node.contains(document.activeElement);
    node.remove();
    showWhatFollows();
    if (hadFocus) focusChosen();
  });
}

const focusChosen = () => nodes.get(chosen() ?? -1)?.focus();

onFilter(() => {
  filter();
  showTotals();
});

/* ---- hand and keyboard ---- */

function goUp() {
  const focused = document.activeElement;
  if (focused instanceof HTMLElement && list.contains(focused)) focused.blur();
  const first = firstOf(waiting);
  arrange();
  const behavior = reduced() ? "auto" : "smooth";
  if (!first) return box.scrollTo({ top: 0, behavior });
  select(first, false);
  return nodes.get(first)?.scrollIntoView({ block: "nearest", behavior });
}

/** @param {number | null} n */
function askWhy(n) {
  const node = n && nodes.get(n);
  if (node) showWhy(node, shown.order.indexOf(n), shown.order.map(rowOf));
}

function endWhy() {
  if (hideWhy()) focusChosen();
  return false;
}

/** Attend the chosen row, unless another person has it open. */
function takeChosen() {
  const n = chosen();
  return n && !heldByOther(rowOf(n)) && take(n);
}

chooseByMouse();
list.addEventListener("focusout", () => setTimeout(() => reading() || arrange()));
box.addEventListener("scroll", () => {
  if (box.scrollTop <= 4 && !reading()) arrange();
  if (box.scrollHeight - box.scrollTop - box.clientHeight < 400) more(arrange);
});
at("arrived").addEventListener("click", goUp);
const attendFirst = document.getElementById("attend-first");
attendFirst?.addEventListener("click", () => take(firstFree()));

for (const key of ["j", "ArrowDown"]) onKey(key, () => step(1));
for (const key of ["k", "ArrowUp"]) onKey(key, () => step(-1));
onKey("Home", goUp);
onKey("f", focusFilter);
onKey("q", () => void (whyIsShown() ? endWhy() : askWhy(chosen())));
if (attendFirst) {
  onKey("a", () => take(firstFree()));
  onKey("Enter", takeChosen);
}
onKey("Escape", endWhy);

/* ---- the clock and the line ---- */

function tick() {
  dropSeen();
  tickAnybodys();
  shown.order.forEach(tickRow);
  const rows = cases.sorted(now()).filter((row) => !waiting.has(row.number));
  if (!reading() && rows.some((row, i) => row.number !== shown.order[i])) arrange();
}

/** The way back to the case that this person has open: the one thing to do next. @param {PersonRow} person */
function showOpenCase({ case_number: open }) {
  attendFirst?.classList.toggle("primary", !open);
  at("desk").classList.toggle("busy", Boolean(open));
  const words = open && [
    el("strong", {}, _("Tiene abierto el caso %(number)s.", { number: open })),
    ` ${_("Sigue EN GESTIÓN hasta salir de él.")}`,
  ];
  const line = words && [
    icon("play"),
    el("span", { class: "grow" }, words),
    el("a", { class: "btn primary sm", href: `/casos/${open}` }, _("Volver al caso")),
  ];
  at("desk-notice").replaceChildren(...(line ? [el("p", { class: "notice k-blue held-line" }, line)] : []));
}

function readAll() {
  readAnybodys();
  return refetch(arrange);
}

for (const type of CASE_EVENTS) live.on(type, (event) => consider(event.case, event.at));
live.on("appointment.due", (event) => {
  consider(event.case, event.at);
  if (event.case.agent?.id === myId) announce(_("Cita vencida: %(name)s", { name: event.case.customer.name }));
});
for (const type of /** @type {const} */ (["contact.pressure_changed", "customer.corrected"]))
  live.on(type, (event) => {
    for (const row of event.cases) consider(row, event.at);
  });
live.on("list.changed", () => refetchSoon(readAll));
live.refetch(readAll);
document.addEventListener("atiende:counted", showTotals);
onMe(showOpenCase);
sayLastWord();
arrange();
everySecond(tick);
