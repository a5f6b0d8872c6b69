/**
 * The desktop: rows move, arrive and leave as events say, in the order of X2; nothing moves under the hand.
 *
 * While the list is scrolled, has the focus or the pointer, rows are changed in place and what would move them waits.
 */

import { onMe } from "../frame/agent-state.js";
import { count } from "../frame/counters.js";
import { everySecond, now } from "../lib/clock.js";
import { _, ngettext } from "../lib/gettext.js";
import { onKey } from "../lib/keys.js";
import { sayLastWord } from "../lib/last-word.js";
import { announce } from "../lib/layers.js";
import { fade, place, reduced, sliding } from "../lib/list-motion.js";
import { live } from "../lib/live.js";
import { el, icon, setText } from "../lib/text.js";
import { heldByOther } from "./case-row.js";
import { choiceStaysAt, chooseByMouse, chosen, firstFree, keepChoice, select, step, take } from "./choice.js";
import { LATER, orderKey } from "./order.js";
import {
  arrived,
  box,
  cases,
  comesBefore,
  dropSeen,
  firstOf,
  forget,
  given,
  list,
  me,
  nodeOf,
  nodes,
  refill,
  shown,
  tickRow,
  waiting,
} from "./rows.js";
import { filterRows, focusFilter, onFilter } from "./screen-filter.js";
import { hideWhy, showWhy, whyIsShown } from "./why-box.js";
import { fewAreLeft, isLoading, more, refetch, refetchSoon } from "./window.js";

const arrivedButton = document.getElementById("arrived");
const number = new Intl.NumberFormat(document.documentElement.dataset.locale || "es");
let pointerIn = false;

const reading = () => pointerIn || box.scrollTop > 4 || list.contains(document.activeElement);

/* ---- drawing ------------------------------------------------------------------------------------------------ */

/** Put every row where it belongs. */
function arrange() {
  waiting.clear();
  const rows = cases.sorted(now());
  shown.order = rows.map((row) => row.number);
  const pieces = rows.map(nodeOf);
  const later = rows.findIndex((row) => row.status !== "closed" && orderKey(row, now())[0] === LATER);
  if (later >= 0 && given.section !== "closed") pieces.splice(later, 0, divider());
  sliding([...nodes.values()], () => place(list, pieces));
  for (const known of [...nodes.keys()]) if (!cases.get(known)) nodes.delete(known);
  after();
}

const divider = () =>
  list.querySelector("[data-gap]") ?? document.getElementById("gap-template").content.firstElementChild.cloneNode(true);

/** What follows from the rows: selection, filter, counts, empty states, more rows when few are left. */
function after() {
  keepChoice();
  filter();
  tellWaiting();
  totals();
  if (fewAreLeft()) more(arrange);
}

function totals() {
  const all = given.items.length || shown.order.length ? Math.max(count(given.section), shown.order.length) : 0;
  const campaigns = new Set(shown.order.map((n) => cases.get(n).campaign.id)).size;
  const amount = ngettext("1 caso", "%(n)s casos", all, { n: number.format(all) });
  setText(
    document.querySelector("[data-total]"),
    campaigns > 1 ? _("%(cases)s en %(campaigns)s campañas", { cases: amount, campaigns }) : amount,
  );
  const visible = shown.order.filter((n) => !nodes.get(n).hidden).length;
  setText(
    document.querySelector("[data-shown]"),
    _("En pantalla %(shown)s de %(all)s", { shown: number.format(visible), all: number.format(all) }),
  );
  const first = document.getElementById("attend-first");
  if (first) first.disabled = !firstFree();
}

function tellWaiting() {
  arrivedButton.hidden = waiting.size === 0;
  if (!waiting.size) return;
  const n = waiting.size;
  const above = comesBefore(
    firstOf(waiting),
    shown.order.find((known) => nodes.get(known)?.offsetTop >= box.scrollTop),
  );
  setText(
    arrivedButton.querySelector("[data-word]"),
    above
      ? ngettext("1 caso nuevo arriba", "%(count)s casos nuevos arriba", n)
      : ngettext("1 caso nuevo", "%(count)s casos nuevos", n),
  );
}

/* ---- what happens ------------------------------------------------------------------------------------------- */

function consider(row) {
  if (given.campaign && row.campaign.id !== given.campaign) return;
  const what = cases.take(row, now());
  if (!what) return;
  if (what === "arrived") {
    arrived(row.number);
    announce(_("Caso nuevo: %(name)s", { name: row.customer.name }));
    if (reading()) {
      waiting.add(row.number);
      return tellWaiting();
    }
  }
  if (what === "gone") return leave(row.number);
  refill(row);
  if (!reading()) arrange();
  else totals();
  return undefined;
}

function leave(gone) {
  choiceStaysAt(gone);
  const node = forget(gone);
  if (!node) return after();
  return fade(node, () => {
    const hadFocus = node.contains(document.activeElement);
    node.remove();
    after();
    if (hadFocus) nodes.get(chosen())?.focus();
  });
}

/** What is shown of the rows, and what is said when it is nothing. */
function filter() {
  const filtering = filterRows(shown.order.map((n) => ({ row: cases.get(n), node: nodes.get(n) })));
  document.querySelector('[data-empty="none"]').hidden = shown.order.length > 0 || isLoading();
  list.querySelector("[data-gap]")?.toggleAttribute("hidden", filtering);
}

onFilter(() => {
  filter();
  totals();
});

/* ---- hand and keyboard ---------------------------------------------------------------------------------------- */

function goUp() {
  if (document.activeElement && list.contains(document.activeElement)) document.activeElement.blur();
  const first = firstOf(waiting);
  arrange();
  if (!first) return box.scrollTo({ top: 0, behavior: reduced() ? "auto" : "smooth" });
  select(first, false);
  return nodes.get(first).scrollIntoView({ block: "nearest", behavior: reduced() ? "auto" : "smooth" });
}

function askWhy(n) {
  if (n)
    showWhy(
      nodes.get(n),
      shown.order.indexOf(n),
      shown.order.map((other) => cases.get(other)),
    );
}

function endWhy() {
  if (hideWhy()) nodes.get(chosen())?.focus();
  return false;
}

chooseByMouse();
box.addEventListener("pointerenter", () => (pointerIn = true));
box.addEventListener("pointerleave", () => {
  pointerIn = false;
  if (!reading()) arrange();
});
list.addEventListener("focusout", () => setTimeout(() => reading() || arrange()));
box.addEventListener("scroll", () => {
  if (box.scrollTop <= 4 && !reading()) arrange();
  if (box.scrollHeight - box.scrollTop - box.clientHeight < 400) more(arrange);
});
arrivedButton.addEventListener("click", goUp);
document.getElementById("attend-first")?.addEventListener("click", () => take(firstFree()));

for (const key of ["j", "ArrowDown"]) onKey(key, () => step(1));
for (const key of ["k", "ArrowUp"]) onKey(key, () => step(-1));
onKey("Home", goUp);
onKey("f", focusFilter);
onKey("q", () => void (whyIsShown() ? endWhy() : askWhy(chosen())));
if (document.getElementById("attend-first")) {
  onKey("a", () => take(firstFree()));
  onKey("Enter", () => chosen() && !heldByOther(cases.get(chosen()), me) && take(chosen()));
}
onKey("Escape", endWhy);

/* ---- the clock and the line ----------------------------------------------------------------------------------- */

function tick() {
  dropSeen();
  shown.order.forEach(tickRow);
  const rows = cases.sorted(now()).filter((row) => !waiting.has(row.number));
  if (!reading() && rows.some((row, i) => row.number !== shown.order[i])) arrange();
}

for (const type of ["assigned", "unassigned", "opened", "left", "closed", "moved", "created"])
  live.on(`case.${type}`, (event) => consider(event.case));
live.on("appointment.due", (event) => {
  consider(event.case);
  if (event.case.agent?.id === me) announce(_("Cita vencida: %(name)s", { name: event.case.customer.name }));
});
for (const type of ["contact.pressure_changed", "customer.corrected"])
  live.on(type, (event) => event.cases.forEach(consider));
live.on("list.changed", () => refetchSoon(arrange));
live.refetch(() => refetch(arrange));
document.addEventListener("atiende:counted", totals);
onMe((person) => {
  const open = person.case_number;
  const line =
    open &&
    el(
      "p",
      { class: "notice k-blue held-line" },
      icon("play"),
      el(
        "span",
        { class: "grow" },
        el("strong", {}, _("Tiene abierto el caso %(number)s.", { number: open })),
        " ",
        _("Sigue EN GESTIÓN hasta salir de él."),
      ),
      el("a", { class: "btn sm", href: `/casos/${open}` }, _("Volver al caso")),
    );
  document.getElementById("desk-notice").replaceChildren(...(line ? [line] : []));
});
sayLastWord();
arrange();
everySecond(tick);
