/** `/claves`: end the key of a program, whoever made it. */
import { endWhatIsPressed, takeRowAway } from "../account/ends.js";
import { at } from "../lib/page.js";

endWhatIsPressed(at("tokens"), takeRowAway);
