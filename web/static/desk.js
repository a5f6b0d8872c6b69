/**
 * The desktop: rows move, arrive and leave as events say, in the order of X2; nothing moves under the hand.
 *
 * While the list is scrolled, has the focus or the pointer, rows are changed in place and what would move them waits.
 */
import { _, ngettext } from "./words.js";
import { api, pageData } from "./api.js";
import { announce } from "./layers.js";
import { attend } from "./attend.js";
import { LATER, orderKey } from "./case-order.js";
import { CaseWindow } from "./case-window.js";
import { count } from "./counters.js";
import { everySecond, now } from "./clock.js";
import { fillMoment, fillRow, heldByOther } from "./row.js";
import { el, icon, setText } from "./text.js";
import { live } from "./live.js";
import { onKey } from "./keys.js";
import { sayLastWord } from "./last-word.js";
import { onMe } from "./agent-state.js";
import { fade, keepingPlace, place, reduced, sliding } from "./list-motion.js";
import { filterRows, focusFilter, onFilter } from "./screen-filter.js";
import { hideWhy, showWhy, whyIsShown } from "./why-box.js";

const REFILL = 0.8; // refill when fewer than this part of a page is left
const PAGE = 50;
const SEEN = 6000; // how long an arrival is shown as new once the page is looked at
const JITTER = 2000;

const list = document.getElementById("rows");
const box = document.getElementById("rows-box");
const arrivedButton = document.getElementById("arrived");
const number = new Intl.NumberFormat(document.documentElement.dataset.locale || "es");
const me = Number(document.documentElement.dataset.me);
const given = pageData("desk");
const window_ = new CaseWindow({ ...given, me });
const nodes = new Map([...list.querySelectorAll("[data-number]")].map((node) => [Number(node.dataset.number), node]));
const fresh = new Map(); // number → when it stops being new
const waiting = new Set(); // arrivals held back while the list is being read
let order = [];
let selected = null;
let loading = false;
let pointerIn = false;

/* ---- drawing ------------------------------------------------------------------------------------------------ */

function nodeOf(row) {
  let node = nodes.get(row.number);
  if (!node) {
    node = document.getElementById("row-template").content.firstElementChild.cloneNode(true);
    nodes.set(row.number, node);
  }
  fillRow(node, row, { me, fresh: fresh.has(row.number) });
  node.classList.toggle("new", fresh.has(row.number));
  return node;
}

const reading = () => pointerIn || box.scrollTop > 4 || list.contains(document.activeElement);

/** Put every row where it belongs. */
function arrange() {
  waiting.clear();
  const rows = window_.sorted(now());
  order = rows.map((row) => row.number);
  const pieces = rows.map(nodeOf);
  const later = rows.findIndex((row) => row.status !== "closed" && orderKey(row, now())[0] === LATER);
  if (later >= 0 && given.section !== "closed") pieces.splice(later, 0, divider());
  sliding([...nodes.values()], () => place(list, pieces));
  for (const known of [...nodes.keys()]) if (!window_.get(known)) nodes.delete(known);
  after();
}

const divider = () => list.querySelector("[data-gap]") ?? document.getElementById("gap-template").content.firstElementChild.cloneNode(true);

/** What follows from the rows: selection, filter, counts, empty states, more rows when few are left. */
function after() {
  if (!order.includes(selected)) select(order[Math.min(lastPlace, order.length - 1)] ?? null, false);
  else select(selected, false);
  filter();
  tellWaiting();
  totals();
  if (window_.next && window_.size < PAGE * REFILL) more();
}

function totals() {
  const all = given.items.length || order.length ? Math.max(count(given.section), order.length) : 0;
  const campaigns = new Set(order.map((n) => window_.get(n).campaign.id)).size;
  const cases = ngettext("1 caso", "%(n)s casos", all, { n: number.format(all) });
  setText(document.querySelector("[data-total]"), campaigns > 1 ? _("%(cases)s en %(campaigns)s campañas", { cases, campaigns }) : cases);
  const shown = order.filter((n) => !nodes.get(n).hidden).length;
  setText(document.querySelector("[data-shown]"), _("En pantalla %(shown)s de %(all)s", { shown: number.format(shown), all: number.format(all) }));
  const first = document.getElementById("attend-first");
  if (first) first.disabled = !firstFree();
}

function tellWaiting() {
  arrivedButton.hidden = waiting.size === 0;
  if (!waiting.size) return;
  const n = waiting.size;
  const above = comesBefore(firstOf(waiting), order.find((known) => nodes.get(known)?.offsetTop >= box.scrollTop));
  setText(arrivedButton.querySelector("[data-word]"), above ? ngettext("1 caso nuevo arriba", "%(count)s casos nuevos arriba", n) : ngettext("1 caso nuevo", "%(count)s casos nuevos", n));
}

/** The first of these rows in the list's order. */
const firstOf = (numbers) => window_.sorted(now()).find((row) => numbers.has(row.number))?.number;

const comesBefore = (one, other) => {
  const rows = window_.sorted(now()).map((row) => row.number);
  return rows.indexOf(one) < rows.indexOf(other);
};

/* ---- what happens ------------------------------------------------------------------------------------------- */

function consider(row) {
  if (given.campaign && row.campaign.id !== given.campaign) return;
  const what = window_.take(row, now());
  if (!what) return;
  if (what === "arrived") {
    fresh.set(row.number, 0);
    announce(_("Caso nuevo: %(name)s", { name: row.customer.name }));
    if (reading()) {
      waiting.add(row.number);
      return tellWaiting();
    }
  }
  if (what === "gone") return leave(row.number);
  const node = nodes.get(row.number);
  if (node) fillRow(node, row, { me, fresh: fresh.has(row.number) });
  if (!reading()) arrange();
  else totals();
  return undefined;
}

function leave(gone) {
  fresh.delete(gone);
  waiting.delete(gone);
  const node = nodes.get(gone);
  lastPlace = Math.max(0, order.indexOf(gone));
  order = order.filter((n) => n !== gone);
  nodes.delete(gone);
  if (!node) return after();
  return fade(node, () => {
    const hadFocus = node.contains(document.activeElement);
    node.remove();
    after();
    if (hadFocus) nodes.get(selected)?.focus();
  });
}

async function ask(cursor) {
  const query = new URLSearchParams({ section: given.section });
  if (given.campaign) query.set("campaign", given.campaign);
  if (cursor) query.set("next", cursor);
  return (await api.get(`/cases?${query}`)).value;
}

/** The next page, below. */
async function more() {
  if (loading || !window_.next) return;
  loading = true;
  const skeleton = document.querySelector("[data-skeleton]");
  const slow = setTimeout(() => (skeleton.hidden = false), 300);
  const page = await ask(window_.next);
  clearTimeout(slow);
  skeleton.hidden = true;
  loading = false;
  if (!page) return;
  window_.extend(page.items, page.next);
  arrange();
}

/** The window read anew: events were missed, or many rows changed at once. */
async function refetch() {
  const wanted = Math.max(PAGE, window_.size);
  const items = [];
  let next = null;
  do {
    const page = await ask(next);
    if (!page) return;
    items.push(...page.items);
    next = page.next;
  } while (next && items.length < wanted);
  window_.replace(items, next);
  if (box.scrollTop <= 4) arrange();
  else keepingPlace(box, list, arrange);
}

let soon = 0;
function refetchSoon() {
  clearTimeout(soon);
  soon = setTimeout(refetch, 200 + Math.random() * JITTER);
}

/** What is shown of the rows, and what is said when it is nothing. */
function filter() {
  const filtering = filterRows(order.map((n) => ({ row: window_.get(n), node: nodes.get(n) })));
  document.querySelector('[data-empty="none"]').hidden = order.length > 0 || loading;
  list.querySelector("[data-gap]")?.toggleAttribute("hidden", filtering);
}

onFilter(() => {
  filter();
  totals();
});

/* ---- hand and keyboard ---------------------------------------------------------------------------------------- */

let lastPlace = 0;

function select(n, focus = true) {
  const before = nodes.get(selected);
  if (before && selected !== n) {
    before.classList.remove("sel");
    before.querySelector("[data-attend]").classList.remove("on");
    before.tabIndex = -1;
    for (const inner of before.querySelectorAll("a, button")) inner.tabIndex = -1;
  }
  selected = n;
  const node = nodes.get(n);
  if (!node) return;
  lastPlace = order.indexOf(n);
  node.classList.add("sel");
  node.querySelector("[data-attend]").classList.add("on");
  node.tabIndex = 0;
  for (const inner of node.querySelectorAll("a, button")) inner.tabIndex = 0;
  if (focus) node.focus({ preventScroll: true });
  if (focus) node.scrollIntoView({ block: "nearest" });
}

const visible = () => order.filter((n) => nodes.get(n) && !nodes.get(n).hidden);

function step(by) {
  const all = visible();
  if (!all.length) return;
  const at = all.indexOf(selected);
  const here = nodes.get(selected)?.contains(document.activeElement);
  select(all[here || at < 0 ? Math.min(all.length - 1, Math.max(0, at + by)) : at]);
  dropSeen();
}

const free = (n) => !heldByOther(window_.get(n), me) && window_.get(n).status !== "closed";
const firstFree = () => visible().find(free);
const nextFree = (n) => {
  const all = visible();
  return all.slice(all.indexOf(n) + 1).find(free) ?? all.find((other) => other !== n && free(other));
};

const take = (n) => n && (window_.get(n).status === "closed" ? location.assign(`/casos/${n}`) : attend(n, { next: nextFree }));

function goUp() {
  if (document.activeElement && list.contains(document.activeElement)) document.activeElement.blur();
  const arrived = firstOf(waiting);
  arrange();
  if (!arrived) return box.scrollTo({ top: 0, behavior: reduced() ? "auto" : "smooth" });
  select(arrived, false);
  return nodes.get(arrived).scrollIntoView({ block: "nearest", behavior: reduced() ? "auto" : "smooth" });
}

function askWhy(n) {
  if (n) showWhy(nodes.get(n), order.indexOf(n), order.map((other) => window_.get(other)));
}

function endWhy() {
  if (hideWhy()) nodes.get(selected)?.focus();
  return false;
}

list.addEventListener("click", (event) => {
  const node = event.target.closest("[data-number]");
  if (!node) return;
  const n = Number(node.dataset.number);
  select(n, !event.target.closest("a, button"));
  if (event.target.closest("[data-attend]")) take(n);
});
list.addEventListener("dblclick", (event) => {
  const node = event.target.closest("[data-number]");
  if (node && !event.target.closest("a, button") && free(Number(node.dataset.number))) take(Number(node.dataset.number));
});
box.addEventListener("pointerenter", () => (pointerIn = true));
box.addEventListener("pointerleave", () => {
  pointerIn = false;
  if (!reading()) arrange();
});
list.addEventListener("focusout", () => setTimeout(() => reading() || arrange()));
box.addEventListener("scroll", () => {
  if (box.scrollTop <= 4 && !reading()) arrange();
  if (box.scrollHeight - box.scrollTop - box.clientHeight < 400) more();
});
arrivedButton.addEventListener("click", goUp);
document.getElementById("attend-first")?.addEventListener("click", () => take(firstFree()));

for (const key of ["j", "ArrowDown"]) onKey(key, () => step(1));
for (const key of ["k", "ArrowUp"]) onKey(key, () => step(-1));
onKey("Home", goUp);
onKey("f", focusFilter);
onKey("q", () => void (whyIsShown() ? endWhy() : askWhy(selected)));
if (document.getElementById("attend-first")) {
  onKey("a", () => take(firstFree()));
  onKey("Enter", () => selected && !heldByOther(window_.get(selected), me) && take(selected));
}
onKey("Escape", endWhy);

/* ---- the clock and the line ----------------------------------------------------------------------------------- */

function dropSeen() {
  for (const [n, until] of fresh) {
    if (!until && nodes.get(n)?.isConnected) fresh.set(n, Date.now() + SEEN);
    else if (until && until < Date.now()) fresh.delete(n);
  }
}

function tick() {
  dropSeen();
  for (const n of order) {
    const node = nodes.get(n);
    node.classList.toggle("new", fresh.has(n));
    fillMoment(node, window_.get(n), { me, fresh: fresh.has(n) });
  }
  const rows = window_.sorted(now()).filter((row) => !waiting.has(row.number));
  if (!reading() && rows.some((row, i) => row.number !== order[i])) arrange();
}

for (const type of ["assigned", "unassigned", "opened", "left", "closed", "moved", "created"]) live.on(`case.${type}`, (event) => consider(event.case));
live.on("appointment.due", (event) => {
  consider(event.case);
  if (event.case.agent?.id === me) announce(_("Cita vencida: %(name)s", { name: event.case.customer.name }));
});
for (const type of ["contact.pressure_changed", "customer.corrected"]) live.on(type, (event) => event.cases.forEach(consider));
live.on("list.changed", refetchSoon);
live.refetch(refetch);
document.addEventListener("atiende:counted", totals);
onMe((person) => {
  const open = person.case_number;
  const line = open && el("p", { class: "notice k-blue held-line" }, icon("play"), el("span", { class: "grow" }, el("strong", {}, _("Tiene abierto el caso %(number)s.", { number: open })), " ", _("Sigue EN GESTIÓN hasta salir de él.")), el("a", { class: "btn sm", href: `/casos/${open}` }, _("Volver al caso")));
  document.getElementById("desk-notice").replaceChildren(...(line ? [line] : []));
});
sayLastWord();
arrange();
everySecond(tick);
