"""What became of a call that an agent asked for, in words. The browser has the same sentences in `lib/terms.js`."""

from __future__ import annotations

from collections.abc import Mapping

from ..refused import N_

ANSWERED = "answered"

# By the reason that telephony gives.
FAILURES: Mapping[str, str] = {
    "busy": N_("El número está ocupado."),
    "no_answer": N_("El cliente no contestó."),
    "declined": N_("El cliente rechazó la llamada."),
    "no_such_number": N_("Ese número no existe."),
    "unreachable": N_("El teléfono está apagado o fuera de cobertura."),
    "congestion": N_("No hay líneas libres. Intente de nuevo en un momento."),
    "cancelled": N_("Se colgó antes de que el cliente contestara."),
    "agent_no_answer": N_("Su teléfono sonó y no se contestó: no se llamó al cliente."),
    "agent_declined": N_("Su teléfono rechazó la llamada: no se llamó al cliente."),
    "agent_unavailable": N_("Su teléfono no está conectado a la central: no se llamó al cliente."),
    "refused": N_("La central telefónica no aceptó la llamada."),
    "pbx_lost": N_("La central telefónica no responde: no se llamó al cliente."),
    "expired": N_("La central telefónica tardó demasiado: no se llamó al cliente."),
    "lost": N_("No se supo más de la llamada."),
    "failed": N_("La llamada no se pudo hacer."),
}


def failure_sentence(reason: str) -> str:
    """The Spanish sentence of a reason; an unknown one says that the call could not be made."""
    return FAILURES.get(reason, FAILURES["failed"])
