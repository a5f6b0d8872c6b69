/** Beside a chosen person: where they are signed in, which keys they have, and the way to end both. */
import { endWhatIsPressed, takeRowAway } from "../account/ends.js";
import { api } from "../lib/api.js";
import { ago } from "../lib/clock.js";
import { _ } from "../lib/gettext.js";
import { at } from "../lib/page.js";
import { el, icon } from "../lib/text.js";

/** @typedef {{id: string, browser_name: string, address: string, seen_at: string, current: boolean}} SessionRow */
/** @typedef {{id: number, name: string, last_used_at: string | null}} TokenRow */

let shown = 0;

/** Show the sessions and keys of this person; null hides them. @param {number | null} id */
export async function showAccess(id) {
  shown = id ?? 0;
  at("user-access").hidden = id === null;
  at("user-access-list").replaceChildren();
  if (id === null) return;
  at("user-end-all").dataset.end = `/users/${id}/sessions`;
  const [sessions, tokens] = await Promise.all([api.get(`/users/${id}/sessions`), api.get(`/users/${id}/tokens`)]);
  if (shown !== id || sessions.refused || tokens.refused) return;
  const rows = [
    ...sessions.value.items.map((/** @type {SessionRow} */ one) => sessionRow(id, one)),
    ...tokens.value.items.map((/** @type {TokenRow} */ one) => tokenRow(id, one)),
  ];
  at("user-end-all").hidden = !sessions.value.items.some((/** @type {SessionRow} */ one) => !one.current);
  at("user-access-list").replaceChildren(...(rows.length ? rows : [nothing()]));
}

const nothing = () => el("li", {}, icon("info"), el("p", { class: "meta" }, _("Sin sesiones abiertas ni claves.")));

/** @param {number} id @param {SessionRow} one */
function sessionRow(id, one) {
  const seen = _("%(address)s · visto %(ago)s", { address: one.address || "–", ago: ago(one.seen_at) });
  const ends = one.current
    ? el("span", { class: "chip k-green" }, _("Esta"))
    : ending(`/users/${id}/sessions/${one.id}`);
  return row("board", one.browser_name || _("Navegador desconocido"), seen, ends);
}

/** @param {number} id @param {TokenRow} one */
function tokenRow(id, one) {
  const used = one.last_used_at ? _("usada %(ago)s", { ago: ago(one.last_used_at) }) : _("nunca usada");
  return row("key", one.name, used, ending(`/users/${id}/tokens/${one.id}`));
}

/** @param {string} path */
const ending = (path) => el("button", { type: "button", class: "btn sm", "data-end": path }, _("Cerrar"));

/** @param {string} picture @param {string} strong @param {string} meta @param {HTMLElement} ends */
function row(picture, strong, meta, ends) {
  const words = el("div", { class: "cut" }, el("p", { class: "strong cut", title: strong }, strong));
  words.append(el("p", { class: "meta cut" }, meta));
  return el("li", {}, icon(picture), words, ends);
}

endWhatIsPressed(at("user-access"), (button) => (button.closest("li") ? takeRowAway(button) : showAccess(shown)));
