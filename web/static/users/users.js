/** `/usuarios`: choose somebody, change role or extension, make new people. */
import { api } from "../lib/api.js";
import { ListEditor } from "../lib/editor.js";
import { _, ngettext } from "../lib/gettext.js";
import { allInside, at, copyOf, field, input, pageData } from "../lib/page.js";
import { fold, setText } from "../lib/text.js";
import { showAccess } from "./access.js";

/** @import { Refusal } from "../lib/api.js" */
/**
 * @typedef {Object} Person
 * @property {number} id
 * @property {number} user_version
 * @property {string} username
 * @property {string} name
 * @property {string} role
 * @property {string} extension
 * @property {boolean} active
 * @property {boolean} has_password
 */

/** @type {{users: Person[], roles: Record<string, string>}} */
const { users, roles } = pageData("users");
const people = new Map(users.map((person) => [person.id, person]));
const editor = new ListEditor({
  things: people,
  form: at("user-form"),
  error: at("user-error"),
  loses: "",
  fill,
  draw,
});

/** @param {Person} person */
function row(person) {
  const made = copyOf("user-row");
  const entry = person.has_password ? _("Puede entrar") : _("Falta su contraseña");
  /** @type {Record<string, string | undefined>} */
  const texts = {
    name: person.name,
    username: person.username,
    role: roles[person.role],
    extension: person.extension,
    entry: person.active ? entry : _("No puede entrar"),
  };
  for (const place of allInside(made, "[data-field]")) setText(place, texts[place.dataset.field ?? ""] ?? "");
  const isChosen = person.id === editor.chosen;
  made.classList.toggle("gone", !person.active);
  made.classList.toggle("sel", isChosen);
  made.querySelector("button")?.setAttribute("aria-pressed", String(isChosen));
  made.addEventListener("click", () => choose(person.id));
  return made;
}

function draw() {
  const sought = fold(input("users-filter").value.trim());
  const shown = [...people.values()]
    .filter((person) => fold(`${person.name} ${person.username} ${person.extension}`).includes(sought))
    .sort((a, b) => Number(b.active) - Number(a.active) || a.name.localeCompare(b.name));
  at("users-rows").replaceChildren(...shown.map(row));
  at("users-none").hidden = shown.length > 0;
  setText(at("users-count"), ngettext("%(count)s persona", "%(count)s personas", shown.length));
}

/** @param {Person | null} person */
function fill(person) {
  at("user-done").hidden = true;
  setText(at("user-title"), person?.name ?? _("Nuevo usuario"));
  field("user-name").value = person?.name ?? "";
  field("user-username").value = person?.username ?? "";
  field("user-username").disabled = person !== null;
  field("user-role").value = person?.role ?? "agent";
  field("user-extension").value = person?.extension ?? "";
  field("user-password").value = "";
  input("user-active").checked = person?.active ?? true;
  at("user-active-box").hidden = person === null;
  at("user-link").hidden = !person?.active;
  showAccess(person?.id ?? null);
  setText(at("user-save"), person ? _("Guardar") : _("Crear usuario"));
  const kept = _("Vacía: queda la que tiene. Una nueva cierra sus sesiones.");
  setText(at("user-password-hint"), person ? kept : _("Vacía: se da un enlace para que la elija."));
}

/** @param {number | null} id */
async function choose(id) {
  await editor.choose(id);
  field(editor.thing ? "user-role" : "user-name").focus();
}

/** @param {Refusal} refusal */
function refuse(refusal) {
  editor.refuse(refusal.message, refusal.field ? document.getElementById(`user-${refusal.field}`) : null);
}

/** @param {Person & {link?: string | null, extension: string | null}} answer @param {string} words */
function done(answer, words) {
  const had = people.get(answer.id)?.has_password ?? false;
  const has = answer.link ? had : field("user-password").value !== "" || had;
  people.set(answer.id, { ...answer, extension: answer.extension ?? "", has_password: has });
  editor.show(answer.id);
  field("user-role").focus();
  const copy = _("Copie este enlace: sirve una sola vez, por dos días.");
  setText(at("user-done-words"), answer.link ? `${words} ${copy}` : words);
  const link = input("user-link-text");
  link.hidden = !answer.link;
  link.value = answer.link ?? "";
  if (answer.link) link.select();
  at("user-done").hidden = false;
}

/** @param {SubmitEvent} submitted */
async function save(submitted) {
  submitted.preventDefault();
  clear();
  const password = field("user-password").value;
  const given = {
    name: field("user-name").value,
    role: field("user-role").value,
    extension: field("user-extension").value || null,
    ...(password ? { password } : {}),
  };
  const person = editor.thing;
  const active = input("user-active").checked;
  const answer = person
    ? await api.patch(`/users/${person.id}`, { ...given, active, user_version: person.user_version })
    : await api.post("/users", { ...given, username: field("user-username").value });
  if (answer.refused) refuse(answer.refused);
  else done(answer.value, person ? _("Se guardó.") : _("Se creó el usuario."));
}

async function makeLink() {
  clear();
  const answer = await api.patch(`/users/${editor.chosen}`, { link: true });
  if (answer.refused) refuse(answer.refused);
  else done(answer.value, _("Enlace listo."));
}

function clear() {
  at("user-done").hidden = true;
  editor.clearRefusal();
}

at("user-form").addEventListener("submit", save);
at("user-link").addEventListener("click", makeLink);
at("users-new").addEventListener("click", () => choose(null));
at("users-filter").addEventListener("input", draw);
choose(null);
