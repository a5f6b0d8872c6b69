/**
 * The screen pop: who calls, in one second, without taking the focus (M-05, S4-78, S4-80).
 *
 * It is up exactly while the newest row of the call says that this person's phone rings, or that he answered and nobody
 * has said yet which of several customers it is. This house only listens to the PBX: one answers on the phone itself.
 */

import { pressureAt, pressureWord } from "../contact/pressure.js";
import { contactWords, plain, SERVICE } from "../desk/case-row.js";
import { api, keyGiver } from "../lib/api.js";
import { duration, everySecond, now } from "../lib/clock.js";
import { _, ngettext } from "../lib/gettext.js";
import { onKey } from "../lib/keys.js";
import { alarm, toast } from "../lib/layers.js";
import { live } from "../lib/live.js";
import { el, icon, setText, writing } from "../lib/text.js";
import { Versions } from "../lib/versions.js";
import { me, onMe } from "./agent-state.js";
import { callBar, progress, showInBar } from "./call-bar.js";
import { banner } from "./connection.js";

const LIKELY = {
  own_case: (m) => _("Caso %(number)s con usted", { number: m.case_number }),
  open_case: (m) =>
    m.case_agent
      ? _("Caso %(number)s con %(agent)s", { number: m.case_number, agent: m.case_agent })
      : _("Caso %(number)s, sin asignar", { number: m.case_number }),
  contacted: (m) => _("Último contacto %(contact)s", { contact: contactWords(m.last_contact) }),
  number: () => _("Tiene este teléfono"),
};

const versions = new Versions();
const calls = new Map();
const keyOf = keyGiver();
const myId = Number(document.documentElement.dataset.me);
let drawn = "";
let asNew = null; // the call whose caller is being written down as a new customer

/** Begin with the calls the page was drawn with; follow the events. */
export function showCalls(first) {
  for (const call of first) take(call, true);
  for (const type of ["asked", "ringing", "customer_rang", "answered", "matched", "ended", "failed"])
    live.on(`call.${type}`, (event) => take(event.call));
  live.refetch(refetch);
  onMe(drawPhone);
  callBar();
  everySecond(tick);
  for (let digit = 1; digit <= 9; digit++) onKey(String(digit), (event) => digitsAreHere(event.target) && pick(digit));
}

async function refetch() {
  const answer = await api.get("/calls");
  const items = answer.value?.items ?? answer.value;
  if (!Array.isArray(items)) return;
  const known = new Set(items.map((call) => call.id));
  for (const id of calls.keys()) if (!known.has(id)) calls.delete(id);
  for (const call of items) take(call);
  draw();
}

function take(call, silent = false) {
  if (!versions.take("call", call.id, call.version)) return;
  const before = calls.get(call.id);
  if (concerns(call)) calls.set(call.id, call);
  else calls.delete(call.id);
  if (rings(call) && !(before && rings(before)))
    alarm(_("Llamada entrante: %(who)s", { who: call.customer?.name ?? call.caller_shown }));
  draw();
  if (!silent && mine(call) && call.direction === "inbound") follow(call, before);
}

const rings = (call) => call.phase !== "ended" && call.direction !== "outbound" && call.ringing.includes(myId);
const mine = (call) => call.phase === "talking" && call.agent?.id === myId;
const asked = (call) =>
  call.direction === "outbound" && ["dialing", "ringing"].includes(call.phase) && call.agent?.id === myId;
const concerns = (call) => rings(call) || mine(call) || asked(call);
const current = () =>
  [...calls.values()].find(rings) ??
  [...calls.values()].find((call) => mine(call) && !call.customer && call.matches.length);

/** Answered: what the call is about opens by itself, unless something is being written. */
function follow(call, before) {
  const to = where(call);
  if (!to || to === location.pathname || (before && mine(before) && where(before) === to)) return;
  if (!writing()) location.assign(to);
}

function where(call) {
  if (call.case) return `/casos/${call.case.number}`;
  if (call.customer) return `/clientes/${call.customer.id}`;
  return call.matches.length ? null : `/llamadas/${call.id}`;
}

/** While one talks and looks at something else, the way to what the call is about stays in sight. */
function drawElsewhere() {
  const call = [...calls.values()].find(mine);
  const to = call && where(call);
  if (!to || to === location.pathname) return banner("call", null);
  const open = el("a", { class: "btn sm", href: to }, _("Abrir"));
  return banner(
    "call",
    "violet",
    "phone",
    _("En llamada con %(who)s.", { who: call.customer?.name ?? (call.caller_shown || _("número oculto")) }),
    _("Lo escrito aquí se conserva como borrador."),
    open,
  );
}

/* ---- drawing ------------------------------------------------------------------------------------------------ */

function draw() {
  const box = document.getElementById("pop");
  drawPhone(me());
  drawElsewhere();
  if (!box) return;
  const call = current();
  if (!call) {
    box.hidden = true;
    drawn = "";
    return;
  }
  const key = JSON.stringify([call.id, call.version, asNew]);
  if (key !== drawn) {
    const typed = new Map([...box.querySelectorAll("input")].map((field) => [field.name, field.value]));
    box.classList.toggle("unk", !call.customer && !call.matches.length);
    box.classList.toggle("talking", mine(call));
    box.replaceChildren(head(call), body(call), foot(call));
    for (const field of box.querySelectorAll("input")) if (typed.has(field.name)) field.value = typed.get(field.name);
    drawn = key;
  }
  box.hidden = false;
  tick();
}

function head(call) {
  const origin = [call.campaign?.name ?? call.queue, call.direction === "inbound" ? _("entrante") : _("saliente")]
    .filter(Boolean)
    .join(", ");
  return el(
    "p",
    { class: "ringbar", id: "pop-h" },
    icon("phone"),
    el("span", { class: "num" }, call.caller_shown || _("Número oculto")),
    el("span", { class: "meta inherits-colour" }, origin),
    el("span", { class: "timer end" }),
  );
}

function body(call) {
  if (call.customer) return el("div", { class: "in" }, known(call));
  if (call.matches.length && asNew !== call.id) return el("div", { class: "in" }, several(call));
  return el("div", { class: "in" }, unknown(call));
}

function known(call) {
  const match = call.matches.find((m) => m.customer.id === call.customer.id);
  const row = call.case;
  const state = match?.service_state ?? row?.service_state;
  const account = row?.account ?? match?.account;
  const service = SERVICE[state];
  const contact = row?.last_contact ?? match?.last_contact;
  return [
    el(
      "div",
      { class: "row" },
      el("h2", { class: "grow" }, el("a", { href: `/clientes/${call.customer.id}` }, call.customer.name)),
      service && el("span", { class: `chip ${service[1]}` }, icon(service[0]), service[2]),
    ),
    row ? notice(row) : null,
    el(
      "dl",
      { class: "num" },
      pair(_("Documento"), call.customer.document),
      account &&
        pair(_("Plan"), [account.plan, _("cuenta %(number)s", { number: account.number })].filter(Boolean).join(", ")),
      contact && pair(_("Último contacto"), contactWords(contact)),
      row && pair(_("Presión"), pressureWord(pressureAt(row.pressure, now()))),
    ),
  ];
}

function notice(row) {
  const whose =
    row.agent?.id === myId
      ? _("Tiene un caso abierto con usted.")
      : row.agent
        ? _("Tiene un caso abierto con %(agent)s.", { agent: row.agent.name })
        : _("Tiene un caso abierto.");
  const held =
    row.holder && row.holder.id !== myId
      ? _("Ahora lo atiende %(name)s.", { name: row.holder.name })
      : _("Al contestar se abre ese caso.");
  return el(
    "p",
    { class: "notice k-amber" },
    icon("flag"),
    el(
      "span",
      {},
      el("strong", {}, whose),
      " ",
      _("%(number)s, %(campaign)s.", { number: row.number, campaign: row.campaign.name }),
      " ",
      held,
    ),
  );
}

const pair = (name, value) => (value ? [el("dt", {}, name), el("dd", {}, value)] : []);

function several(call) {
  const rows = call.matches.map((match, i) =>
    el(
      "button",
      { type: "button", class: "cand", onclick: () => choose(call, match.customer.id) },
      el("span", { class: "grow" }, [
        el(
          "span",
          { class: "row" },
          el("b", { class: "strong c-blue read" }, match.customer.name),
          el("kbd", { class: "end" }, i + 1),
        ),
        el(
          "span",
          { class: "l2" },
          SERVICE[match.service_state] ? plain(SERVICE[match.service_state]) : null,
          el("span", { class: "meta cut" }, [match.account?.plan, match.customer.document].filter(Boolean).join(" · ")),
        ),
        el(
          "span",
          { class: "hint block" },
          i === 0 ? el("b", { class: "strong" }, _("Más probable: ")) : null,
          LIKELY[match.why](match),
        ),
      ]),
    ),
  );
  const hint = mine(call)
    ? _("Pregunte el nombre y elija quién llama.")
    : _("Puede contestar ya y elegir después, al preguntar el nombre.");
  return [
    el(
      "div",
      {},
      el(
        "h2",
        {},
        ngettext("1 cliente tiene este teléfono", "%(count)s clientes tienen este teléfono", call.matches.length),
      ),
      el("p", { class: "hint" }, hint),
    ),
    el("div", { class: "col gap6", role: "group", "aria-label": _("Clientes con este teléfono") }, rows),
    el(
      "div",
      { class: "row" },
      el(
        "button",
        { type: "button", class: "btn sm quiet", onclick: () => ((asNew = call.id), draw()) },
        icon("plus", "s"),
        _("Cliente nuevo"),
      ),
    ),
  ];
}

function unknown(call) {
  const field = (name, word) =>
    el(
      "div",
      { class: "field" },
      el("label", { for: `pop-${name}` }, word),
      el("input", { class: "input", id: `pop-${name}`, name, autocomplete: "off" }),
    );
  const found = el("div", { class: "col gap6", "data-found": "" });
  const campaign = call.campaign ?? null;
  return [
    el(
      "div",
      {},
      el("h2", {}, call.matches.length ? _("Cliente nuevo") : _("Número desconocido")),
      el(
        "p",
        { class: "hint" },
        call.matches.length
          ? _("Se crea con este teléfono.")
          : _("No está en la base. Al contestar se abre una ficha vacía con este teléfono."),
      ),
    ),
    el(
      "dl",
      { class: "num" },
      pair(_("Campaña"), campaign?.name),
      pair(_("Cola"), call.queue),
      pair(_("Se anuncia como"), call.caller_name),
    ),
    el("div", { class: "pair" }, field("first_name", _("Nombre")), field("first_surname", _("Apellido"))),
    field("document", _("Documento")),
    el(
      "div",
      { class: "row" },
      el(
        "button",
        { type: "button", class: "btn sm", onclick: () => lookAlike(call, found) },
        icon("search", "s"),
        _("Buscar coincidencias"),
      ),
      el(
        "button",
        { type: "button", class: "btn sm quiet end", onclick: () => create(call) },
        icon("plus", "s"),
        _("Crear cliente"),
      ),
    ),
    found,
  ];
}

function foot(call) {
  const words = mine(call) ? _("En llamada: elija quién es") : _("Conteste en su teléfono");
  return el(
    "footer",
    {},
    el(
      "span",
      { class: `plain ${mine(call) ? "k-violet" : "k-green"} lead-word` },
      icon(mine(call) ? "head" : "phone"),
      words,
    ),
    me()?.extension ? el("span", { class: "end meta" }, _("Int. %(extension)s", { extension: me().extension })) : null,
  );
}

/* ---- what the agent does --------------------------------------------------------------------------------------- */

/** On a case the digits are its results'; there they choose who calls only while the focus is in the pop. */
const digitsAreHere = (focused) => !document.getElementById("cascade") || Boolean(focused.closest?.("#pop"));

function pick(digit) {
  const call = current();
  if (!call || call.customer || asNew === call.id || !call.matches[digit - 1]) return false;
  choose(call, call.matches[digit - 1].customer.id);
  return true;
}

async function say(call, body) {
  const answer = await api.post(`/calls/${call.id}/customer`, body, { key: keyOf([call.id, body]) });
  if (answer.refused) toast(answer.refused.message, { name: "alert", hue: "red" });
  else take(answer.value.call);
  return answer;
}

const choose = (call, customerId) => say(call, { customer_id: customerId });

const typed = () =>
  Object.fromEntries(
    [...document.querySelectorAll("#pop input")]
      .map((field) => [field.name, field.value.trim()])
      .filter(([, value]) => value),
  );

async function create(call) {
  const customer = typed();
  if (!customer.first_name && !customer.document) return document.getElementById("pop-first_name").focus();
  const answer = await say(call, { ...customer, phones: call.caller_id ? [call.caller_id] : [] });
  if (!answer.refused) asNew = null;
  return undefined;
}

async function lookAlike(call, found) {
  const { first_name = "", first_surname = "", document: number = "" } = typed();
  const query = number
    ? new URLSearchParams({ document: number })
    : new URLSearchParams({ q: `${first_name} ${first_surname}`.trim() });
  const answer = await api.get(`/customers?${query}`);
  if (answer.refused) return toast(answer.refused.message, { name: "alert", hue: "red" });
  const rows = answer.value.items
    .slice(0, 4)
    .map((customer) =>
      el(
        "button",
        { type: "button", class: "cand", onclick: () => choose(call, customer.id) },
        el(
          "span",
          { class: "grow" },
          el("b", { class: "strong c-blue" }, customer.name),
          el("span", { class: "hint block num" }, customer.document),
        ),
      ),
    );
  return found.replaceChildren(
    ...(rows.length ? rows : [el("p", { class: "hint", role: "status" }, _("Nadie en la base coincide."))]),
  );
}

/* ---- the phone box and the timers ------------------------------------------------------------------------------ */

const PHONE = {
  registered: _("lista"),
  ready: _("lista"),
  idle: _("lista"),
  in_use: _("en uso"),
  ringing: _("suena"),
  unregistered: _("sin conexión"),
  unavailable: _("sin conexión"),
};

function drawPhone(person) {
  const box = document.getElementById("phonebox");
  if (!box || !person) return;
  const ringing = [...calls.values()].find(rings);
  const dialled = [...calls.values()].find(asked);
  const talking = person.call === "talking" || person.call === "held" || Boolean(dialled);
  showInBar(box, ringing ? null : (dialled ?? [...calls.values()].find(mine) ?? null));
  box.classList.toggle("ring", Boolean(ringing));
  box.classList.toggle("on", talking && !ringing);
  box.title =
    talking || ringing
      ? ""
      : _("Interno %(extension)s: %(state)s", {
          extension: person.extension ?? "",
          state: PHONE[person.phone] ?? _("sin datos"),
        });
  if (ringing) setText(box.querySelector("[data-words]"), _("Llamada entrante"));
  else if (talking)
    setText(
      box.querySelector("[data-words]"),
      (dialled ?? [...calls.values()].find(mine))?.caller_shown || _("En llamada"),
    );
  else setText(box.querySelector("[data-words]"), _("Int. %(extension)s", { extension: person.extension ?? "" }));
  setText(
    box.querySelector("[data-state]"),
    dialled && !ringing
      ? progress(dialled)
      : talking || ringing
        ? person.call === "held"
          ? _("en espera")
          : ""
        : (PHONE[person.phone] ?? ""),
  );
}

function tick() {
  const call = current();
  if (!call) return;
  const since = Date.parse(call.answered_at ?? call.started_at);
  setText(document.querySelector("#pop .timer"), duration(now() - since));
}
