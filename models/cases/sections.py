"""The sections of cases in the menu: which cases by the state of their service, and how screens show them (X12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ..customers.service_states import ServiceState
from ..refused import N_


class Section(StrEnum):
    """The sections of the menu, as saved filters."""

    ASSIGNED = "assigned"
    SUSPENDED = "suspended"
    ARREARS = "arrears"
    WITHDRAWN = "withdrawn"
    ACTIVE = "active"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class SectionTerms:
    """An icon of the sprite, the name, and what an empty list says."""

    icon: str
    name: str
    empty: str


SECTIONS: Mapping[Section, SectionTerms] = {
    Section.ASSIGNED: SectionTerms("inbox", N_("Mis asignados"), N_("No le quedan casos asignados")),
    Section.SUSPENDED: SectionTerms("pause", N_("Suspendidos"), N_("No hay casos suspendidos")),
    Section.ARREARS: SectionTerms("coin", N_("Morosos"), N_("No hay morosos sin gestionar")),
    Section.WITHDRAWN: SectionTerms("exit", N_("Retirados"), N_("No hay retirados sin gestionar")),
    Section.ACTIVE: SectionTerms("play", N_("Activos"), N_("No hay activos sin gestionar")),
    Section.CLOSED: SectionTerms("check", N_("Cerrados"), N_("Todavía no hay casos cerrados")),
}

# Where an open case stands by the state of its service. A suspended case stands in SUSPENDED whatever the service.
SECTION_OF: Mapping[ServiceState, Section] = {
    ServiceState.ACTIVE: Section.ACTIVE,
    ServiceState.SUSPENDED: Section.SUSPENDED,
    ServiceState.IN_ARREARS: Section.ARREARS,
    ServiceState.WITHDRAWN: Section.WITHDRAWN,
}
