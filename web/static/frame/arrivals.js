/** What reaches agents while they look at something else than the list it stands in: a toast, grouped. */
import { now } from "../lib/clock.js";
import { _, ngettext } from "../lib/gettext.js";
import { toast } from "../lib/layers.js";
import { live } from "../lib/live.js";
import { myId } from "../lib/page.js";
import { anybodysDue } from "./may-take.js";

const TOGETHER = 500; // milliseconds in which arrivals are one message

/** Tell of new cases and due appointments of this person. */
export function tellArrivals() {
  /** @type {string[]} */
  let cases = [];
  /** @type {string | null} */
  let giver = null;
  let timer = 0;
  const onList = () =>
    document.querySelector("#desk [data-number], #desk .rows") &&
    document.querySelector('.nav[aria-current] [data-count="assigned"]');
  const see = () => location.assign("/casos?seccion=assigned");
  const flush = () => {
    const by = giver ? _(" de %(name)s", { name: giver }) : "";
    const sentence = cases.length === 1 ? _("Caso nuevo: %(name)s", { name: cases[0] }) : many(cases.length) + by;
    cases = [];
    toast(sentence, { name: "inbox", hue: "blue", act: { word: _("Ver"), does: see } });
  };
  live.on("case.assigned", (event) => {
    if (event.case.agent?.id !== myId || event.by?.id === myId || onList()) return;
    cases.push(event.case.customer.name);
    giver = event.by?.name ?? null;
    clearTimeout(timer);
    timer = setTimeout(flush, TOGETHER);
  });
  live.on("list.changed", (event) => {
    const mine = event.reason === "assigned" && event.audience.length === 1 && event.audience[0] === `user:${myId}`;
    if (mine)
      toast(many(event.count) + (event.by ? _(" de %(name)s", { name: event.by.name }) : ""), {
        name: "inbox",
        hue: "blue",
        act: onList() ? null : { word: _("Ver"), does: see },
      });
  });
  live.on("appointment.due", (event) => {
    const shared = anybodysDue(event.case, Math.max(now(), Date.parse(event.at)));
    if (event.case.agent?.id !== myId && !shared) return;
    const name = event.case.customer.name;
    const words = shared
      ? _("Llegó la hora, de cualquier agente: %(name)s", { name })
      : _("Llegó la hora: %(name)s", { name });
    toast(words, {
      name: "clock",
      hue: "amber",
      act: { word: _("Abrir"), does: () => location.assign(`/casos/${event.case.number}`) },
    });
  });
}

/** @param {number} n */
const many = (n) => ngettext("1 caso nuevo", "%(count)s casos nuevos", n);
