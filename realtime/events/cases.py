"""What happens to a case, to its appointments, and to the lists in which cases stand."""

from __future__ import annotations

from ...models.rows.values import CaseRow, Named
from .. import topics as to
from .event import Event


class CaseEvent(Event):
    """Anything that happened to one case: heard by its campaign, its agent, the former one, and supervisors."""

    case: CaseRow
    former_agent_id: int | None = None
    by: Named | None = None

    def topics(self) -> frozenset[str]:
        people = {i for i in (self.former_agent_id, self.case.agent and self.case.agent.id) if i}
        heard = {to.campaign(self.case.campaign.id), to.case(self.case.number), to.SUPERVISORS}
        return frozenset(heard | {to.user(i) for i in people})


class CaseAssigned(CaseEvent):
    """A case was given to an agent, or an agent took it (M-01)."""

    type = "case.assigned"


class CaseUnassigned(CaseEvent):
    """A case was taken from its agent and is free again (S4-52)."""

    type = "case.unassigned"


class CaseOpened(CaseEvent):
    """An agent opened a case to work on it: the agent holds it and is EN GESTIÓN (S3-03)."""

    type = "case.opened"


class CaseLeft(CaseEvent):
    """The holder left a case without closing it (S3-27)."""

    type = "case.left"


class CaseClosed(CaseEvent):
    """A case was finished for good."""

    type = "case.closed"


class CaseMoved(CaseEvent):
    """A case changed its place in the list or what its row shows: appointment, priority, result, account (X2)."""

    type = "case.moved"


class CaseCreated(CaseEvent):
    """A single case was made, by an incoming contact or by hand. (Cases made in bulk tell `list.changed`.)"""

    type = "case.created"


class AppointmentDue(CaseEvent):
    """The hour of a next contact has come: the case is now first in its list (S3-79)."""

    type = "appointment.due"
    appointment_id: int


class ListChanged(Event):
    """Many rows changed at once (import, mass assignment, a new priority): refetch the window with a little delay."""

    type = "list.changed"
    scope: str
    reason: str
    count: int
    by: Named | None = None
    audience: list[str]

    def topics(self) -> frozenset[str]:
        return frozenset(self.audience)


def heard_by_cases(cases: list[CaseRow]) -> frozenset[str]:
    """Everyone on whose screen one of these cases may stand."""
    heard = {to.SUPERVISORS}
    for case in cases:
        heard |= {to.campaign(case.campaign.id), to.case(case.number)}
        if case.agent:
            heard.add(to.user(case.agent.id))
    return frozenset(heard)
