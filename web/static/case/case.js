/** The page of a case, which turns to the next one without being left: its line, its bar and what floats stay. */
import { pageData } from "../lib/api.js";
import { live } from "../lib/live.js";
import { CaseScreen } from "./case-screen.js";
import { putPart, readPart } from "./part.js";

const main = document.getElementById("main");
let over = null; // ends what belongs to the case that is shown
let path = location.pathname;

function show() {
  over?.abort();
  over = new AbortController();
  return new CaseScreen(pageData("case"), { turn, signal: over.signal });
}

/** Show another case here; by a new page when it cannot be had as a part of this one. */
async function turn(number) {
  const to = `/casos/${number}`;
  const part = await readPart(`${to}?parte=caso`, new URL(import.meta.url).pathname);
  if (!part) return location.assign(to);
  if (path !== to) history.pushState(null, "", to);
  path = to;
  putPart(part, main);
  show();
  live.resume(part.cursor);
  if (document.activeElement === document.body) main.focus({ preventScroll: true }); // else he is at the search, or the pop
  return undefined;
}

// Back and forward lead to a case as it is by now.
window.addEventListener("popstate", () => location.pathname !== path && location.reload());
show();
