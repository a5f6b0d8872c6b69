/** The ficha: read until Editar, kept only by Guardar; what another person changed meanwhile is shown, not lost. */

import { api } from "../lib/api.js";
import { _ } from "../lib/gettext.js";
import { toast } from "../lib/layers.js";
import { el, icon } from "../lib/text.js";

/** Make the form of customers/customer_form.html work; `saved(customer)` hears the new data. Answers what takes newer data. */
export function customerForm(customer, saved) {
  const form = document.getElementById("customer-form");
  const edit = document.getElementById("edit-customer");
  const notice = form.querySelector("[data-customer-notice]");
  const fields = [...form.querySelectorAll("input[name]")];
  let known = customer;
  let editing = false;

  const fill = () => fields.forEach((field) => (field.value = known[field.name] ?? ""));
  const become = (now) => {
    editing = now;
    fields.forEach((field) => {
      field.readOnly = !now;
      field.classList.remove("bad");
    });
    form.querySelector("[data-customer-acts]").hidden = !now;
    if (edit) edit.hidden = now;
    notice.replaceChildren();
    if (now) fields[0].focus();
    else edit?.focus();
  };
  const changes = () =>
    Object.fromEntries(
      fields.filter((f) => f.value.trim() !== (known[f.name] ?? "")).map((f) => [f.name, f.value.trim() || null]),
    );

  const save = async () => {
    const changed = changes();
    if (!Object.keys(changed).length) return become(false);
    const answer = await api.patch(`/customers/${known.id}`, { ...changed, version: known.version });
    if (!answer.refused) {
      known = answer.value;
      fill();
      become(false);
      toast(_("Datos del cliente guardados."));
      return saved(known);
    }
    fields.forEach((field) => field.classList.toggle("bad", field.name === answer.refused.field));
    return answer.refused.code === "stale" ? stale(answer.refused) : say("red", "alert", answer.refused.message);
  };

  const say = (hue, picture, strong, ...rest) =>
    notice.replaceChildren(
      el("p", { class: `notice k-${hue}` }, icon(picture), el("span", {}, el("strong", {}, strong), " ", ...rest)),
    );

  /** Another person saved first: both values are shown and one is chosen. */
  const stale = (refused) => {
    const differ = Object.entries(refused.stored ?? {}).filter(
      ([name, value]) => String(value ?? "") !== String(refused.yours?.[name] ?? ""),
    );
    const words = differ
      .map(
        ([name, value]) => `${form.querySelector(`label[for=customer-${name}]`)?.textContent ?? name}: ${value || "–"}`,
      )
      .join("; ");
    say(
      "amber",
      "pencil",
      _("Otra persona cambió estos datos."),
      words,
      " ",
      _("El suyo sigue escrito: elija cuál queda."),
    );
    const mine = el("button", { type: "button", class: "btn sm" }, _("Dejar el mío"));
    const theirs = el("button", { type: "button", class: "btn sm" }, _("Dejar el guardado"));
    notice.append(el("div", { class: "row mt2" }, mine, theirs));
    mine.addEventListener("click", () => {
      known = { ...known, version: refused.version };
      save();
    });
    theirs.addEventListener("click", async () => {
      const fresh = await api.get(`/customers/${known.id}`);
      if (fresh.value) known = fresh.value;
      fill();
      become(false);
    });
  };

  edit?.addEventListener("click", () => become(true));
  form.querySelector("[data-cancel]").addEventListener("click", () => {
    fill();
    become(false);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (editing) save();
  });

  return (newer) => {
    if (newer.version < known.version) return;
    if (editing) {
      if (newer.version > known.version)
        say(
          "amber",
          "pencil",
          _("Otra persona cambió los datos de este cliente."),
          _("Al guardar podrá elegir cuál queda."),
        );
      return;
    }
    known = newer;
    fill();
  };
}
