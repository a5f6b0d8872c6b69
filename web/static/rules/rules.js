/** `/reglas`: the packs of contact rules, the editor of one, and which campaign has which. */

import { api } from "../lib/api.js";
import { _, ngettext } from "../lib/gettext.js";
import { dialog, toast } from "../lib/layers.js";
import { live } from "../lib/live.js";
import { at, pageData, sayRefused } from "../lib/page.js";
import { el, icon, setText } from "../lib/text.js";
import { setUpTry, trySoon } from "./try.js";
import { showWeek, usualWeek } from "./week.js";

const page = pageData("rules");
const packs = new Map(page.packs.map((pack) => [pack.id, pack]));
const campaigns = new Map(page.campaigns.map((campaign) => [campaign.id, campaign]));
const MEDIA = ["call", "whatsapp", "sms", "email"];
const LIMITS = ["per_day", "per_week", "pause_minutes"];
const NEW = {
  name: "",
  text: "",
  rules: { hours: usualWeek(), holidays: null, channels: {}, total: {}, media_per_week: null },
};
let chosen = null;
let touched = false;
/** The rules as the form has them; fields of limits and holidays are read when asked for. */
let rules = null;
let scope = "all";

const copy = (value) => JSON.parse(JSON.stringify(value));
const byName = (a, b) => a.name.localeCompare(b.name);

/* ---- the list and the campaigns -------------------------------------------------------------------------------- */

function drawPacks() {
  const focused = document.activeElement?.closest?.("#ru-packs button")?.dataset.id;
  at("ru-packs").replaceChildren(...[...packs.values()].sort(byName).map(packLine));
  if (focused) at("ru-packs").querySelector(`[data-id="${focused}"]`)?.focus();
  setText(at("ru-count"), ngettext("%(count)s regla", "%(count)s reglas", packs.size));
}

function packLine(pack) {
  const under = [...campaigns.values()].filter((one) => one.rule_pack === pack.id).map((one) => one.name);
  const words = under.length ? _("En %(campaigns)s", { campaigns: under.join(", ") }) : _("Ninguna campaña la tiene");
  return el(
    "li",
    {},
    el(
      "button",
      {
        type: "button",
        class: "ru-pack",
        "data-id": pack.id,
        "aria-pressed": String(pack.id === chosen),
        onclick: () => choose(pack.id),
      },
      el("b", {}, pack.name),
      el("span", { class: "meta" }, words),
    ),
  );
}

let drawn = "";
/** Draw the campaigns anew only when there are others, so that nobody loses his place among the fields. */
function drawCampaigns() {
  const what = JSON.stringify([
    [...campaigns.values()].map((one) => [one.id, one.name]),
    [...packs.values()].map((pack) => [pack.id, pack.name]),
  ]);
  if (what === drawn) {
    for (const one of campaigns.values()) at(`ru-of-${one.id}`).value = one.rule_pack ?? "";
    return;
  }
  drawn = what;
  const options = (mine) => [
    el("option", { value: "" }, _("Sin regla")),
    ...[...packs.values()]
      .sort(byName)
      .map((pack) => el("option", { value: pack.id, selected: pack.id === mine }, pack.name)),
  ];
  const line = (one) => {
    const select = el("select", { class: "pick w", id: `ru-of-${one.id}` }, options(one.rule_pack));
    select.addEventListener("change", () => give(one.id, select));
    return el(
      "div",
      { class: "ru-campaign" },
      el("label", { class: "cut", for: select.id, title: one.name }, one.name),
      select,
    );
  };
  at("ru-campaigns").replaceChildren(
    ...(campaigns.size
      ? [...campaigns.values()].map(line)
      : [el("p", { class: "pad sec" }, _("Todavía no hay campañas"))]),
  );
}

async function give(id, select) {
  const answer = await api.patch(`/campaigns/${id}`, { rule_pack: select.value ? Number(select.value) : null });
  if (answer.refused) {
    select.value = campaigns.get(id).rule_pack ?? "";
    return sayRefused(answer.refused);
  }
  campaigns.set(id, answer.value);
  drawPacks();
  const pack = packs.get(answer.value.rule_pack);
  return toast(
    pack
      ? _("«%(campaign)s» sigue la regla «%(pack)s».", { campaign: answer.value.name, pack: pack.name })
      : _("«%(campaign)s» quedó sin regla.", { campaign: answer.value.name }),
  );
}

/* ---- the editor ------------------------------------------------------------------------------------------------ */

async function choose(id) {
  if (touched && id !== chosen && !(await letGo())) return;
  chosen = id;
  fill(packs.get(id) ?? NEW);
  drawPacks();
  if (id === null) at("ru-name").focus();
}

async function letGo() {
  const choices = [
    { id: "no", word: _("Seguir editando"), safe: true },
    { id: "yes", word: _("Descartar cambios"), kind: "danger" },
  ];
  return (
    (await dialog({ title: _("Hay cambios sin guardar"), sentence: _("Si cambia de regla se pierden."), choices })) ===
    "yes"
  );
}

function fill(pack) {
  rules = copy(pack.rules);
  touch(false);
  clear();
  setText(at("ru-title"), pack.id ? pack.name : _("Nueva regla"));
  setText(at("ru-save"), pack.id ? _("Guardar") : _("Crear regla"));
  at("ru-name").value = pack.name;
  at("ru-text").value = pack.text;
  at("ru-country").value = rules.holidays?.country ?? "";
  at("ru-subdivision").value = rules.holidays?.subdivision ?? "";
  at("ru-media").value = rules.media_per_week ?? "";
  for (const row of document.querySelectorAll("[data-limits]")) {
    const limits = row.dataset.limits === "total" ? rules.total : rules.channels[row.dataset.limits];
    for (const field of LIMITS) row.querySelector(`[data-limit="${field}"]`).value = limits?.[field] ?? "";
  }
  drawHours();
  trySoon(read);
}

const own = (medium) =>
  (rules.channels[medium] ??= { per_day: null, per_week: null, pause_minutes: null, hours: null, on_holidays: false });
const hoursOf = () => (scope === "all" ? rules.hours : (rules.channels[scope]?.hours ?? null));

function setHours(week) {
  if (scope === "all") rules.hours = week;
  else own(scope).hours = week;
}

function drawHours() {
  const week = hoursOf();
  at("ru-limit").checked = week !== null;
  setText(at("ru-limit-word"), scope === "all" ? _("Solo en este horario") : _("Horario propio de este medio"));
  at("ru-week").hidden = week === null;
  if (week) showWeek(at("ru-week"), week, changed);
  at("ru-holiday-box").hidden = scope === "all";
  at("ru-on-holidays").checked = scope !== "all" && Boolean(rules.channels[scope]?.on_holidays);
  for (const medium of MEDIA)
    document.querySelector(`[data-own="${medium}"]`).hidden = !(
      rules.channels[medium]?.hours || rules.channels[medium]?.on_holidays
    );
}

/** Numbers stay text when they are none, so that the server says what is wrong with them. */
const number = (text) => (text.trim() === "" ? null : /^\d+$/.test(text.trim()) ? Number(text) : text.trim());

/** The rules as the form says them. */
function read() {
  const country = at("ru-country").value;
  const holidays = country ? { country, subdivision: at("ru-subdivision").value.trim().toUpperCase() || null } : null;
  const limits = (id) =>
    Object.fromEntries(
      LIMITS.map((field) => [
        field,
        number(document.querySelector(`[data-limits="${id}"] [data-limit="${field}"]`).value),
      ]),
    );
  const channels = {};
  for (const medium of MEDIA) {
    const { hours = null, on_holidays = false } = rules.channels[medium] ?? {};
    const one = { ...limits(medium), hours, on_holidays };
    if (hours || on_holidays || LIMITS.some((field) => one[field] !== null)) channels[medium] = one;
  }
  return {
    hours: rules.hours,
    holidays,
    channels,
    total: limits("total"),
    media_per_week: number(at("ru-media").value),
  };
}

function touch(is) {
  touched = is;
  at("ru-unsaved").hidden = !is;
}

function changed() {
  touch(true);
  trySoon(read);
}

function clear() {
  at("ru-error").hidden = true;
  for (const input of at("ru-form").querySelectorAll("[aria-invalid]")) {
    input.removeAttribute("aria-invalid");
    input.classList.remove("bad");
  }
}

/** Show a refusal at the field that it is about ("rules.channels.call.per_day"). */
function refuse(refusal) {
  clear();
  at("ru-error").replaceChildren(icon("alert", "s"), refusal.message);
  at("ru-error").hidden = false;
  const [, part, medium, field] =
    /^rules\.(channels\.|total|holidays|hours)(\w*)\.?(\w*)/.exec(refusal.field ?? "") ?? [];
  const limited = part === "total" ? ["total", (refusal.field ?? "").split(".")[2]] : [medium, field];
  const place =
    part === "holidays"
      ? at("ru-country")
      : (document.querySelector(`[data-limits="${limited[0]}"] [data-limit="${limited[1]}"]`) ??
        (refusal.field === "name" ? at("ru-name") : null));
  place?.setAttribute("aria-invalid", "true");
  place?.classList.add("bad");
  place?.focus();
}

async function save(event) {
  event.preventDefault();
  const pack = packs.get(chosen);
  const body = { name: at("ru-name").value, text: at("ru-text").value, rules: read() };
  const answer = pack
    ? await api.patch(`/rule-packs/${chosen}`, { ...body, version: pack.version })
    : await api.post("/rule-packs", body);
  if (answer.refused?.code === "stale") return settle(answer.refused, body);
  return answer.refused
    ? refuse(answer.refused)
    : keep(
        answer.value,
        pack
          ? _("Se guardó «%(name)s».", { name: answer.value.name })
          : _("Se creó «%(name)s». Désela a sus campañas.", { name: answer.value.name }),
      );
}

function keep(pack, sentence) {
  packs.set(pack.id, pack);
  chosen = pack.id;
  fill(pack);
  drawPacks();
  drawCampaigns();
  if (sentence) toast(sentence);
}

/** Another person changed it meanwhile: one of the two stays, by choice. */
async function settle(refusal, mine) {
  const choices = [
    { id: "theirs", word: _("Ver lo guardado"), safe: true },
    { id: "mine", word: _("Dejar lo mío") },
  ];
  const answer = await dialog({ title: _("Otra persona cambió esta regla"), sentence: refusal.message, choices });
  if (answer === "theirs") return keep(refusal.current, "");
  if (answer !== "mine") return undefined;
  const again = await api.patch(`/rule-packs/${refusal.current.id}`, { ...mine, version: refusal.current.version });
  return again.refused
    ? refuse(again.refused)
    : keep(again.value, _("Se guardó «%(name)s».", { name: again.value.name }));
}

at("ru-form").addEventListener("submit", save);
at("ru-form").addEventListener("input", (event) => event.target.name === "scope" || changed());
for (const radio of document.querySelectorAll("[name=scope]"))
  radio.addEventListener("change", () => {
    scope = radio.value;
    drawHours();
  });
at("ru-limit").addEventListener("change", () => {
  setHours(at("ru-limit").checked ? copy((scope === "all" ? null : rules.hours) ?? usualWeek()) : null);
  drawHours();
  changed();
});
at("ru-on-holidays").addEventListener("change", () => {
  own(scope).on_holidays = at("ru-on-holidays").checked;
  drawHours();
  changed();
});
at("ru-new").addEventListener("click", () => choose(null));
window.addEventListener("beforeunload", (event) => touched && event.preventDefault());
live.on("campaign.changed", ({ campaign }) => {
  if (campaign.archived) campaigns.delete(campaign.id);
  else campaigns.set(campaign.id, campaign);
  drawPacks();
  drawCampaigns();
});
live.refetch(async () => {
  const answer = await api.get("/rule-packs");
  for (const pack of answer.value?.items ?? []) packs.set(pack.id, pack);
  drawPacks();
  drawCampaigns();
});
setUpTry(() => trySoon(read));
drawCampaigns();
choose([...packs.values()].sort(byName)[0]?.id ?? null);
