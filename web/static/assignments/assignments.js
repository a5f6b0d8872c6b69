/** `/asignaciones`: search, see how many each would get, share out; the button's numbers are those of the preview. */

import { api } from "../lib/api.js";
import { hour, now } from "../lib/clock.js";
import { _, ngettext } from "../lib/gettext.js";
import { announce, dialog, toast } from "../lib/layers.js";
import { live } from "../lib/live.js";
import { at, numbers, pageData, sayRefused } from "../lib/page.js";
import { avatar, el, icon, setText } from "../lib/text.js";

const { campaigns, agents: people } = pageData("assignments");
const root = document.documentElement;
const SOON = 250;
const LATER = 1500;
const STATES = {
  offline: _("Desconectado"),
  waiting: _("En espera"),
  handling: _("En gestión"),
  wrap_up: _("Tipificando"),
  paused: _("En pausa"),
};
const SERVICE = {
  active: ["check", "green", _("Activo")],
  suspended: ["pause", "amber", _("Suspendido")],
  in_arrears: ["coin", "red", _("Moroso")],
  withdrawn: ["exit", "grey", _("Retirado")],
};
const WORDS = [
  _("ninguno"),
  _("uno"),
  _("dos"),
  _("tres"),
  _("cuatro"),
  _("cinco"),
  _("seis"),
  _("siete"),
  _("ocho"),
  _("nueve"),
  _("diez"),
];
const chosen = new Set();
/** The newest preview, and the search it is of. */
let seen = null;
let asking = null;
let timer = 0;

const campaign = () => campaigns.find((one) => one.id === Number(at("as-campaign").value));
const records = () => document.querySelector('input[name="records"]:checked').value;
const inOrder = () => people.filter((one) => chosen.has(one.id)).map((one) => one.id);

function asked() {
  const most = Number(at("as-max").value.replace(/\D/g, ""));
  const filters = [...at("as-filters").children].map((row) => ({
    field: row.querySelector("[name=field]").value,
    op: row.querySelector("[name=op]").value,
    value: row.querySelector("[name=value]").value,
  }));
  return { campaign: campaign().id, filters, records: records(), max: most || null, agents: inOrder() };
}

function addFilter(field = "service_state", op = "equals", value = "") {
  const row = at("as-filter").content.firstElementChild.cloneNode(true);
  row.querySelector("[name=field]").value = field;
  row.querySelector("[name=op]").value = op;
  row.querySelector("[name=value]").value = value;
  row.querySelector("[data-remove]").addEventListener("click", () => {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    joinWords();
    (next?.querySelector("[data-remove]") ?? at("as-add")).focus();
    search();
  });
  at("as-filters").append(row);
  joinWords();
  return row;
}

/** "Clientes con … y … y …" */
function joinWords() {
  [...at("as-filters").children].forEach((row, i) => setText(row.querySelector(".fy"), i ? _("y") : _("Clientes con")));
  at("as-clear").disabled = !at("as-filters").children.length;
}

/** Ask for the preview; the answer of an older question is dropped. */
async function search() {
  asking?.abort();
  asking = new AbortController();
  const { signal } = asking;
  const question = asked();
  let answer;
  try {
    answer = await api.post("/assignments/preview", question, { signal });
  } catch {
    return;
  }
  if (signal.aborted) return; // overtaken while its answer was being read
  if (answer.refused) return refuse(answer.refused);
  seen = { question, answer: answer.value };
  for (const part of answer.value.agents) people.find((one) => one.id === part.id).load = part.load;
  draw();
}

const searchSoon = (wait = SOON) => {
  clearTimeout(timer);
  timer = setTimeout(search, wait);
};

function refuse(refusal) {
  const wrong = /^filters[[.](\d+)/.exec(refusal.field ?? "");
  const input = wrong && at("as-filters").children[Number(wrong[1])]?.querySelector("[name=value]");
  input?.classList.add("bad");
  seen = null;
  at("as-assign").disabled = true;
  say("alert", "c-red", refusal.message, "");
  announce(refusal.message);
}

function draw() {
  for (const input of document.querySelectorAll(".as-filters .bad")) input.classList.remove("bad");
  const { answer, question } = seen;
  setText(
    at("as-count"),
    ngettext("%(n)s cliente", "%(n)s clientes", answer.customers, { n: numbers.format(answer.customers) }),
  );
  setText(at("as-about"), about(answer));
  setText(at("as-when"), _("Buscado a las %(time)s", { time: hour(now()) }));
  const agents = answer.items.some((found) => found.agent);
  setText(at("as-fourth"), agents ? _("Agente") : _("Localidad"));
  at("as-found").replaceChildren(...answer.items.map((found) => row(found, agents ? found.agent : found.city)));
  at("as-none").hidden = answer.customers > 0;
  setText(
    at("as-shown"),
    answer.customers
      ? _("1 a %(shown)s de %(all)s", { shown: answer.items.length, all: numbers.format(answer.customers) })
      : "",
  );
  at("as-undo").disabled = !answer.assigned;
  setText(
    at("as-undo"),
    answer.assigned ? _("Desasignar %(n)s", { n: numbers.format(answer.assigned) }) : _("Desasignar"),
  );
  drawAgents(new Map(answer.agents.map((part) => [part.id, part.count])));
  drawAction(answer, question);
}

function about({ assigned, customers, born, held }) {
  const parts = [];
  if (customers)
    parts.push(
      assigned === 0
        ? _("todos sin asignar")
        : assigned === customers
          ? _("todos asignados")
          : _("%(n)s asignados", { n: numbers.format(assigned) }),
    );
  if (born) parts.push(_("%(n)s sin caso todavía", { n: numbers.format(born) }));
  if (held)
    parts.push(
      ngettext("%(n)s más en gestión: no se toca", "%(n)s más en gestión: no se tocan", held, {
        n: numbers.format(held),
      }),
    );
  return parts.join(" · ");
}

function row(found, fourth) {
  const [picture, hue, word] = SERVICE[found.service_state] ?? [];
  const money =
    found.balance === null
      ? "–"
      : new Intl.NumberFormat(root.dataset.locale || "es", { maximumFractionDigits: 2 }).format(Number(found.balance));
  const name = found.case
    ? el("a", { class: "strong", href: `/casos/${found.case}` }, found.name)
    : el("span", { class: "strong" }, found.name);
  return el(
    "tr",
    {},
    el("td", { title: found.name }, name),
    el("td", { class: "sec" }, found.document || "–"),
    el("td", {}, picture ? el("span", { class: `plain k-${hue}` }, icon(picture), word) : "–"),
    el("td", { class: "sec", title: fourth || null }, fourth || "–"),
    el("td", { class: "r" }, money),
  );
}

/** Agents of the campaign first; a bar of what each has and what he would get. */
function drawAgents(counts = new Map()) {
  const here = new Set(campaign().agents);
  const listed = [...people].sort((a, b) => Number(here.has(b.id)) - Number(here.has(a.id)));
  const most = Math.max(1, ...people.map((one) => one.load + (counts.get(one.id) ?? 0)));
  const focused = document.activeElement?.closest?.(".agr")?.dataset.id;
  at("as-agents").replaceChildren(...listed.map((one) => agentRow(one, here.has(one.id), counts.get(one.id), most)));
  if (focused) at("as-agents").querySelector(`[data-id="${focused}"] input`)?.focus({ preventScroll: true });
  setText(at("as-chosen"), _("%(n)s de %(all)s elegidos", { n: chosen.size, all: people.length }));
}

function agentRow(person, here, count, most) {
  const on = chosen.has(person.id);
  const box = el("input", { type: "checkbox", class: "vh", checked: on });
  box.addEventListener("change", () => {
    if (box.checked) chosen.add(person.id);
    else chosen.delete(person.id);
    drawAgents();
    searchSoon(0);
  });
  const call = person.call === "talking" || person.call === "held";
  const state = call ? _("En llamada") : STATES[person.state];
  const has = el("i", { class: "a" });
  const gets = el("i", { class: "b" });
  has.style.width = `${(100 * person.load) / most}%`;
  gets.style.width = `${(100 * (count ?? 0)) / most}%`;
  gets.hidden = !count;
  return el(
    "label",
    { class: on ? "agr" : "agr off", "data-id": person.id },
    box,
    el("span", { class: on ? "check on" : "check", "aria-hidden": "true" }, icon("check")),
    avatar(person.name),
    el(
      "span",
      { class: "as-who" },
      el("b", { class: "cut strong" }, person.name),
      el("span", { class: "meta" }, here ? state : _("Otra campaña")),
    ),
    el("span", { class: "load grow", "aria-hidden": "true" }, has, gets),
    el(
      "span",
      { class: "num as-load" },
      numbers.format(person.load),
      count ? [" ", el("b", { class: "c-blue strong" }, `+${numbers.format(count)}`)] : null,
    ),
  );
}

function say(picture, hue, strong, rest) {
  at("as-say").replaceChildren(
    el("span", { class: hue }, icon(picture)),
    el("span", {}, el("b", { class: "strong num" }, strong), " ", el("span", { class: "mut" }, rest)),
  );
}

function drawAction({ customers, enough, joining, agents }) {
  const button = at("as-assign");
  button.disabled = !agents.length || !customers || !enough;
  if (!customers) {
    setText(button, _("Asignar"));
    return say("info", "", _("No hay clientes para repartir."), _("Cambie los filtros."));
  }
  if (!agents.length) {
    setText(button, _("Elija al menos un agente"));
    return say("users", "", _("Elija entre quiénes repartir."), _("Al azar y por igual."));
  }
  if (!enough) {
    setText(button, _("Faltan clientes"));
    return say(
      "alert",
      "c-red",
      _("Hay %(customers)s clientes para %(agents)s agentes.", { customers, agents: agents.length }),
      _("Elija menos agentes o busque más clientes."),
    );
  }
  const who = ngettext("%(n)s agente", "%(n)s agentes", agents.length, { n: agents.length });
  setText(
    button,
    ngettext("Asignar %(n)s cliente a %(who)s", "Asignar %(n)s clientes a %(who)s", customers, {
      n: numbers.format(customers),
      who,
    }),
  );
  const rest = joining.length
    ? ngettext(
        "%(n)s agente de otra campaña entra en esta.",
        "%(n)s agentes de otra campaña entran en esta.",
        joining.length,
        { n: joining.length },
      )
    : _("Al azar y por igual, sin mirar la carga actual.");
  return say(joining.length ? "alert" : "users", joining.length ? "c-amber" : "", shares(customers, agents), rest);
}

/** "1.240 entre 6: cuatro reciben 207 y dos 206." */
function shares(customers, agents) {
  const all = numbers.format(customers);
  const small = Math.floor(customers / agents.length);
  const more = customers % agents.length;
  const word = (n) => WORDS[n] ?? numbers.format(n);
  if (!more)
    return _("%(all)s entre %(n)s: %(each)s cada uno.", { all, n: agents.length, each: numbers.format(small) });
  const verb = more === 1 ? _("recibe") : _("reciben");
  return _("%(all)s entre %(n)s: %(more)s %(verb)s %(big)s y %(less)s %(small)s.", {
    all,
    n: agents.length,
    more: word(more),
    verb,
    big: numbers.format(small + 1),
    less: word(agents.length - more),
    small: numbers.format(small),
  });
}

async function assign() {
  const { question, answer } = seen;
  const button = at("as-assign");
  button.disabled = true;
  const done = await api.post("/assignments", question);
  if (done.refused) {
    sayRefused(done.refused);
    return search();
  }
  const { customers, held, born } = done.value;
  for (const id of answer.joining) campaign().agents.push(id);
  const extra = [
    born ? _("%(n)s casos nuevos.", { n: numbers.format(born) }) : "",
    held ? _("%(n)s se dejaron: alguien los tiene abiertos.", { n: numbers.format(held) }) : "",
  ];
  toast(
    [
      ngettext("%(n)s cliente asignado.", "%(n)s clientes asignados.", customers, { n: numbers.format(customers) }),
      ...extra,
    ]
      .filter(Boolean)
      .join(" "),
  );
  return search();
}

async function unassign() {
  const { question, answer } = seen;
  const sentence = ngettext(
    "%(n)s cliente vuelve a quedar libre. Los que están en gestión no se tocan.",
    "%(n)s clientes vuelven a quedar libres. Los que están en gestión no se tocan.",
    answer.assigned,
    {
      n: numbers.format(answer.assigned),
    },
  );
  const choices = [
    { id: "no", word: _("Dejar como está"), safe: true },
    { id: "yes", word: _("Desasignar %(n)s", { n: numbers.format(answer.assigned) }), kind: "danger" },
  ];
  if ((await dialog({ title: _("Desasignar estos clientes"), sentence, choices })) !== "yes") return undefined;
  const done = await api.delete("/assignments", { body: { ...question, agents: [] } });
  if (done.refused) sayRefused(done.refused);
  else
    toast(
      ngettext("%(n)s cliente quedó libre.", "%(n)s clientes quedaron libres.", done.value.customers, {
        n: numbers.format(done.value.customers),
      }),
    );
  return search();
}

/** Who works in the campaign begins chosen; the search begins with the campaign's own customers. */
function begin() {
  chosen.clear();
  for (const id of campaign().agents)
    if (people.some((one) => one.id === id && one.state !== "offline")) chosen.add(id);
  if (!chosen.size) for (const id of campaign().agents) if (people.some((one) => one.id === id)) chosen.add(id);
  at("as-filters").replaceChildren();
  addFilter("campaign", "equals", campaign().name);
  drawAgents();
  search();
}

at("as-search").addEventListener("submit", (event) => {
  event.preventDefault();
  search();
});
at("as-search").addEventListener("change", (event) => event.target.name === "records" && search());
at("as-add").addEventListener("click", () => addFilter().querySelector("[name=field]").focus());
at("as-clear").addEventListener("click", () => {
  at("as-filters").replaceChildren();
  joinWords();
  search();
});
at("as-campaign").addEventListener("change", begin);
at("as-assign").addEventListener("click", assign);
at("as-undo").addEventListener("click", unassign);

live.on("agent.state_changed", ({ agent }) => {
  const known = people.find((one) => one.id === agent.id);
  if (!known || agent.version < known.version) return;
  Object.assign(known, agent);
  drawAgents(new Map((seen?.answer.agents ?? []).map((part) => [part.id, part.count])));
});
live.on("campaign.changed", ({ campaign: changed }) => {
  const known = campaigns.find((one) => one.id === changed.id);
  if (known) known.agents = changed.agents.map((one) => one.id);
});
// What others do changes what the button would do: count again, with a little delay.
for (const type of [
  "list.changed",
  "case.assigned",
  "case.unassigned",
  "case.opened",
  "case.left",
  "case.closed",
  "case.created",
])
  live.on(type, (event) => (event.case?.campaign.id ?? campaign().id) === campaign().id && searchSoon(LATER));
live.refetch(search);
begin();
