/** The fourth step, and the trial while it runs: how far it is, how fast, what became of the rows. */

import { _ } from "../lib/gettext.js";
import { at, numbers } from "../lib/page.js";
import { setIcon, setText } from "../lib/text.js";
import { undoing } from "./undo.js";

const { locale, timeZone } = document.documentElement.dataset;
const clock = new Intl.DateTimeFormat(locale, { timeStyle: "medium", timeZone, hour12: false });
/** Rows and time at the first look, for the speed of now and not of an upload that was stopped for a night. */
let from = { id: "", done: 0, at: 0 };

/** Whole percents; 100 only when it is over. */
export function percent(job) {
  if (job.state === "done" || job.state === "checked" || job.state === "undone") return 100;
  const taken = job.removed + job.unlinked + job.restored;
  if (job.state === "undoing" || job.kind === "delete")
    return job.to_take ? Math.min(99, Math.floor((100 * taken) / job.to_take)) : 0;
  return job.total ? Math.min(99, Math.floor((100 * job.done) / job.total)) : 0;
}

/** @param {any} job @param {any[]} uploads those there were, for what can be undone */
export function showLoad(job, uploads) {
  const now = percent(job);
  const going = job.state === "running" || job.state === "checking";
  const back = job.state === "undoing" || job.state === "undone" || job.kind === "delete";
  setText(at("load-title"), title(job));
  const began = job.started_at ? _("empezó a las %(time)s", { time: clock.format(Date.parse(job.started_at)) }) : "";
  setText(at("load-when"), [began, job.by].filter(Boolean).join(", "));
  setText(at("load-percent"), `${now} %`);
  const rows = { done: numbers.format(job.done), total: numbers.format(job.total), stored: numbers.format(job.stored) };
  const taken = {
    removed: numbers.format(job.removed),
    unlinked: numbers.format(job.unlinked),
    restored: numbers.format(job.restored),
  };
  if (job.kind === "delete")
    setText(at("load-rows"), _("%(removed)s clientes quitados, %(unlinked)s fuera de la base", taken));
  else if (back)
    setText(
      at("load-rows"),
      _("%(removed)s clientes quitados, %(unlinked)s fuera de la base, %(restored)s con los datos de antes", taken),
    );
  else
    setText(
      at("load-rows"),
      job.state === "checking"
        ? _("%(done)s de %(total)s filas leídas", rows)
        : _("%(done)s de %(total)s filas leídas, %(stored)s guardadas", rows),
    );
  at("load-meter").setAttribute("aria-valuenow", now);
  at("load-meter").querySelector("i").style.width = `${now}%`;
  setText(
    at("load-cases-lab"),
    job.campaign ? _("Casos creados en %(campaign)s", { campaign: job.campaign.name }) : _("Casos creados"),
  );
  if (back) setText(at("load-speed"), "–");
  else showSpeed(job, going);
  at("load-facts").hidden = job.kind === "delete";
  at("stop").hidden = !going || back;
  const { can, words } = undoing(job, uploads);
  at("undo").hidden = !can;
  setText(at("load-undo"), words);
  setText(at("go-on"), job.to_agree ? _("Revisar y continuar") : _("Continuar"));
  at("go-on").hidden = job.base_gone || job.kind === "delete" || (job.state !== "stopped" && job.state !== "failed");
  at("load-report").hidden = going || !job.refused;
  at("load-report").href = job.report_url;
  showNotice(job);
}

function title(job) {
  const name = { name: job.name };
  if (job.kind === "delete")
    return job.state === "done" ? _("«%(name)s» se borró", name) : _("Borrando «%(name)s»", name);
  return {
    checking: _("Probando «%(name)s»", name),
    running: _("Cargando «%(name)s»", name),
    done: _("«%(name)s» está completa", name),
    stopped: _("«%(name)s» está detenida", name),
    failed: _("«%(name)s» se detuvo", name),
    undoing: _("Deshaciendo «%(name)s»", name),
    undone: _("«%(name)s» se deshizo", name),
  }[job.state];
}

function showSpeed(job, going) {
  const time = performance.now();
  if (from.id !== `${job.id} ${job.state}` || job.done < from.done)
    from = { id: `${job.id} ${job.state}`, done: job.done, at: time };
  const seconds = (time - from.at) / 1000;
  let speed = going && seconds > 0.5 ? (job.done - from.done) / seconds : 0;
  if (!going && job.ended_at && job.started_at)
    speed = job.done / Math.max(0.1, (Date.parse(job.ended_at) - Date.parse(job.started_at)) / 1000);
  setText(at("load-speed"), speed ? _("%(rows)s filas por segundo", { rows: numbers.format(Math.round(speed)) }) : "–");
  const left = going && speed ? Math.ceil((job.total - job.done) / speed) : 0;
  setText(
    at("load-left"),
    left > 0 ? _("quedan unos %(time)s", { time: left < 90 ? `${left} s` : `${Math.ceil(left / 60)} min` }) : "",
  );
}

function showNotice(job) {
  const row = numbers.format(job.done + 1);
  if (job.error && job.state === "done") return notice("amber", "alert", job.error, "");
  if (job.kind === "delete")
    return notice(
      "grey",
      "trash",
      job.state === "done" ? _("La base se borró.") : _("La base se está borrando."),
      _("Los clientes trabajados o de otra base siguen con su historia."),
    );
  const [hue, icon, strong, rest] = {
    checking: [
      "blue",
      "info",
      _("No se guarda nada todavía."),
      _("Al terminar verá qué filas entran y por qué se rechazan las otras."),
    ],
    running: [
      "blue",
      "info",
      _("Puede salir de esta página."),
      _("La carga sigue sola. Si se detiene, lo guardado queda y se puede continuar desde la fila %(row)s.", { row }),
    ],
    done: ["green", "check", _("Todo está guardado."), _("Cada fila rechazada está en el archivo con su motivo.")],
    stopped: [
      "amber",
      "pause",
      _("Lo guardado queda."),
      _("Continúa desde la fila %(row)s sin duplicar nada.", { row }),
    ],
    undoing: [
      "blue",
      "undo",
      _("Se está deshaciendo."),
      _("Lo que nadie trabajó se quita; lo demás queda con su historia."),
    ],
    undone: [
      "grey",
      "undo",
      _("Esta carga se deshizo."),
      _("Los clientes trabajados o de otra base siguen con su historia."),
    ],
    failed: ["red", "alert", job.error || _("Algo falló."), _("Lo guardado queda y no se duplica al continuar.")],
  }[job.state] ?? ["blue", "info", "", ""];
  return notice(hue, icon, strong, job.state === "done" && !job.refused ? _("Ninguna fila se rechazó.") : rest);
}

function notice(hue, icon, strong, rest) {
  const box = at("load-notice");
  box.className = `notice k-${hue}`;
  setIcon(box.querySelector("svg"), icon);
  setText(box.querySelector("strong"), strong);
  setText(box.querySelector("span > span"), rest);
}
