/**
 * Asking the server: JSON both ways, refusals as values, one key per intention.
 *
 *   const answer = await api.post(`/cases/${number}/open`);
 *   if (answer.refused) say(answer.refused.message); else show(answer.value);
 */
import { _ } from "./gettext.js";

/** @typedef {{code: string, message: string, field?: string, status: number, [more: string]: any}} Refusal */
/** @typedef {{value: any, refused: null} | {value: null, refused: Refusal}} Answer */
/** @typedef {{key?: string | null, signal?: AbortSignal | null}} Options */

const ROOT = "/api/v1";

/** One key for one intention of the person: give the same key again when trying again. */
export const intention = () =>
  crypto.randomUUID?.() ??
  [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");

/**
 * Makes a giver of keys: the same asked again has the same key, so that a second press acts once; anything else a new
 * one.
 * @returns {(asked: unknown) => string}
 */
export function keyGiver() {
  let last = { text: "", key: "" };
  return (asked) => {
    const text = JSON.stringify(asked);
    if (text !== last.text) last = { text, key: intention() };
    return last.key;
  };
}

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} body
 * @param {Options} [options]
 * @returns {Promise<Answer>}
 */
async function ask(method, path, body, { key = null, signal = null } = {}) {
  /** @type {Record<string, string>} */
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
    if (isAbort(why)) throw why;
    document.dispatchEvent(new CustomEvent("atiende:unreachable"));
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

/** Whether a question was given up by the one who asked. @param {unknown} why what was thrown */
export const isAbort = (why) => why instanceof DOMException && why.name === "AbortError";

/** @param {Response} response */
async function read(response) {
  if (response.status === 204) return null;
  try {
    return await response.json();
  } catch {
    return null;
  }
}

/** @param {string} code @param {string} message @param {number} status @returns {Answer} */
const refused = (code, message, status) => ({ value: null, refused: { code, message, status } });

/** @type {Map<string, Promise<Answer>>} */
const underWay = new Map();

/**
 * A change asked again while the same is under way is that one: a double press acts once, whatever the page.
 * @param {string} method
 * @param {string} path
 * @param {unknown} body
 * @param {Options} [options]
 * @returns {Promise<Answer>}
 */
function change(method, path, body, options) {
  const same = JSON.stringify([method, path, body]);
  const before = underWay.get(same);
  if (before) return before;
  const asked = ask(method, path, body, options).finally(() => underWay.delete(same));
  underWay.set(same, asked);
  return asked;
}

export const api = {
  /** @param {string} path @param {Options} [options] */
  get: (path, options) => ask("GET", path, undefined, options),
  /** @param {string} path @param {unknown} [body] @param {Options} [options] */
  post: (path, body = {}, options) => change("POST", path, body, options),
  /** @param {string} path @param {unknown} body @param {Options} [options] */
  put: (path, body, options) => change("PUT", path, body, options),
  /** @param {string} path @param {unknown} body @param {Options} [options] */
  patch: (path, body, options) => change("PATCH", path, body, options),
  /** @param {string} path @param {Options & {body?: unknown}} [options] */
  delete: (path, { body, ...options } = {}) => change("DELETE", path, body, options),
};
