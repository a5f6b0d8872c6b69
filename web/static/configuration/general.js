/** `/configuraciones`: how long the audit is kept. */
import { api } from "../lib/api.js";
import { mayDo, sayRefusedIn, whichStays } from "../lib/editor.js";
import { _ } from "../lib/gettext.js";
import { toast } from "../lib/layers.js";
import { at, field, pageData } from "../lib/page.js";
import { setText } from "../lib/text.js";

/** @typedef {{version: number, audit_days: number}} Settings */
/** @type {Settings} */
let seen = pageData("settings");

/** @param {Settings} settings @param {string} by */
function show(settings, by) {
  seen = settings;
  field("retention-audit_days").value = String(settings.audit_days);
  setText(at("retention-by"), by);
}

/** @param {number} days */
const isSure = async (days) =>
  days >= seen.audit_days ||
  mayDo(
    _("¿Guardar menos días?"),
    _("Los registros más viejos se borran y no se pueden recuperar."),
    _("Dejar como está"),
    _("Guardar menos"),
  );

async function save() {
  const days = Number(field("retention-audit_days").value.trim());
  at("retention-error").hidden = true;
  if (!(await isSure(days))) return show(seen, "");
  const answer = await api.patch("/settings", { audit_days: days, version: seen.version });
  if (!answer.refused) {
    show(answer.value, _("Lo cambió usted, ahora."));
    return void toast(_("Se guardó."));
  }
  if (answer.refused.code !== "stale") return sayRefusedIn(at("retention-error"), answer.refused.message);
  const current = answer.refused.current;
  const who = _("%(name)s guardó %(days)s días.", { name: current.changed_by ?? "Atiende", days: current.audit_days });
  const stays = await whichStays(_("Otra persona lo cambió mientras tanto"), who);
  show(current, who);
  if (stays !== "mine") return undefined;
  field("retention-audit_days").value = String(days);
  return save();
}

at("retention-form").addEventListener("submit", (submitted) => {
  submitted.preventDefault();
  save();
});
