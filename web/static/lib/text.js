/** Small pieces of text and page. */

/** @typedef {Node | string | number | null | undefined | false} OneChild */
/** @typedef {OneChild | (OneChild | OneChild[])[]} Child */

const SVG = "http://www.w3.org/2000/svg";

/** An icon of the page's sprite. @param {string} name @param {string} size */
export function icon(name, size = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", size ? `ic ${size}` : "ic");
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS(SVG, "use"));
  setIcon(svg, name);
  return svg;
}

/** Make an icon already on the page show another picture. @param {Element | null} svg @param {string} name */
export function setIcon(svg, name) {
  const use = svg?.querySelector("use");
  if (use && use.getAttribute("href") !== `#i-${name}`) use.setAttribute("href", `#i-${name}`);
}

/**
 * An element: el("p", {class: "meta", title: "…", onclick: f}, "text", child).
 * Text is always text: nothing that comes from a person is read as HTML. Children that are null or false are left out.
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, unknown>} [attributes]
 * @param {Child[]} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), /** @type {EventListener} */ (value));
    else made.setAttribute(key, value === true ? "" : String(value));
  }
  made.append(...nodesOf(children));
  return made;
}

/** @param {Child[]} children @returns {(Node | string)[]} */
function nodesOf(children) {
  const there = children.flat(3).filter((child) => child !== null && child !== undefined && child !== false);
  return there.map((child) => (child instanceof Node ? child : String(child)));
}

/**
 * Change a text only when it is another one, so that nothing is announced or repainted for nothing.
 * @param {Element | null | undefined} node
 * @param {string | number} text
 */
export function setText(node, text) {
  if (node && node.textContent !== String(text)) node.textContent = String(text);
}

/** "LR" of "Luz Marina Rodríguez", on a hue that depends on the name only. @param {string} name @param {string} size */
export function avatar(name, size = "") {
  const parts = name.split(/\s+/).filter(Boolean);
  const letters = (parts[0]?.[0] ?? "") + (parts.length > 1 ? (parts.at(-1)?.[0] ?? "") : "");
  return el(
    "span",
    { class: `avatar av-${"tvabg"[[...name].length % 5]} ${size}`.trim(), "aria-hidden": "true" },
    letters,
  );
}

/** Lower case without marks: "Ñáñez" is found by "nanez". @param {string} text */
export const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/**
 * Whether the person is writing here now: single letters are text then, and nothing may move.
 * @param {EventTarget | null} [target]
 */
export function writing(target = document.activeElement) {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit"].includes(target.type);
}
