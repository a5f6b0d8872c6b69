/** The content of a page without its frame (frame/part.html), to put it in the place of what stands there. */
import { at } from "../lib/page.js";

/** @typedef {{title: string, nodes: Node[], cursor: string, section: string | undefined}} Content */

/**
 * Read the content of a page: its title, its nodes, the cursor it was read at. Null when the page that is open cannot
 * hold it: no answer, another page's, or one of a later build or another language.
 * @param {string} path
 * @param {string} scripts the address of our own module
 * @returns {Promise<Content | null>}
 */
export async function readContent(path, scripts) {
  try {
    const response = await fetch(path, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    if (!response.ok || response.redirected) return null;
    const read = new DOMParser().parseFromString(await response.text(), "text/html");
    const { cursor = "", section, scripts: theirs } = read.documentElement.dataset;
    return theirs === scripts ? { title: read.title, nodes: [...read.body.childNodes], cursor, section } : null;
  } catch {
    return null;
  }
}

/**
 * Put it into `#main`, where only the pop stays, untouched; the rail says in which section one is.
 * @param {Content} content
 */
export function putContent({ title, nodes, section }) {
  const main = at("main");
  const pop = document.getElementById("pop");
  for (const old of [...main.childNodes]) if (old !== pop) old.remove();
  main.prepend(...nodes.map((node) => document.adoptNode(node)));
  document.title = title;
  const entries = /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll(".rail a[href^='/casos']"));
  for (const entry of entries) {
    if (new URL(entry.href).searchParams.get("seccion") === section) entry.setAttribute("aria-current", "page");
    else entry.removeAttribute("aria-current");
  }
}
