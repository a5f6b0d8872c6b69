/** The first step: drop or choose a file; it goes up with its progress shown. */

import { intention } from "../lib/api.js";
import { _ } from "../lib/gettext.js";
import { at } from "../lib/page.js";
import { setText } from "../lib/text.js";
import { keyChoice } from "./key.js";

/** fetch() tells no progress of what goes up, XMLHttpRequest does. */
function send(form, progress) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", "/api/v1/bases/uploads");
    request.setRequestHeader("Idempotency-Key", intention());
    request.responseType = "json";
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
    request.onload = () => resolve({ ok: request.status < 300, value: request.response });
    request.onerror = () => resolve({ ok: false, value: null });
    request.send(form);
  });
}

/** Let people give a file; `done` gets its job, `refuse` what the server says against it (or null). */
export function sendFile(refuse, done, bases) {
  const key = keyChoice(at("key-box"), at("key-hint"), at("base-name"), (name) =>
    bases.find((base) => base.name === name),
  );
  key.show();
  const drop = at("drop");
  const title = at("drop-title").textContent;
  let busy = false;

  function progress(part) {
    const now = Math.round(part * 100);
    at("drop-meter").querySelector("i").style.width = `${now}%`;
    at("drop-meter").setAttribute("aria-valuenow", now);
    setText(at("drop-title"), now < 100 ? _("Subiendo… %(percent)s %", { percent: now }) : _("Leyendo el archivo…"));
  }

  async function take(file) {
    if (!file || busy) return;
    const name = at("base-name").value.trim() || file.name.replace(/\.\w+$/, "").replaceAll("_", " ");
    at("base-name").value = name;
    const form = new FormData();
    form.set("name", name);
    key.show();
    form.set("key", key.value().join(","));
    if (at("base-campaign").value !== "0") form.set("campaign", at("base-campaign").value);
    form.set("file", file);
    busy = true;
    at("choose").disabled = true;
    at("drop-meter").hidden = false;
    refuse(null);
    progress(0);
    const answer = await send(form, progress);
    busy = false;
    at("choose").disabled = false;
    at("drop-meter").hidden = true;
    at("file").value = "";
    setText(at("drop-title"), title);
    if (answer.ok) done(answer.value);
    else
      refuse(
        answer.value?.message
          ? answer.value
          : { message: _("El archivo no llegó. Revise la conexión y súbalo de nuevo.") },
      );
  }

  at("choose").addEventListener("click", () => at("file").click());
  at("file").addEventListener("change", () => take(at("file").files[0]));
  at("step-file").addEventListener("submit", (event) => event.preventDefault());
  for (const name of ["dragenter", "dragover"])
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    take(event.dataTransfer.files[0]);
  });
}
