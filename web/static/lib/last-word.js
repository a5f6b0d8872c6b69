/** What is said of what was done, when the next page or case opens. */
import { toast } from "./layers.js";

const KEPT = "atiende.word";

/** @type {HTMLElement | null} */
let shown = null;

/** Leave a sentence for what opens now. @param {string} sentence */
export const leaveWord = (sentence) => sessionStorage.setItem(KEPT, sentence);

/** Say what was left, once, in the place of what was said before. */
export function sayLastWord() {
  const sentence = sessionStorage.getItem(KEPT);
  if (!sentence) return;
  sessionStorage.removeItem(KEPT);
  shown?.remove();
  shown = toast(sentence);
}
