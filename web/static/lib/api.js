/**
 * Asking the server: JSON both ways, refusals as values, one key per intention.
 *
 *   const answer = await api.post(`/cases/${number}/open`);
 *   if (answer.refused) say(answer.refused.message); else show(answer.value);
 */
import { _ } from "./gettext.js";

/** @typedef {{code: string, message: string, field?: string, status: number, [more: string]: any}} Refusal */
/** @typedef {{value: any, refused: null} | {value: null, refused: Refusal}} Answer */

const ROOT = "/api/v1";

/** One key for one intention of the person: give the same key again when trying again. */
export const intention = () =>
  crypto.randomUUID?.() ??
  [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");

/** Makes a giver of keys: the same asked again has the same key, so that a second press acts once; anything else a new one. */
export function keyGiver() {
  let last = { text: "", key: "" };
  return (asked) => {
    const text = JSON.stringify(asked);
    if (text !== last.text) last = { text, key: intention() };
    return last.key;
  };
}

/** Values that the page was drawn with (`data("id", …)` of frame/macros.html). */
export function pageData(id) {
  const block = document.getElementById(`data-${id}`);
  return block ? JSON.parse(block.textContent) : null;
}

/** @returns {Promise<Answer>} */
async function ask(method, path, body, { key = null, signal = null } = {}) {
  const headers = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "GET") headers["Idempotency-Key"] = key ?? intention();
  let response;
  try {
    response = await fetch(ROOT + path, {
      method,
      headers,
      signal,
      credentials: "same-origin",
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (why) {
    if (why.name === "AbortError") throw why;
    return refused(
      "offline",
      _("Sin conexión con el servidor. Lo que escribió se conserva; intente en unos segundos."),
      0,
    );
  }
  const value = await read(response);
  if (response.ok) return { value, refused: null };
  if (response.status === 401) document.dispatchEvent(new CustomEvent("atiende:signed-out"));
  const unknown = {
    code: "unavailable",
    message: _("El servidor no pudo responder. Lo que escribió se conserva; intente en unos segundos."),
  };
  return { value: null, refused: { ...(value?.code ? value : unknown), status: response.status } };
}

async function read(response) {
  if (response.status === 204) return null;
  try {
    return await response.json();
  } catch {
    return null;
  }
}

const refused = (code, message, status) => ({ value: null, refused: { code, message, status } });

const underWay = new Map();

/** A change asked again while the same is under way is that one: a double press acts once, whatever the page. */
function change(method, path, body, options) {
  const same = JSON.stringify([method, path, body]);
  if (!underWay.has(same))
    underWay.set(
      same,
      ask(method, path, body, options).finally(() => underWay.delete(same)),
    );
  return underWay.get(same);
}

export const api = {
  get: (path, options) => ask("GET", path, undefined, options),
  post: (path, body = {}, options) => change("POST", path, body, options),
  put: (path, body, options) => change("PUT", path, body, options),
  patch: (path, body, options) => change("PATCH", path, body, options),
  delete: (path, { body, ...options } = {}) => change("DELETE", path, body, options),
};
