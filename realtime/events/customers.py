"""What happens to a customer's data."""

from __future__ import annotations

from ...models.rows.values import CaseRow, CustomerRef
from .cases import heard_by_cases
from .event import Event


class CustomerCorrected(Event):
    """Name, document, contact points or accounts of a customer changed. Carries their open cases as they are now."""

    type = "customer.corrected"
    customer: CustomerRef
    version: int
    cases: list[CaseRow]

    def topics(self) -> frozenset[str]:
        return heard_by_cases(self.cases)
