/** The newest figures of the wall board, and how old they are. */
import { duration, now } from "../lib/clock.js";
import { locale, pageData } from "../lib/page.js";

/**
 * @typedef {Object} CallFigures
 * @property {number | null} service_percent
 * @property {number | null} abandoned_percent
 * @property {number | null} asa_seconds
 * @property {number} answered
 */
/**
 * @typedef {Object} BoardAgent
 * @property {string} name
 * @property {"waiting" | "on_call" | "handling" | "wrap_up" | "paused"} shown
 * @property {string} since
 * @property {number | null} limit_seconds
 * @property {string | null} reason
 * @property {string | null} campaign
 * @property {number | null} case_number
 */
/**
 * @typedef {Object} BoardCampaign
 * @property {string} name
 * @property {string} mode
 * @property {number} waiting
 * @property {string | null} longest_wait_since
 * @property {CallFigures} calls
 * @property {number} worked_today
 * @property {number} agents
 */
/**
 * @typedef {Object} Today
 * @property {string} since
 * @property {CallFigures} calls
 * @property {number | null} aht_seconds
 * @property {number | null} wrap_up_seconds
 * @property {number} dispositions
 * @property {number} effective
 * @property {number} worked
 * @property {{name: string, count: number}[]} results
 */
/**
 * The figures of a second: models/rows/wallboard.py.
 * @typedef {Object} Board
 * @property {string} as_of
 * @property {{waiting: number, ringing: number, talking: number, longest_wait_since: string | null}} calls_now
 * @property {Today} today
 * @property {{wait_seconds: number, service_percent: number, abandoned_percent: number}} limits
 * @property {BoardAgent[]} agents
 * @property {Record<string, number>} agent_counts
 * @property {BoardCampaign[]} campaigns
 * @property {{queue: string, extension: string}[]} doubled phones that a queue rings twice for one call
 */

const STALE = 5_000;
/** Writes a figure with one decimal at the most. */
export const figures = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });

/** @type {Board} */
let newest = pageData("board");

export const board = () => newest;

/** Take newer figures; whether they are. @param {Board} newer */
export function takeBoard(newer) {
  if (Date.parse(newer.as_of) < Date.parse(newest.as_of)) return false;
  newest = newer;
  return true;
}

/** Whether no new figures have come for too long. */
export const stale = () => now() - Date.parse(newest.as_of) > STALE;

/**
 * Milliseconds since then; a timer of stale figures stands still, so that nothing old looks live.
 * @param {string} since
 */
export const passed = (since) => (stale() ? Date.parse(newest.as_of) : now()) - Date.parse(since);

/** Whether somebody has waited for longer than the limit. @param {string | null} since */
export const waitsTooLong = (since) => since !== null && passed(since) > newest.limits.wait_seconds * 1000;

/** 03:07, or a dash for what is not known. @param {number | null} value */
export const seconds = (value) => (value === null ? "–" : duration(value * 1000));
