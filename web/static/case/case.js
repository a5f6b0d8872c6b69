/** The page of a case, which turns to the next one without being left: its line, its bar and what floats stay. */
import { putContent, readContent } from "../frame/page-content.js";
import { live } from "../lib/live.js";
import { at, pageData } from "../lib/page.js";
import { CaseScreen } from "./case-screen.js";

/** @type {AbortController | null} */
let shown = null; // ends what belongs to the case that is shown
let path = location.pathname;

function show() {
  shown?.abort();
  shown = new AbortController();
  return new CaseScreen(pageData("case"), { turn, signal: shown.signal });
}

/**
 * Show another case here; by a new page when its content cannot be put into this one.
 * @param {number} number
 */
async function turn(number) {
  const to = `/casos/${number}`;
  const content = await readContent(`${to}?parte=caso`, new URL(import.meta.url).pathname);
  if (!content) return location.assign(to);
  if (path !== to) history.pushState(null, "", to);
  path = to;
  putContent(content);
  show();
  live.resume(content.cursor);
  // Otherwise the agent is at the search or the pop.
  if (document.activeElement === document.body) at("main").focus({ preventScroll: true });
  return undefined;
}

// Back and forward lead to a case as it is by now.
window.addEventListener("popstate", () => location.pathname !== path && location.reload());
show();
