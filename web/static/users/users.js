/** `/usuarios`: choose somebody, change role or extension, make new people. */

import { api } from "../lib/api.js";
import { _, ngettext } from "../lib/gettext.js";
import { pageData } from "../lib/page.js";

/** @typedef {{id: number, user_version: number, username: string, name: string, role: string, extension: string, active: boolean, has_password: boolean}} Person */

const { users, roles } = pageData("users");
/** @type {Map<number, Person>} */
const people = new Map(users.map((/** @type {Person} */ person) => [person.id, person]));
/** @type {number | null} */
let chosen = null;

const at = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const field = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (at(`user-${name}`));
const plain = (/** @type {string} */ text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** @param {Person} person */
function drawn(person) {
  const template = /** @type {HTMLTemplateElement} */ (at("user-row"));
  const row = /** @type {HTMLTableRowElement} */ (template.content.firstElementChild?.cloneNode(true));
  const entry = !person.active
    ? _("No puede entrar")
    : person.has_password
      ? _("Puede entrar")
      : _("Falta su contraseña");
  const texts = {
    name: person.name,
    username: person.username,
    role: roles[person.role],
    extension: person.extension,
    entry,
  };
  for (const [name, text] of Object.entries(texts)) {
    const place = row.querySelector(`[data-field="${name}"]`);
    if (place) place.textContent = text;
  }
  row.classList.toggle("gone", !person.active);
  row.classList.toggle("sel", person.id === chosen);
  row.querySelector("button")?.setAttribute("aria-pressed", String(person.id === chosen));
  row.addEventListener("click", () => choose(person.id));
  return row;
}

function draw() {
  const sought = plain(/** @type {HTMLInputElement} */ (at("users-filter")).value.trim());
  const shown = [...people.values()]
    .filter((person) => plain(`${person.name} ${person.username} ${person.extension}`).includes(sought))
    .sort((a, b) => Number(b.active) - Number(a.active) || a.name.localeCompare(b.name));
  at("users-rows").replaceChildren(...shown.map(drawn));
  at("users-none").hidden = shown.length > 0;
  at("users-count").textContent = ngettext("%(count)s persona", "%(count)s personas", shown.length);
}

/** @param {number | null} id */
function choose(id) {
  chosen = id;
  const person = id === null ? null : people.get(id);
  at("user-title").textContent = person?.name ?? _("Nuevo usuario");
  field("name").value = person?.name ?? "";
  field("username").value = person?.username ?? "";
  field("username").disabled = person !== null;
  field("role").value = person?.role ?? "agent";
  field("extension").value = person?.extension ?? "";
  field("password").value = "";
  field("active").checked = person?.active ?? true;
  at("user-active-box").hidden = person === null;
  at("user-link").hidden = person === null;
  at("user-save").textContent = person ? _("Guardar") : _("Crear usuario");
  at("user-password-hint").textContent = person
    ? _("Vacía: queda la que tiene. Una nueva cierra sus sesiones.")
    : _("Vacía: se da un enlace para que la elija.");
  clear();
  draw();
  field(person ? "role" : "name").focus();
}

function clear() {
  at("user-done").hidden = true;
  at("user-error").hidden = true;
  for (const input of at("user-form").querySelectorAll("[aria-invalid]")) {
    input.removeAttribute("aria-invalid");
    input.classList.remove("bad");
  }
}

/** @param {{message: string, field?: string}} refusal */
function refuse(refusal) {
  at("user-error").textContent = refusal.message;
  at("user-error").hidden = false;
  const wrong = refusal.field ? document.getElementById(`user-${refusal.field}`) : null;
  wrong?.setAttribute("aria-invalid", "true");
  wrong?.classList.add("bad");
  wrong?.focus();
}

/** @param {any} answer @param {string} words */
function done(answer, words) {
  const had = people.get(answer.id)?.has_password ?? false;
  const has = answer.link ? had : field("password").value !== "" || had;
  people.set(answer.id, { ...answer, extension: answer.extension ?? "", has_password: has });
  choose(answer.id);
  at("user-done-words").textContent = answer.link
    ? `${words} ${_("Copie este enlace: sirve una sola vez, por dos días.")}`
    : words;
  const link = field("link-text");
  link.hidden = !answer.link;
  link.value = answer.link ?? "";
  if (answer.link) link.select();
  at("user-done").hidden = false;
}

/** @param {SubmitEvent} submitted */
async function save(submitted) {
  submitted.preventDefault();
  clear();
  /** @type {Record<string, unknown>} */
  const given = { name: field("name").value, role: field("role").value, extension: field("extension").value || null };
  if (field("password").value) given.password = field("password").value;
  const person = chosen === null ? null : people.get(chosen);
  const answer = person
    ? await api.patch(`/users/${person.id}`, {
        ...given,
        active: field("active").checked,
        user_version: person.user_version,
      })
    : await api.post("/users", { ...given, username: field("username").value });
  if (answer.refused) refuse(answer.refused);
  else done(answer.value, person ? _("Se guardó.") : _("Se creó el usuario."));
}

async function link() {
  clear();
  const answer = await api.patch(`/users/${chosen}`, { link: true });
  if (answer.refused) refuse(answer.refused);
  else done(answer.value, _("Enlace listo."));
}

at("user-form").addEventListener("submit", save);
at("user-link").addEventListener("click", link);
at("users-new").addEventListener("click", () => choose(null));
at("users-filter").addEventListener("input", draw);
choose(null);
