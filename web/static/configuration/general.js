/** `/configuraciones`: how long the audit is kept. */
import { settle, whoAndWhen } from "../forms/conflict.js";
import { api } from "../lib/api.js";
import { _ } from "../lib/gettext.js";
import { mayDo, sayRefusedIn, toast } from "../lib/layers.js";
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
const asField = (days) => ({ audit_days: days });
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
  const who = whoAndWhen({ id: null, name: current.changed_by ?? "Atiende" }, current.changed_at);
  const three = { filled: asField(seen.audit_days), written: asField(days), stored: asField(current.audit_days) };
  const kept = await settle(who, three, (_field, value) => [_("Días que se guarda"), String(value)]);
  show(current, who);
  if (!kept || kept.audit_days === current.audit_days) return undefined;
  field("retention-audit_days").value = String(kept.audit_days);
  return save();
}

at("retention-form").addEventListener("submit", (submitted) => {
  submitted.preventDefault();
  save();
});
