/** A case: what is known at the left, the form at the right, and what happens to it meanwhile. */
import { _ } from "./words.js";
import { onMe } from "./agent-state.js";
import { api, pageData } from "./api.js";
import { attend } from "./attend.js";
import { contactDialog, duringCall, showPoints } from "./contact-points.js";
import { canDial, dial } from "./dial.js";
import { customerForm } from "./customer-form.js";
import { dialog, toast, menu } from "./layers.js";
import { el, icon, setText } from "./text.js";
import { everySecond, now } from "./clock.js";
import { Gestion } from "./gestion.js";
import { sayLastWord } from "./last-word.js";
import { live } from "./live.js";
import { onKey } from "./keys.js";
import { showPressure } from "./pressure.js";
import { showRefusal } from "./case-refusal.js";
import { showHistory } from "./history.js";
import { tabs } from "./tabs.js";
import { Versions } from "./versions.js";

const me = Number(document.documentElement.dataset.me);
const versions = new Versions();
let sheet = pageData("case");
let row = sheet.row;
const number = row.number;
const mine = row.holder?.id === me;
versions.know("case", number, row.version);

const gestion = mine ? new Gestion(sheet, me) : null;

/* ---- the left side -------------------------------------------------------------------------------------------- */

const principal = () => {
  const points = sheet.customer.contact_points;
  const wanted = points.find((point) => point.value === row.next_phone);
  return wanted ? [wanted, ...points.filter((point) => point !== wanted)] : points;
};

function drawLeft() {
  const refused = showRefusal(document.getElementById("refusal"), row, sheet.customer.contact_points, gestion);
  const options = { attempt: mine ? attempt : null, call: mine && canDial() ? call : null, refused, next: row.next_phone };
  showPoints(document.querySelector("[data-principal]"), principal(), { ...options, most: 2 });
  showPoints(document.querySelector("[data-points]"), sheet.customer.contact_points, options);
  showHistory(document.querySelector("[data-latest]"), sheet.history, 4);
  showHistory(document.querySelector("[data-history]"), sheet.history);
  setText(document.querySelector('[data-n="contact"]'), sheet.customer.contact_points.length);
  setText(document.querySelector('[data-n="history"]'), sheet.history.length);
}

async function attempt(channel, point, key) {
  const answer = await api.post(`/cases/${number}/attempts`, { channel, contact_point_id: point.id }, { key });
  if (answer.refused) {
    toast(answer.refused.message, { name: "no", hue: "red" });
    return readAgain();
  }
  take(answer.value);
  return readAgain();
}

const call = (point, key) => dial(number, point, key);
onMe((person) => duringCall(person.call !== "none"));
onKey("F2", () => {
  const button = document.querySelector("[data-principal] [data-dial]:not([disabled])");
  if (!button) return false;
  button.click();
  return true;
});

let reading = 0;
/** History and contact data change with what is done: read them again, once for a burst of events. */
function readAgain() {
  clearTimeout(reading);
  reading = setTimeout(async () => {
    const answer = await api.get(`/cases/${number}`);
    if (!answer.value) return;
    sheet = answer.value.sheet;
    take(sheet.row);
    showCustomer(sheet.customer);
    drawLeft();
  }, 150);
}

const showCustomer = customerForm(sheet.customer, (customer) => {
  sheet = { ...sheet, customer };
  setText(document.querySelector('#casehead [data-field="name"]'), customer.name);
});

/* ---- the header and what others do ------------------------------------------------------------------------------ */

function take(newer) {
  if (newer.number !== number || !versions.take("case", number, newer.version)) return;
  const before = row;
  row = newer;
  showPressure(document.querySelector("[data-pressure]"), row.pressure, now());
  setText(document.querySelector('#casehead [data-field="agent"]'), row.agent?.name ?? _("Sin asignar"));
  setText(document.querySelector('#casehead [data-field="name"]'), row.customer.name);
  if ((row.holder?.id ?? null) !== (before.holder?.id ?? null) || row.status !== before.status) held();
}

const CHIPS = {
  closed: () => ["lock", "grey", _("Cerrado")],
  mine: () => ["play", "blue", _("En gestión")],
  other: () => ["user", "violet", _("Con %(name)s", { name: row.holder.name })],
  suspended: () => ["pause", "amber", _("Suspendido")],
  free: () => ["ring", "green", _("Abierto")],
};

function held() {
  const holder = row.holder?.id ?? null;
  const kind = row.status === "closed" ? "closed" : holder === me ? "mine" : holder ? "other" : row.status === "suspended" ? "suspended" : "free";
  const [picture, hue, word] = CHIPS[kind]();
  document.querySelector('#casehead [data-field="status"]').replaceChildren(el("span", { class: `chip k-${hue}` }, icon(picture), word));
  const button = document.getElementById("attend");
  if (button) {
    button.disabled = kind !== "free" && kind !== "suspended";
    setText(button, kind === "other" ? _("Ocupado") : _("Atender"));
  }
  if (leaving || gestion?.saving) return undefined;
  if (!mine && kind === "mine") return location.reload();
  if (mine && kind !== "mine") {
    gestion.lose(_("ya no lo tiene abierto"));
    notice("amber", "alert", _("Este caso ya no está abierto con usted."), kind === "other" ? _("Lo tiene %(name)s. Lo que escribió sigue aquí como borrador.", { name: row.holder.name }) : _("Lo que escribió sigue aquí como borrador: atiéndalo de nuevo para guardarlo."));
  } else if (!mine) notice("violet", "user", word, kind === "free" ? _("Ya se puede atender.") : "");
  return undefined;
}

function notice(hue, picture, strong, rest) {
  document.getElementById("case-notices").replaceChildren(el("p", { class: `notice k-${hue}` }, icon(picture), el("span", {}, el("strong", {}, strong), " ", rest)));
}

function reassigned(event) {
  take(event.case);
  const to = event.case.agent;
  if (!mine || !event.by || event.by.id === me || to?.id === me) return;
  const words = { by: event.by.name, to: to?.name };
  notice("blue", "users", to ? _("%(by)s pasó este caso a %(to)s.", words) : _("%(by)s quitó este caso de su lista.", words), _("Puede guardar lo que escribió como comentario."));
}

/* ---- ways out ---------------------------------------------------------------------------------------------------- */

let leaving = false;
async function leave() {
  if (!mine) return location.assign("/casos");
  if (gestion.dirty) {
    const answer = await dialog({
      title: _("¿Salir sin guardar la gestión?"),
      sentence: _("Lo escrito se conserva como borrador de este caso en este equipo."),
      choices: [
        { id: "stay", word: _("Seguir aquí"), safe: true },
        { id: "leave", word: _("Salir"), kind: "primary" },
      ],
    });
    if (answer !== "leave") return undefined;
  }
  leaving = true;
  const answer = await api.post(`/cases/${number}/leave`);
  if (!answer.refused || answer.refused.code === "case-not-yours") return location.assign("/casos");
  leaving = false;
  return toast(answer.refused.message, { name: "alert", hue: "red" });
}

for (const button of document.querySelectorAll("[data-leave]")) button.addEventListener("click", leave);
onKey("Alt+x", leave);
document.getElementById("attend")?.addEventListener("click", () => attend(number));
document.getElementById("reopen")?.addEventListener("click", async () => {
  const answer = await api.post(`/cases/${number}/reopen`, {});
  if (answer.refused) toast(answer.refused.message, { name: "alert", hue: "red" });
  else location.reload();
});
const options = document.getElementById("options");
if (options) menu(options, document.getElementById("options-menu"));

contactDialog(sheet.customer.id, readAgain);
const showTab = tabs();
if (location.hash === "#cliente") showTab("customer");
drawLeft();
showPressure(document.querySelector("[data-pressure]"), row.pressure, now());
sayLastWord();

for (const type of ["opened", "left", "closed", "moved", "unassigned"]) live.on(`case.${type}`, (event) => event.case.number === number && take(event.case));
for (const type of ["assigned", "unassigned"]) live.on(`case.${type}`, (event) => event.case.number === number && reassigned(event));
live.on("appointment.due", (event) => event.case.number === number && take(event.case));
for (const type of ["contact.pressure_changed", "customer.corrected"])
  live.on(type, (event) => {
    if (event.customer.id !== sheet.customer.id) return;
    event.cases.forEach(take);
    readAgain();
  });
live.refetch(readAgain);
live.watch(`case:${number}`);
live.on("list.changed", (event) => event.reason === "rules" && event.scope === `campaign:${row.campaign.id}` && readAgain());

let drawn = null; // what was refused when the contact points were drawn: hours begin and end while one looks
everySecond(() => {
  const { refused } = showPressure(document.querySelector("[data-pressure]"), row.pressure, now());
  if (drawn !== null && drawn !== String(refused)) drawLeft();
  drawn = String(refused);
});
