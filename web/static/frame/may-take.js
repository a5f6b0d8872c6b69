/** Who may take a case: the same rule as queue/cases/taking.py, so that no screen offers what the server refuses. */

import { now } from "../lib/clock.js";
import { myId, myRole } from "../lib/page.js";

/** @import { CaseRow } from "../lib/events.js" */

/** Whether another person has it open now. @param {CaseRow} row */
export const heldByOther = (row) => Boolean(row.holder && row.holder.id !== myId);

/**
 * Whether *Atender* gives the case to whoever looks: it is open and in nobody's hands, and one's own, or nobody's in a
 * campaign in which agents take cases themselves. Supervisors take any.
 * @param {CaseRow} row
 */
export function mayTake(row) {
  if (row.status === "closed" || heldByOther(row)) return false;
  if (myRole !== "agent") return true;
  return row.agent ? row.agent.id === myId : row.campaign.assignment_mode !== "directed";
}

/**
 * Whether it is an appointment of any agent whose hour has come, which this agent may take.
 * @param {CaseRow} row
 * @param {number} [time] milliseconds; now, or when the server said so
 */
export function anybodysDue(row, time = now()) {
  const { agent, holder, next_contact_at: at, next_contact_agent_id: promised } = row;
  const free = row.status === "open" && !agent && !holder && !promised;
  return Boolean(free && at && Date.parse(at) <= time && myRole === "agent" && mayTake(row));
}
