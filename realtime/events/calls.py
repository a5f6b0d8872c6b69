"""What happens to a call."""

from __future__ import annotations

from pydantic import computed_field

from ...models.rows.values import CallRow, CampaignRef, CaseRow, CustomerRef
from .. import topics as to
from .event import Event


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


class CallAsked(CallEvent):
    """An agent asked for a call; the agent's own phone will ring first (S4-91)."""

    type = "call.asked"


class CallRinging(CallEvent):
    """The screen pop: a phone rings (M-05, S4-78). `call.caller_id` is the number, `call.customer` who it is."""

    type = "call.ringing"


class CallAnswered(CallEvent):
    """An agent answered. The other phones that rang hear it too and close the pop."""

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
