/** The first step: drop or choose a file; it goes up with its progress shown. */

import { intention } from "../lib/api.js";
import { _ } from "../lib/gettext.js";
import { at, button, field, input, inside } from "../lib/page.js";
import { setText } from "../lib/text.js";
import { KeyChoice } from "./key.js";

/** @import { Job } from "./job.js" */
/** @import { Base } from "./key.js" */

/**
 * fetch() tells no progress of what goes up, XMLHttpRequest does.
 * @param {FormData} form
 * @param {(part: number) => void} progress
 * @returns {Promise<{ok: boolean, value: any}>}
 */
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

/** @param {number} part */
function showProgress(part) {
  const percent = Math.round(part * 100);
  inside(at("drop-meter"), "i").style.width = `${percent}%`;
  at("drop-meter").setAttribute("aria-valuenow", String(percent));
  setText(at("drop-title"), percent < 100 ? _("Subiendo… %(percent)s %", { percent }) : _("Leyendo el archivo…"));
}

/** While a file goes up no other is taken. @param {boolean} is */
function busy(is) {
  button("choose").disabled = is;
  at("drop-meter").hidden = !is;
}

/** The form that goes up with a file. @param {File} file @param {string[]} key */
function formOf(file, key) {
  const form = new FormData();
  form.set("name", field("base-name").value);
  form.set("key", key.join(","));
  if (field("base-campaign").value !== "0") form.set("campaign", field("base-campaign").value);
  form.set("file", file);
  return form;
}

/**
 * Let people give a file; `done` gets its job, `refuse` what the server says against it (or null).
 * @param {(refused: {message: string} | null) => void} refuse
 * @param {(job: Job) => void} done
 * @param {Base[]} bases
 */
export function sendFile(refuse, done, bases) {
  const name = field("base-name");
  const key = new KeyChoice(at("key-box"), at("key-hint"), () => bases.find((base) => base.name === name.value.trim()));
  name.addEventListener("input", () => key.show());
  key.show();
  const title = at("drop-title").textContent ?? "";

  /** @param {File | undefined} file */
  async function take(file) {
    if (!file || button("choose").disabled) return;
    name.value = name.value.trim() || file.name.replace(/\.\w+$/, "").replaceAll("_", " ");
    key.show();
    busy(true);
    refuse(null);
    showProgress(0);
    const answer = await send(formOf(file, key.value), showProgress);
    busy(false);
    input("file").value = "";
    setText(at("drop-title"), title);
    const lost = { message: _("El archivo no llegó. Revise la conexión y súbalo de nuevo.") };
    if (answer.ok) done(answer.value);
    else refuse(answer.value?.message ? answer.value : lost);
  }

  at("choose").addEventListener("click", () => input("file").click());
  at("file").addEventListener("change", () => take(input("file").files?.[0]));
  at("step-file").addEventListener("submit", (event) => event.preventDefault());
  onDrop(at("drop"), take);
}

/** @param {HTMLElement} drop @param {(file: File | undefined) => void} take */
function onDrop(drop, take) {
  for (const name of ["dragenter", "dragover"])
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    take(event.dataTransfer?.files[0]);
  });
}
