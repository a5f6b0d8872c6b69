/**
 * The live line: one WebSocket that brings every event once, in order, and says whether the screen is true.
 *
 *   live.on("case.assigned", (event) => …)   an event of realtime/events/, with its `id` and `at`
 *   live.watch("case:10021")                 hear one more topic
 *   live.refetch(async () => …)              how this page reads its rows again when events were missed
 *   live.onState((state) => …)               connecting · live · reconnecting · offline · elsewhere
 *   live.resume(cursor)                      rows that were read at this cursor stand on the page now
 *
 * Each of the first four lasts as long as the page, or until the `signal` that it was given. The page carries the
 * cursor
 * read before its rows; the line resumes from there, and later from the last event seen.
 */

import { setClock } from "./clock.js";
import { whenAborted } from "./signals.js";
import { tabName } from "./tab-name.js";

/** @import { EventType, HelloFrame, LiveEvent, PongFrame, ResyncFrame, StreamLostFrame } from "./events.js" */
/** @typedef {"connecting" | "live" | "reconnecting" | "offline" | "elsewhere"} LineState */
/** @typedef {{signal?: AbortSignal | null}} Until the end of what is asked for; never, without a signal */

const PING = 15_000;
const SILENCE = 10_000; // how long an answer to a ping may take
const DOUBT = 3000; // the same once there is a reason to doubt
const FIRST_WAIT = 300;
const LONGEST_WAIT = 10_000;
const OFFLINE_AFTER = 12_000;
const CLOSED = { malformed: 4400, signedOut: 4401, notYours: 4403, tooSlow: 4408, elsewhere: 4409, tooLarge: 4413 };

class Live {
  /** @type {Map<string, Set<(event: any) => unknown>>} */
  #handlers = new Map();
  /** @type {Set<string>} */
  #watched = new Set();
  /** @type {Set<(frame: ResyncFrame) => unknown>} */
  #refetches = new Set();
  /** @type {Set<(state: LineState) => unknown>} */
  #listeners = new Set();
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {string | null} */
  #cursor = document.documentElement.dataset.cursor || null;
  #tab = "";
  #tries = 0;
  #timers = { ping: 0, silence: 0, again: 0, offline: 0 };
  #take = false;
  /** @type {Set<string | null>} */
  #since = new Set(); // cursors to resume from: asked for, and not known to be answered
  #pings = 0; // sent, and not answered
  #doubted = false; // a request failed, or the machine says it has no network: the line must prove itself
  /** @type {LineState} */
  state = "connecting";
  /** When the last frame came, in milliseconds of this machine's clock. */
  heardAt = Date.now();

  /**
   * @template {EventType} Type
   * @param {Type} type
   * @param {(event: Extract<LiveEvent, {type: Type}>) => unknown} handler
   * @param {Until} [until]
   */
  on(type, handler, { signal = null } = {}) {
    const handlers = this.#handlers.get(type) ?? new Set();
    this.#handlers.set(type, handlers.add(handler));
    whenAborted(signal, () => handlers.delete(handler));
  }

  /** @param {(state: LineState) => unknown} listener @param {Until} [until] */
  onState(listener, { signal = null } = {}) {
    this.#listeners.add(listener);
    whenAborted(signal, () => this.#listeners.delete(listener));
    listener(this.state);
  }

  /** @param {(frame: ResyncFrame) => unknown} how @param {Until} [until] */
  refetch(how, { signal = null } = {}) {
    this.#refetches.add(how);
    whenAborted(signal, () => this.#refetches.delete(how));
  }

  /** @param {string} topic @param {Until} [until] */
  watch(topic, { signal = null } = {}) {
    this.#watched.add(topic);
    this.#send({ type: "watch", topic });
    whenAborted(signal, () => this.#unwatch(topic));
  }

  /**
   * Watch their topics first: what came after the cursor is then heard again, and nothing is missing.
   * @param {string} cursor
   */
  resume(cursor) {
    this.#since.add(cursor);
    if (this.#send({ type: "resume", since: cursor })) this.#ping();
  }

  /** What is asked on one line is answered in turn: with the last answer, all that was asked before is there. */
  #ping() {
    if (this.#send({ type: "ping" })) this.#pings += 1;
  }

  #answered() {
    this.#pings -= 1;
    if (!this.#pings) this.#since.clear();
  }

  /** @param {string} topic */
  #unwatch(topic) {
    this.#watched.delete(topic);
    this.#send({ type: "unwatch", topic });
  }

  async start() {
    this.#tab = await tabName();
    this.#open();
    window.addEventListener("online", () => (this.#doubted ? this.#ping() : this.retry()));
    window.addEventListener("offline", () => this.doubt());
    document.addEventListener("atiende:unreachable", () => this.doubt());
    document.addEventListener(
      "visibilitychange",
      () => document.hidden || (this.state !== "live" && this.state !== "elsewhere" && this.retry()),
    );
  }

  /** Try again now (the person asked, or the network came back). */
  retry() {
    if (this.#socket || this.state === "elsewhere") return;
    this.#tries = 0;
    this.#open();
  }

  /** What is shown may be old: say so now, and ask the line for a sign of life. */
  doubt() {
    if (this.state !== "live") return;
    this.#doubted = true;
    this.#become("reconnecting");
    this.#ping();
    clearTimeout(this.#timers.silence);
    this.#giveUpAfter(DOUBT);
  }

  /** "Usar esta": make this tab the active one; the other hears 4409. */
  takeOver() {
    this.#take = true;
    this.#become("reconnecting");
    this.#open();
  }

  #open() {
    clearTimeout(this.#timers.again);
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const take = this.#take ? "&take=1" : "";
    const socket = new WebSocket(`${scheme}://${location.host}/api/v1/live?tab=${this.#tab}${take}`);
    this.#socket = socket;
    this.#pings = 0;
    socket.onmessage = (message) => this.#heard(JSON.parse(message.data));
    socket.onclose = (event) => socket === this.#socket && this.#closed(event.code);
    this.#listen();
  }

  /** @param {HelloFrame | PongFrame | ResyncFrame | StreamLostFrame | LiveEvent} frame */
  #heard(frame) {
    this.heardAt = Date.now();
    this.#listen();
    if (this.#doubted && navigator.onLine) this.#trust();
    if (frame.type === "hello") return this.#greeted(frame);
    if (frame.type === "resync") return this.#resync(frame);
    if (frame.type === "stream.lost") return this.#become("reconnecting"); // a resync follows when events come again
    if (frame.type === "pong") return this.#answered();
    if (frame.id) this.#cursor = frame.id;
    for (const handler of this.#handlers.get(frame.type) ?? []) guarded(handler, frame);
    return undefined;
  }

  #trust() {
    this.#doubted = false;
    this.#become("live");
  }

  /** @param {HelloFrame} hello */
  #greeted(hello) {
    setClock(hello.at);
    this.#take = false;
    if (hello.active === false) return; // another tab is the active one: 4409 follows
    this.#tries = 0;
    this.#cursor ??= hello.cursor ?? null;
    // Watched first: what is replayed is what one hears by then, and of a watched topic nothing may be missing.
    for (const topic of this.#watched) this.#send({ type: "watch", topic });
    // Events may come before the answer and move the cursor on; a line that is cut until then resumes from here again.
    this.#since.add(this.#cursor);
    for (const since of this.#since) this.#send({ type: "resume", since });
    this.#ping();
    this.#become("live");
  }

  /** @param {ResyncFrame} frame */
  #resync(frame) {
    this.#cursor = frame.id || this.#cursor;
    this.#since.clear();
    this.#become("live");
    for (const how of this.#refetches) guarded(how, frame);
  }

  /** @param {number} code */
  #closed(code) {
    this.#socket = null;
    this.#doubted = false;
    clearTimeout(this.#timers.silence);
    clearTimeout(this.#timers.ping);
    if (code === CLOSED.elsewhere) return this.#become("elsewhere");
    if (code === CLOSED.signedOut) return document.dispatchEvent(new CustomEvent("atiende:signed-out"));
    // What this page watches may no longer be seen: the server says so.
    if (code === CLOSED.notYours) return location.reload();
    if (code === CLOSED.malformed) console.error(`live: closed with ${code}`);
    this.#become("reconnecting");
    const grown = navigator.onLine ? Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.#tries) : LONGEST_WAIT;
    const wait = code === CLOSED.tooSlow ? FIRST_WAIT : grown; // without a network "online" is waited for
    this.#tries += 1;
    this.#timers.again = setTimeout(() => this.#open(), wait * (0.5 + Math.random()));
    return undefined;
  }

  /** A line that says nothing is not a line: ask, and give it up when no answer comes. */
  #listen() {
    clearTimeout(this.#timers.ping);
    clearTimeout(this.#timers.silence);
    this.#timers.ping = setTimeout(() => this.#ping(), PING);
    this.#giveUpAfter(PING + SILENCE);
  }

  /** @param {number} wait milliseconds without a word */
  #giveUpAfter(wait) {
    const socket = this.#socket;
    this.#timers.silence = setTimeout(() => {
      if (socket !== this.#socket) return;
      socket?.close();
      this.#closed(1006);
    }, wait);
  }

  /** Whether it went out. @param {object} frame */
  #send(frame) {
    if (this.#socket?.readyState !== WebSocket.OPEN) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** How long one may hope: not at all without a line and a network; a doubt alone switches nothing off. */
  #patience() {
    return navigator.onLine || this.#doubted ? OFFLINE_AFTER : 0;
  }

  /** @param {LineState} state */
  #become(state) {
    if (state !== "reconnecting") clearTimeout(this.#timers.offline);
    if (state === "reconnecting" && this.state !== "reconnecting" && this.state !== "offline")
      this.#timers.offline = setTimeout(() => this.#become("offline"), this.#patience());
    if (state === this.state || (state === "reconnecting" && this.state === "offline")) return;
    this.state = state;
    for (const listener of this.#listeners) guarded(listener, state);
  }
}

/**
 * One handler's mistake must not cost the others their event.
 * @template Value
 * @param {(value: Value) => unknown} handler
 * @param {Value} value
 */
function guarded(handler, value) {
  try {
    handler(value);
  } catch (why) {
    console.error(why);
  }
}

export const live = new Live();
