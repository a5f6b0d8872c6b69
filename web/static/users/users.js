/** `/usuarios`: choose somebody, change role or extension, make new people. */

import { ListEditor } from "../forms/editor.js";
import { api } from "../lib/api.js";
import { _, ngettext } from "../lib/gettext.js";
import { live } from "../lib/live.js";
import { allInside, at, copyOf, field, input, inside, pageData } from "../lib/page.js";
import { fold, setText } from "../lib/text.js";
import { showAccess } from "./access.js";

/** @import { Answer, Refusal } from "../lib/api.js" */
/** @import { UserAccountRow } from "../lib/events.js" */
/** @import { Values } from "../forms/three-way.js" */
/**
 * @typedef {Object} Person
 * @property {number} id
 * @property {number} version that of the person's account
 * @property {string} username
 * @property {string} name
 * @property {string} role
 * @property {string} extension
 * @property {boolean} active
 * @property {boolean} has_password
 */

/** @type {{users: UserAccountRow[], roles: Record<string, string>}} */
const { users, roles } = pageData("users");
/** @param {UserAccountRow} row @returns {Person} */
const personOf = ({ user_version, ...row }) => ({ ...row, extension: row.extension ?? "", version: user_version });
const people = new Map(users.map((row) => [row.id, personOf(row)]));
const editor = new ListEditor({
  things: people,
  form: at("user-form"),
  error: at("user-error"),
  loses: _("Si cambia de persona se pierden."),
  fill,
  draw,
  valuesOf,
  read,
  say,
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
  if (!(await editor.choose(id))) return;
  field(editor.thing ? "user-role" : "user-name").focus();
}

/** @param {Refusal} refusal */
function refuse(refusal) {
  editor.refuse(refusal.message, refusal.field ? document.getElementById(`user-${refusal.field}`) : null);
}

/** @param {Person} person @returns {Values} */
function valuesOf({ name, role, extension, active }) {
  return { name, role, extension, active, password: "" };
}

/** What the form says. @returns {Values} */
function read() {
  const text = (/** @type {string} */ name) => field(`user-${name}`).value.trim();
  const password = field("user-password").value;
  const given = { name: text("name"), role: text("role"), extension: text("extension"), password };
  return { ...given, active: input("user-active").checked };
}

/**
 * What a field is called, and what its value says.
 * @param {string} name
 * @param {unknown} value
 * @returns {[string, string]}
 */
function say(name, value) {
  if (name === "active") return [_("Entrada"), value ? _("Puede entrar") : _("No puede entrar")];
  const label = inside(at("user-form"), `label[for="user-${name}"]`).textContent ?? name;
  return [label, name === "role" ? (roles[String(value)] ?? "") : String(value ?? "")];
}

/** These fields as the server takes them. @param {string[]} names @param {Values} values */
const bodyOf = (names, values) =>
  Object.fromEntries(names.map((name) => [name, name === "extension" ? values[name] || null : values[name]]));

/** @param {UserAccountRow & {link?: string | null}} answer @param {string} words */
function done(answer, words) {
  const had = people.get(answer.id)?.has_password ?? false;
  const has = answer.link ? had : field("user-password").value !== "" || had;
  editor.keep(personOf({ ...answer, has_password: has }));
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
  at("user-done").hidden = true;
  const person = editor.filled;
  const answer = await editor.save((names, values, version) => send(person, names, values, version));
  if (answer?.refused) refuse(answer.refused);
  else if (answer) done(answer.value, person ? _("Se guardó.") : _("Se creó el usuario."));
}

/**
 * @param {Person | null} person
 * @param {string[]} names
 * @param {Values} values
 * @param {number | undefined} version
 * @returns {Promise<Answer>}
 */
async function send(person, names, values, version) {
  if (!person) {
    const { active: _active, password, ...given } = bodyOf(Object.keys(values), values);
    const username = field("user-username").value;
    return api.post("/users", { ...given, username, ...(password ? { password } : {}) });
  }
  const answer = await api.patch(`/users/${person.id}`, { ...bodyOf(names, values), user_version: version });
  const { refused } = answer;
  if (refused?.code === "stale") refused.current = personOf(refused.current);
  return answer;
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
at("user-form").addEventListener("input", () => editor.touch());
at("user-link").addEventListener("click", makeLink);
at("users-new").addEventListener("click", () => choose(null));
at("users-filter").addEventListener("input", draw);
live.on("user.changed", ({ user, by, at: when }) => editor.take(personOf(user), { by, at: when }));
live.refetch(async () => {
  const answer = await api.get("/users?active=false");
  for (const row of answer.value?.items ?? []) {
    const { has_password = people.get(row.id)?.has_password ?? false } = row;
    editor.take(personOf({ ...row, has_password }));
  }
});
choose(null);
