"""The states of a customer's service: what they are called and how screens show them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ..refused import N_


class ServiceState(StrEnum):
    """State of the customer's service, apart from the state of a case (X12)."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    IN_ARREARS = "in_arrears"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class ServiceStateTerms:
    """An icon of the sprite, a hue (class `k-<hue>`) and the name."""

    icon: str
    hue: str
    name: str


SERVICE_STATES: Mapping[ServiceState, ServiceStateTerms] = {
    ServiceState.ACTIVE: ServiceStateTerms("check", "green", N_("Activo")),
    ServiceState.SUSPENDED: ServiceStateTerms("pause", "amber", N_("Suspendido")),
    ServiceState.IN_ARREARS: ServiceStateTerms("coin", "red", N_("Moroso")),
    ServiceState.WITHDRAWN: ServiceStateTerms("exit", "grey", N_("Retirado")),
}
