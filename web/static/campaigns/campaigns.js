/** `/campanas`: the list with progress, the editor of one campaign, and the kinds there are. */

import { api } from "../lib/api.js";
import { _, ngettext } from "../lib/gettext.js";
import { announce, dialog, toast } from "../lib/layers.js";
import { live } from "../lib/live.js";
import { at, numbers, pageData, sayRefused } from "../lib/page.js";
import { el, fold, icon, setText } from "../lib/text.js";

const page = pageData("campaigns");
const { people, usual } = page;
const campaigns = new Map(page.campaigns.map((one) => [one.id, one]));
let types = page.types;
let chosen = null;
/** Whether the form holds something that is not saved. */
let touched = false;
let counting = 0;

const FIELDS = ["name", "type", "priority", "mode", "assignment_mode", "queue", "wrap_up_seconds"];
const MODES = {
  manual: _("Manual"),
  preview: _("Vista previa"),
  progressive: _("Progresivo"),
  predictive: _("Predictivo"),
  inbound: _("Entrante"),
};
const MEDIA = ["call", "whatsapp", "sms", "email"];
const COUNT_AGAIN = 1000;

function listed() {
  const archived = at("ca-archived").checked;
  return [...campaigns.values()]
    .filter((one) => archived || !one.archived)
    .sort((a, b) => Number(a.archived) - Number(b.archived) || a.priority - b.priority || a.name.localeCompare(b.name));
}

function draw() {
  const shown = listed();
  const focused = document.activeElement?.closest?.("#ca-rows button") ? document.activeElement.dataset.id : null;
  at("ca-rows").replaceChildren(...shown.map(row));
  if (focused) at("ca-rows").querySelector(`[data-id="${focused}"]`)?.focus({ preventScroll: true });
  at("ca-none").hidden = shown.length > 0;
  const used = [...campaigns.values()].filter((one) => !one.archived).length;
  setText(at("ca-count"), ngettext("%(count)s en uso", "%(count)s en uso", used));
}

function row(one) {
  const { progress: far } = one;
  const going = far.open + far.suspended;
  const all = going + far.closed;
  const percent = all ? Math.round((100 * far.closed) / all) : 0;
  const bar = el("i");
  bar.style.width = `${percent}%`;
  const name = el(
    "button",
    {
      type: "button",
      class: "link strong cut",
      "data-id": one.id,
      "aria-pressed": String(one.id === chosen),
      onclick: () => choose(one.id),
    },
    one.name,
  );
  const cell = (value) => el("td", { class: "r" }, numbers.format(value));
  return el(
    "tr",
    { class: [one.id === chosen ? "sel" : "", one.archived ? "gone" : ""].join(" ").trim() },
    cell(one.priority),
    el("td", {}, name, el("span", { class: "meta ca-kind" }, one.archived ? _("Archivada") : one.type.name)),
    el("td", { class: "sec" }, MODES[one.mode]),
    cell(going),
    cell(far.free),
    cell(far.worked_today),
    cell(far.closed),
    el(
      "td",
      {},
      el(
        "span",
        { class: "row gap6 nowrap" },
        el("span", { class: "meter ca-meter", "aria-hidden": "true" }, bar),
        el("span", { class: "num meta" }, `${percent} %`),
      ),
    ),
  );
}

async function choose(id, { focus = true } = {}) {
  if (touched && id !== chosen && !(await letGo())) return;
  chosen = id;
  fill(campaigns.get(id) ?? null);
  draw();
  if (focus && id === null) at("ca-name").focus();
}

async function letGo() {
  const choices = [
    { id: "no", word: _("Seguir editando"), safe: true },
    { id: "yes", word: _("Descartar cambios"), kind: "danger" },
  ];
  return (
    (await dialog({
      title: _("Hay cambios sin guardar"),
      sentence: _("Si cambia de campaña se pierden."),
      choices,
    })) === "yes"
  );
}

function fill(one) {
  touched = false;
  clear();
  setText(at("ca-title"), one?.name ?? _("Nueva campaña"));
  setText(at("ca-save"), one ? _("Guardar") : _("Crear campaña"));
  const start = one ?? {
    name: "",
    type: { id: types[0]?.id },
    priority: 5,
    mode: "manual",
    assignment_mode: "mixed",
    queue: "",
    wrap_up_seconds: 0,
    agents: [],
    pressure: {},
  };
  for (const field of FIELDS) at(`ca-${field}`).value = (field === "type" ? start.type.id : start[field]) ?? "";
  fillPressure(start.pressure);
  fillPeople(new Set(start.agents.map((agent) => agent.id)));
  at("ca-results").hidden = !one;
  if (one) at("ca-results").href = `/campanas/${one.id}/tipificaciones`;
  at("ca-archive").hidden = !one;
  setText(at("ca-archive"), one?.archived ? _("Reabrir") : _("Archivar"));
}

function fillPressure(stored) {
  at("ca-window").value = stored.window_days ?? usual.window_days;
  for (const input of document.querySelectorAll("[data-limit]")) {
    const { limit } = input.dataset;
    const three = limit === "total" ? (stored.total ?? usual.total) : (stored.media?.[limit] ?? usual.medium);
    input.value = three[Number(input.dataset.at)];
  }
}

function pressure() {
  const three = (limit) =>
    [...document.querySelectorAll(`[data-limit="${limit}"]`)].map((input) => Number(input.value));
  return {
    window_days: Number(at("ca-window").value),
    media: Object.fromEntries(MEDIA.map((medium) => [medium, three(medium)])),
    total: three("total"),
  };
}

const tickedPeople = () => [...at("ca-people").querySelectorAll("input:checked")].map((box) => Number(box.value));

function fillPeople(ticked) {
  const order = [...people].sort((a, b) => Number(ticked.has(b.id)) - Number(ticked.has(a.id)));
  at("ca-people").replaceChildren(
    ...order.map((one) =>
      el(
        "label",
        { class: "row ca-one", "data-name": fold(one.name) },
        el("input", { type: "checkbox", value: one.id, checked: ticked.has(one.id) }),
        el("span", { class: "grow cut" }, one.name),
        one.role === "agent" ? null : el("span", { class: "meta" }, _("Supervisor")),
      ),
    ),
  );
  countPeople();
}

const countPeople = () =>
  setText(at("ca-people-title"), _("Agentes: %(n)s de %(all)s", { n: tickedPeople().length, all: people.length }));

function clear() {
  at("ca-error").hidden = true;
  for (const input of at("ca-form").querySelectorAll("[aria-invalid]")) {
    input.removeAttribute("aria-invalid");
    input.classList.remove("bad");
  }
}

function refuse(refusal) {
  const field = (refusal.field ?? "").split(".")[0];
  at("ca-error").replaceChildren(icon("alert", "s"), refusal.message);
  at("ca-error").hidden = false;
  const input = at(field === "pressure" ? "ca-window" : `ca-${field}`);
  if (field === "pressure") document.querySelector(".ca-pressure").open = true;
  input?.setAttribute("aria-invalid", "true");
  input?.classList.add("bad");
  input?.focus();
}

/** What the form says, only what differs from the campaign as it is. */
function changes() {
  const one = campaigns.get(chosen);
  const given = Object.fromEntries(FIELDS.map((field) => [field, at(`ca-${field}`).value.trim()]));
  const wanted = {
    ...given,
    type: Number(given.type),
    priority: Number(given.priority),
    wrap_up_seconds: Number(given.wrap_up_seconds),
  };
  const full = { ...wanted, agents: tickedPeople(), pressure: pressure() };
  if (!one) return full;
  const now = { ...one, type: one.type.id, queue: one.queue ?? "", agents: one.agents.map((agent) => agent.id) };
  const differs = (field) =>
    field === "agents"
      ? String([...full.agents].sort()) !== String([...now.agents].sort())
      : full[field] !== now[field];
  const changed = Object.fromEntries([...FIELDS, "agents"].filter(differs).map((field) => [field, full[field]]));
  const before = {
    window_days: usual.window_days,
    total: usual.total,
    ...one.pressure,
    media: Object.fromEntries(MEDIA.map((m) => [m, one.pressure.media?.[m] ?? usual.medium])),
  };
  const same =
    before.window_days === full.pressure.window_days &&
    String(before.total) === String(full.pressure.total) &&
    MEDIA.every((m) => String(before.media[m]) === String(full.pressure.media[m]));
  return same ? changed : { ...changed, pressure: full.pressure };
}

async function save(event) {
  event.preventDefault();
  clear();
  const one = campaigns.get(chosen);
  const answer = one
    ? await api.patch(`/campaigns/${one.id}`, { ...changes(), version: one.version })
    : await api.post("/campaigns", changes());
  if (answer.refused?.code === "stale") return settle(answer.refused);
  if (answer.refused) return refuse(answer.refused);
  touched = false;
  keep(answer.value);
  chosen = answer.value.id;
  fill(campaigns.get(chosen));
  draw();
  return toast(
    one
      ? _("Se guardó «%(name)s».", { name: answer.value.name })
      : _("Se creó «%(name)s» con sus tipificaciones de partida.", { name: answer.value.name }),
  );
}

/** Another person changed it meanwhile: one of the two stays, by choice. */
async function settle(refusal) {
  const choices = [
    { id: "theirs", word: _("Ver lo guardado"), safe: true },
    { id: "mine", word: _("Dejar lo mío") },
  ];
  const answer = await dialog({ title: _("Otra persona cambió esta campaña"), sentence: refusal.message, choices });
  if (answer === "mine") {
    const mine = changes();
    keep(refusal.current);
    const again = await api.patch(`/campaigns/${refusal.current.id}`, { ...mine, version: refusal.current.version });
    if (again.refused) return refuse(again.refused);
    keep(again.value);
  } else if (answer === "theirs") keep(refusal.current);
  else return undefined;
  fill(campaigns.get(chosen));
  return draw();
}

async function archive() {
  const one = campaigns.get(chosen);
  if (!one.archived) {
    const { open, suspended } = one.progress;
    const sentence = _(
      "Sale de las listas de sus agentes. Sus %(n)s casos en proceso se conservan y vuelven al reabrirla.",
      { n: numbers.format(open + suspended) },
    );
    const choices = [
      { id: "no", word: _("No archivar"), safe: true },
      { id: "yes", word: _("Archivar"), kind: "danger" },
    ];
    if ((await dialog({ title: _("Archivar «%(name)s»", { name: one.name }), sentence, choices })) !== "yes")
      return undefined;
  }
  const answer = await api.patch(`/campaigns/${one.id}`, { archived: !one.archived });
  if (answer.refused) return refuse(answer.refused);
  keep(answer.value);
  if (answer.value.archived) at("ca-archived").checked = true;
  fill(campaigns.get(chosen));
  draw();
  return toast(
    answer.value.archived
      ? _("«%(name)s» quedó archivada.", { name: one.name })
      : _("«%(name)s» está de nuevo en uso.", { name: one.name }),
  );
}

/** A newer row; the progress stays as it was counted. */
function keep(newer) {
  const known = campaigns.get(newer.id);
  if (known && newer.version < known.version) return false;
  campaigns.set(newer.id, {
    progress: { open: 0, free: 0, suspended: 0, closed: 0, worked_today: 0 },
    ...known,
    ...newer,
  });
  return true;
}

async function readAgain() {
  const answer = await api.get("/campaigns");
  if (answer.refused) return;
  for (const one of answer.value.items) keep(one);
  for (const one of answer.value.items) campaigns.get(one.id).progress = one.progress;
  draw();
}

const countSoon = () => {
  clearTimeout(counting);
  counting = setTimeout(readAgain, COUNT_AGAIN);
};

function drawTypes() {
  const select = at("ca-type");
  const before = select.value;
  select.replaceChildren(...types.map((type) => el("option", { value: type.id }, type.name)));
  if (before) select.value = before;
  const chip = (type) =>
    el(
      "span",
      { class: "chip line" },
      type.name,
      el(
        "button",
        {
          type: "button",
          class: "ca-x",
          "aria-label": _("Quitar el tipo %(name)s", { name: type.name }),
          onclick: () => removeType(type),
        },
        icon("x", "s"),
      ),
    );
  const form = el(
    "form",
    { class: "row ca-add" },
    el("input", {
      class: "input",
      id: "ca-type-name",
      maxlength: 60,
      placeholder: _("Nuevo tipo"),
      "aria-label": _("Nombre del nuevo tipo"),
    }),
    el("button", { class: "btn sm" }, icon("plus", "s"), _("Agregar")),
  );
  form.addEventListener("submit", addType);
  at("ca-types").replaceChildren(...types.map(chip), form);
}

async function addType(event) {
  event.preventDefault();
  const name = at("ca-type-name").value.trim();
  if (!name) return;
  const answer = await api.post("/campaign-types", { name });
  if (answer.refused) {
    sayRefused(answer.refused);
    return;
  }
  types = [...types, answer.value];
  drawTypes();
  at("ca-type-name").focus();
}

async function removeType(type) {
  const answer = await api.delete(`/campaign-types/${type.id}`);
  if (answer.refused) {
    sayRefused(answer.refused);
    return;
  }
  types = types.filter((one) => one.id !== type.id);
  drawTypes();
}

at("ca-form").addEventListener("submit", save);
at("ca-form").addEventListener("input", (event) => event.target.id !== "ca-find" && ((touched = true), countPeople()));
at("ca-new").addEventListener("click", () => choose(null));
at("ca-archive").addEventListener("click", archive);
at("ca-archived").addEventListener("change", draw);
at("ca-find").addEventListener("input", () => {
  const sought = fold(at("ca-find").value.trim());
  for (const one of at("ca-people").children) one.hidden = !one.dataset.name.includes(sought);
});
window.addEventListener("beforeunload", (event) => touched && event.preventDefault());

live.on("campaign.changed", ({ campaign }) => {
  const mine = campaign.id === chosen;
  if (!keep(campaign)) return;
  if (mine && !touched) fill(campaigns.get(chosen));
  else if (mine) announce(_("Otra persona cambió esta campaña."));
  draw();
});
for (const type of ["sections.counted", "list.changed", "case.closed", "import.progressed"]) live.on(type, countSoon);
live.refetch(readAgain);
drawTypes();
choose(page.chosen ?? listed()[0]?.id ?? null, { focus: false });
