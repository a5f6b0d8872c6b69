/** What a page says of what it did, when the next one opens. */
import { toast } from "./layers.js";

const KEPT = "atiende.word";

/** Leave a sentence for the page that opens now. */
export const leaveWord = (sentence) => sessionStorage.setItem(KEPT, sentence);

/** Say what the page before left, once. */
export function sayLastWord() {
  const sentence = sessionStorage.getItem(KEPT);
  if (!sentence) return;
  sessionStorage.removeItem(KEPT);
  toast(sentence);
}
