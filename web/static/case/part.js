/** What lies within the frame of a page (frame/part.html), to put it in the place of what stands there. */

/**
 * Read a part: its title, its nodes, the cursor it was read at. Null when the page that is open cannot hold it: no
 * answer, another page's, or one of a later build or another language (`scripts` is the address of our own).
 */
export async function readPart(path, scripts) {
  let response;
  try {
    response = await fetch(path, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    if (!response.ok || response.redirected) return null;
    const read = new DOMParser().parseFromString(await response.text(), "text/html");
    const { cursor, section, scripts: theirs } = read.documentElement.dataset;
    return theirs === scripts ? { title: read.title, nodes: [...read.body.childNodes], cursor, section } : null;
  } catch {
    return null;
  }
}

/** Put it into `main`, where only the pop stays, untouched; the rail says in which section one is. */
export function putPart({ title, nodes, section }, main) {
  const pop = document.getElementById("pop");
  for (const old of [...main.childNodes]) if (old !== pop) old.remove();
  main.prepend(...nodes.map((node) => document.adoptNode(node)));
  document.title = title;
  for (const entry of document.querySelectorAll(".rail a[href^='/casos']")) {
    if (new URL(entry.href).searchParams.get("seccion") === section) entry.setAttribute("aria-current", "page");
    else entry.removeAttribute("aria-current");
  }
}
