/** The fourth step, and the trial while it runs: how far it is, how fast, what became of the rows. */
import { setIcon, setText } from "./text.js";
import { _ } from "./words.js";

const at = (id) => document.getElementById(id);
const { locale, timeZone } = document.documentElement.dataset;
const number = new Intl.NumberFormat(locale);
const clock = new Intl.DateTimeFormat(locale, { timeStyle: "medium", timeZone, hour12: false });
/** Rows and time at the first look, for the speed of now and not of an upload that was stopped for a night. */
let from = { id: "", done: 0, at: 0 };

/** Whole percents; 100 only when it is over. */
export function percent(job) {
  if (job.state === "done" || job.state === "checked") return 100;
  return job.total ? Math.min(99, Math.floor((100 * job.done) / job.total)) : 0;
}

/** @param {any} job */
export function showLoad(job) {
  const now = percent(job);
  const going = job.state === "running" || job.state === "checking";
  setText(at("load-title"), title(job));
  const began = job.started_at ? _("empezó a las %(time)s", { time: clock.format(Date.parse(job.started_at)) }) : "";
  setText(at("load-when"), [began, job.by].filter(Boolean).join(", "));
  setText(at("load-percent"), `${now} %`);
  const rows = { done: number.format(job.done), total: number.format(job.total), stored: number.format(job.stored) };
  setText(at("load-rows"), job.state === "checking" ? _("%(done)s de %(total)s filas leídas", rows) : _("%(done)s de %(total)s filas leídas, %(stored)s guardadas", rows));
  at("load-meter").setAttribute("aria-valuenow", now);
  at("load-meter").querySelector("i").style.width = `${now}%`;
  setText(at("load-cases-lab"), job.campaign ? _("Casos creados en %(campaign)s", { campaign: job.campaign.name }) : _("Casos creados"));
  showSpeed(job, going);
  at("stop").hidden = !going;
  at("go-on").hidden = job.state !== "stopped" && job.state !== "failed";
  at("load-report").hidden = going || !job.refused;
  at("load-report").href = job.report_url;
  showNotice(job);
}

function title(job) {
  const name = { name: job.name };
  return {
    checking: _("Probando «%(name)s»", name),
    running: _("Cargando «%(name)s»", name),
    done: _("«%(name)s» está completa", name),
    stopped: _("«%(name)s» está detenida", name),
    failed: _("«%(name)s» se detuvo", name),
  }[job.state];
}

function showSpeed(job, going) {
  const time = performance.now();
  if (from.id !== `${job.id} ${job.state}` || job.done < from.done) from = { id: `${job.id} ${job.state}`, done: job.done, at: time };
  const seconds = (time - from.at) / 1000;
  let speed = going && seconds > 0.5 ? (job.done - from.done) / seconds : 0;
  if (!going && job.ended_at && job.started_at) speed = job.done / Math.max(0.1, (Date.parse(job.ended_at) - Date.parse(job.started_at)) / 1000);
  setText(at("load-speed"), speed ? _("%(rows)s filas por segundo", { rows: number.format(Math.round(speed)) }) : "–");
  const left = going && speed ? Math.ceil((job.total - job.done) / speed) : 0;
  setText(at("load-left"), left > 0 ? _("quedan unos %(time)s", { time: left < 90 ? `${left} s` : `${Math.ceil(left / 60)} min` }) : "");
}

function showNotice(job) {
  const row = number.format(job.done + 1);
  const [hue, icon, strong, rest] = {
    checking: ["blue", "info", _("No se guarda nada todavía."), _("Al terminar verá qué filas entran y por qué se rechazan las otras.")],
    running: ["blue", "info", _("Puede salir de esta página."), _("La carga sigue sola. Si se detiene, lo guardado queda y se puede continuar desde la fila %(row)s.", { row })],
    done: ["green", "check", _("Todo está guardado."), _("Cada fila rechazada está en el archivo con su motivo.")],
    stopped: ["amber", "pause", _("Lo guardado queda."), _("Continúa desde la fila %(row)s sin duplicar nada.", { row })],
    failed: ["red", "alert", job.error || _("Algo falló."), _("Lo guardado queda y no se duplica al continuar.")],
  }[job.state] ?? ["blue", "info", "", ""];
  const notice = at("load-notice");
  notice.className = `notice k-${hue}`;
  setIcon(notice.querySelector("svg"), icon);
  setText(notice.querySelector("strong"), strong);
  setText(notice.querySelector("span > span"), job.state === "done" && !job.refused ? _("Ninguna fila se rechazó.") : rest);
}
