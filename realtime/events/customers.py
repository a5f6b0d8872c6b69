"""What happens to a customer's data."""

from __future__ import annotations

from ...models.rows.values import CaseRow, CustomerRef
from .cases import heard_by_cases
from .event import Event


class CustomerCorrected(Event):
    """Data of a customer changed: name, document, contact points, accounts. Carries his open cases anew."""

    type = "customer.corrected"
    customer: CustomerRef
    version: int
    cases: list[CaseRow]

    def topics(self) -> frozenset[str]:
        return heard_by_cases(self.cases)
