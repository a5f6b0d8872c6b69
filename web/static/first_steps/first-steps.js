/** `/primeros-pasos`: ticks appear as things come to be; links for people who have not entered; hiding the page. */

import { api } from "../lib/api.js";
import { _ } from "../lib/gettext.js";
import { sayRefused, toast } from "../lib/layers.js";
import { around, at } from "../lib/page.js";
import { redrawOn } from "../lib/redraw.js";

/** @param {string} id */
async function copyLink(id) {
  const answer = await api.patch(`/users/${id}`, { link: true });
  if (answer.refused) return sayRefused(answer.refused);
  const { link, name } = answer.value;
  try {
    await navigator.clipboard.writeText(link);
    return void toast(_("Enlace de %(name)s copiado.", { name }));
  } catch {
    return void toast(_("Enlace de %(name)s: %(link)s", { name, link }), { name: "key", hue: "blue" });
  }
}

at("main").addEventListener("click", (event) => {
  const link = around(event, "[data-link-of]");
  if (link) copyLink(link.dataset.linkOf ?? "");
});
redrawOn([
  "user.changed",
  "campaign.changed",
  "import.progressed",
  "list.changed",
  "case.assigned",
  "case.opened",
  "case.closed",
  "sections.counted",
  "pbx.lost",
  "pbx.back",
]);
