"""Which cases stand in a section of the desktop (S2-10…S2-15): as a condition in SQL, and as sums."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Boolean, ColumnElement, and_, literal_column

from ..customers.service_states import ServiceState
from .case import ASIDE, Case, CaseStatus, in_status, not_closed
from .sections import SECTION_OF, Section

_SERVICE_OF = {section: state for state, section in SECTION_OF.items()}


class Kind(NamedTuple):
    """How many cases there are of one kind; `agent_id` 0 or none: nobody's."""

    agent_id: int | None
    status: str
    service_state: str
    cases: int


def belongs(section: Section, viewer_id: int) -> ColumnElement[bool]:
    """Which cases of a campaign that the viewer sees stand in a section.

    The viewer's own cases are theirs in any campaign in use (see `case_list`). `Suspendidos` joins both meanings: the
    case is set aside, or the service is suspended (X12).
    """
    is_open = in_status(CaseStatus.OPEN)
    match section:
        case Section.ASSIGNED:
            return and_(not_closed(), Case.agent_id == viewer_id)
        case Section.SUSPENDED:
            return literal_column(ASIDE, Boolean)
        case Section.CLOSED:
            return in_status(CaseStatus.CLOSED)
        case _:
            return and_(is_open, Case.service_state == _SERVICE_OF[section])


def section_counts(kinds: Iterable[Kind], viewer_id: int | None) -> dict[str, int]:
    """How many cases stand in each section: the same rule as `belongs`, over sums of kinds."""
    counts = dict.fromkeys((section.value for section in Section), 0)
    for kind in kinds:
        if kind.status == CaseStatus.CLOSED:
            counts["closed"] += kind.cases
            continue
        if kind.agent_id and kind.agent_id == viewer_id:
            counts["assigned"] += kind.cases
        suspended = kind.status == CaseStatus.SUSPENDED
        counts[Section.SUSPENDED if suspended else SECTION_OF[ServiceState(kind.service_state)]] += kind.cases
    return counts
