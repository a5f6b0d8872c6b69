/** How rows of a list move: only those that must, so that focus and caret stay; those that moved slide. */
const SLIDE = 240;
const FADE = 120;

export const reduced = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * Bring the list's children to `pieces`, moving only what is not in its place.
 * @param {HTMLElement} list
 * @param {HTMLElement[]} pieces
 */
export function place(list, pieces) {
  /** @type {Set<Element>} */
  const wanted = new Set(pieces);
  for (const child of [...list.children]) if (!wanted.has(child)) child.remove();
  pieces.forEach((piece, i) => {
    if (list.children[i] !== piece) list.insertBefore(piece, list.children[i] ?? null);
  });
}

/**
 * Do something to the list; rows that stand elsewhere afterwards slide there.
 * @param {HTMLElement[]} nodes
 * @param {() => void} does
 */
export function sliding(nodes, does) {
  if (reduced()) return does();
  const before = nodes.filter((node) => node.isConnected).map((node) => ({ node, top: node.offsetTop }));
  does();
  for (const { node, top } of before) {
    const by = node.isConnected ? top - node.offsetTop : 0;
    if (by)
      node.animate([{ transform: `translateY(${by}px)` }, { transform: "none" }], {
        duration: SLIDE,
        easing: "cubic-bezier(.2,.7,.2,1)",
      });
  }
  return undefined;
}

/** Let a row go, then do what follows. @param {HTMLElement} node @param {() => void} does */
export async function fade(node, does) {
  if (!reduced()) {
    node.style.pointerEvents = "none";
    await node.animate([{ opacity: 1 }, { opacity: 0 }], { duration: FADE, fill: "forwards" }).finished;
  }
  does();
}

/**
 * Do something to the list without moving what is being read in `box`.
 * @param {HTMLElement} box
 * @param {HTMLElement} list
 * @param {() => void} does
 */
export function keepingPlace(box, list, does) {
  const children = /** @type {HTMLElement[]} */ ([...list.children]);
  const anchor = children.find((child) => child.offsetTop + child.offsetHeight > box.scrollTop);
  const before = anchor?.getBoundingClientRect().top ?? 0;
  does();
  if (anchor?.isConnected) box.scrollTop += anchor.getBoundingClientRect().top - before;
}
