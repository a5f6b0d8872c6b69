/** `/resumen`: the server draws it; here it is only read again when something of it changed, or time made it so. */
import { redrawOn } from "../lib/redraw.js";

redrawOn(
  [
    "agent.state_changed",
    "appointment.due",
    "call.ringing",
    "call.answered",
    "call.ended",
    "campaign.changed",
    "case.closed",
    "import.progressed",
    "list.changed",
    "pbx.lost",
    "pbx.back",
    "user.changed",
  ],
  { every: 30_000 },
);
