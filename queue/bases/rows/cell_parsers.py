"""Single data read as people write them in spreadsheets: addresses of mail, states.

Each answers None for an empty cell and raises ValueError for what cannot be read.
"""

from __future__ import annotations

import re

from ....models.customers.names import fold
from ....models.customers.service_states import ServiceState

_EMAIL = re.compile(r"[^@\s<>(),;:\\\"\[\]]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}")
_STATES = {
    ServiceState.ACTIVE: ("activo", "activa", "active", "al dia", "vigente", "normal", "en servicio"),
    ServiceState.SUSPENDED: ("suspendido", "suspendida", "suspended", "cortado", "cortada", "suspension", "inactivo"),
    ServiceState.IN_ARREARS: ("moroso", "morosa", "en mora", "mora", "in arrears", "arrears", "vencido", "vencida"),
    ServiceState.WITHDRAWN: ("retirado", "retirada", "withdrawn", "baja", "cancelado", "cancelada", "desconectado"),
}
_STATE_OF = {word: state for state, words in _STATES.items() for word in words}


def read_email(text: str) -> str:
    """The address in lower case."""
    address = text.strip().lower()
    if len(address) > 254 or not _EMAIL.fullmatch(address) or ".." in address:
        raise ValueError("not an address")
    return address


def read_state(text: str) -> ServiceState:
    """The state of a service, by the words companies use for it."""
    state = _STATE_OF.get(fold(text))
    if state is None:
        raise ValueError("not a state")
    return state
