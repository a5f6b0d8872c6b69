"""The catalogue of everything that is pushed to a screen.

An event is one frozen class: its name says what happened (never "updated"), its payload holds the whole new state and
version of that thing as a row shows it, and `topics()` says who hears it: the audience is part of the definition.
`scripts/write_events` makes `docs/EVENTS.md`, the JSON Schema and the browser's types from this file.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, computed_field

from ..models.rows.values import CallRow, CampaignRef, CaseRow, CustomerRef, Named, PersonRow, Pressure
from . import topics as to


class Event(BaseModel):
    """Something that happened, told after its commit. `at` is the database's time of it (UTC)."""

    model_config = ConfigDict(frozen=True)
    type: ClassVar[str]
    at: datetime

    def topics(self) -> frozenset[str]:
        """Who hears it."""
        raise NotImplementedError(type(self).__name__)


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
    """A case was given to an agent, or taken by him (M-01)."""

    type = "case.assigned"


class CaseUnassigned(CaseEvent):
    """A case was taken from its agent and is free again (S4-52)."""

    type = "case.unassigned"


class CaseOpened(CaseEvent):
    """An agent opened a case to work it: he holds it, his state is EN GESTIÓN (S3-03)."""

    type = "case.opened"


class CaseLeft(CaseEvent):
    """The holder went out of a case without closing it (S3-27)."""

    type = "case.left"


class CaseClosed(CaseEvent):
    """A case was finished for good."""

    type = "case.closed"


class CaseMoved(CaseEvent):
    """A case changed its place in the list or what its row shows: appointment, priority, result, account (X2)."""

    type = "case.moved"


class CaseCreated(CaseEvent):
    """A single case was born: by an incoming contact or by hand. (Bulk births tell `list.changed`.)"""

    type = "case.created"


class AppointmentDue(CaseEvent):
    """The hour of a next contact has come: the case is now first in its list (S3-79)."""

    type = "appointment.due"
    appointment_id: int


def heard_by_cases(cases: list[CaseRow]) -> frozenset[str]:
    """Everyone on whose screen one of these cases may stand."""
    heard = {to.SUPERVISORS}
    for case in cases:
        heard |= {to.campaign(case.campaign.id), to.case(case.number)}
        if case.agent:
            heard.add(to.user(case.agent.id))
    return frozenset(heard)


class ContactPressureChanged(Event):
    """A contact was counted or taken back: colours climb and the customer rotates on all his open cases (M-03)."""

    type = "contact.pressure_changed"
    customer: CustomerRef
    channel: str
    pressure: Pressure
    cases: list[CaseRow]

    def topics(self) -> frozenset[str]:
        return heard_by_cases(self.cases)


class CustomerCorrected(Event):
    """Data of a customer changed: name, document, contact points, accounts. Carries his open cases anew."""

    type = "customer.corrected"
    customer: CustomerRef
    version: int
    cases: list[CaseRow]

    def topics(self) -> frozenset[str]:
        return heard_by_cases(self.cases)


class AgentStateChanged(Event):
    """An agent's state, pause reason, pending pause, case, phone or part in a call changed (M-02)."""

    type = "agent.state_changed"
    agent: PersonRow
    healed: str | None = None  # why the server mended it by itself, as a code

    def topics(self) -> frozenset[str]:
        return frozenset({to.user(self.agent.id), to.SUPERVISORS})


class CallEvent(Event):
    """Anything that happened to a call: heard by the agents it rings or rang, and by supervisors."""

    call: CallRow
    agents: list[int]

    @computed_field
    def call_id(self) -> str:
        """The call's identifier, as `/calls/{id}` takes it."""
        return self.call.id

    @computed_field
    def direction(self) -> str:
        """inbound, outbound or internal."""
        return self.call.direction

    @computed_field
    def caller_id(self) -> str:
        """The caller's number: E.164 when it can be read, else as the PBX wrote it."""
        return self.call.caller_id

    @computed_field
    def customer(self) -> CustomerRef | None:
        """Who calls, when exactly one customer matches or one was chosen."""
        return self.call.customer

    @computed_field
    def case(self) -> CaseRow | None:
        """The case that is open, or would open on answering."""
        return self.call.case

    @computed_field
    def campaign(self) -> CampaignRef | None:
        """The campaign the call came in by."""
        return self.call.campaign

    def topics(self) -> frozenset[str]:
        return frozenset({to.SUPERVISORS} | {to.user(i) for i in self.agents})


class CallRinging(CallEvent):
    """The screen pop: a phone rings (M-05, S4-78). `call.caller_id` is the number, `call.customer` who it is."""

    type = "call.ringing"


class CallAnswered(CallEvent):
    """An agent answered. The other phones that rang hear it too and let the pop go."""

    type = "call.answered"


class CallMatched(CallEvent):
    """The agent said which of several customers calls, or who the unknown caller is (S4-80)."""

    type = "call.matched"


class CallEnded(CallEvent):
    """A call ended, or stopped ringing here: the pop goes away."""

    type = "call.ended"


class CallFailed(CallEvent):
    """A call that an agent asked for did not come about; `reason` is a code, `words` its Spanish sentence."""

    type = "call.failed"
    reason: str
    words: str


class CustomerRang(CallEvent):
    """The phone of the customer whom an agent calls rings: from here on the contact counts."""

    type = "call.customer_rang"


class CallAsked(CallEvent):
    """An agent asked for a call; his own phone will ring first (S4-91)."""

    type = "call.asked"


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


class SectionsCounted(Event):
    """How many cases each section of a campaign has now; `version` grows with time."""

    type = "sections.counted"
    campaign_id: int
    version: int
    counts: dict[str, int]

    def topics(self) -> frozenset[str]:
        return frozenset({to.campaign(self.campaign_id), to.SUPERVISORS})


class DayCounted(Event):
    """An agent's own figures: cases assigned to him now, gestiones and effective contacts today, mean seconds."""

    type = "day.counted"
    agent_id: int
    version: int
    assigned: int
    dispositions: int
    effective: int
    mean_seconds: int | None

    def topics(self) -> frozenset[str]:
        return frozenset({to.user(self.agent_id)})


class ImportProgressed(Event):
    """An upload went on, ended or failed (S4-02). `job` is the answer of `GET /jobs/{id}`."""

    type = "import.progressed"
    job: dict[str, Any]

    def topics(self) -> frozenset[str]:
        return frozenset({to.SUPERVISORS})


class CampaignChanged(Event):
    """A campaign was made, archived, reopened, or changed its priority, agents or results."""

    type = "campaign.changed"
    campaign: dict[str, Any]
    version: int

    def topics(self) -> frozenset[str]:
        return frozenset({to.campaign(int(self.campaign["id"])), to.SUPERVISORS})


class RightsChanged(Event):
    """A person's role, campaigns or session changed: his sockets take up their topics again, or close."""

    type = "rights.changed"
    user_id: int
    signed_out: bool = False

    def topics(self) -> frozenset[str]:
        return frozenset({to.user(self.user_id)})


class TabTaken(Event):
    """Another tab of the same agent is the active one now; the others close with 4409."""

    type = "tab.taken"
    user_id: int
    tab: str

    def topics(self) -> frozenset[str]:
        return frozenset({to.user(self.user_id)})


class WallboardFigures(Event):
    """The wall board's figures, worked out once a second for all who look (M-06)."""

    type = "wallboard.figures"
    figures: dict[str, Any]

    def topics(self) -> frozenset[str]:
        return frozenset({to.WALLBOARD})


class PbxLost(Event):
    """The PBX does not answer: calls cannot be seen until it is back."""

    type = "pbx.lost"
    pbx: str
    since: datetime
    version: int

    def topics(self) -> frozenset[str]:
        return frozenset({to.EVERYONE})


class PbxBack(Event):
    """The PBX answers again and all states were read anew."""

    type = "pbx.back"
    pbx: str
    since: datetime
    version: int

    def topics(self) -> frozenset[str]:
        return frozenset({to.EVERYONE})


def _all(root: type[Event]) -> list[type[Event]]:
    return [c for sub in root.__subclasses__() for c in ([sub] if "type" in vars(sub) else []) + _all(sub)]


CATALOGUE: dict[str, type[Event]] = {event.type: event for event in _all(Event)}
