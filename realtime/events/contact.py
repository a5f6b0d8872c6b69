"""What counts as a contact of a customer, and what that changes."""

from __future__ import annotations

from ...models.rows.values import CaseRow, CustomerRef, Pressure
from .cases import heard_by_cases
from .event import Event


class ContactPressureChanged(Event):
    """A contact was counted or taken back: all open cases of the customer change colour and place (M-03)."""

    type = "contact.pressure_changed"
    customer: CustomerRef
    channel: str
    pressure: Pressure
    cases: list[CaseRow]

    def topics(self) -> frozenset[str]:
        return heard_by_cases(self.cases)
