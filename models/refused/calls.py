"""Refusals about a call."""

from __future__ import annotations

from .general import BadInput, Conflict
from .refusal import N_


class CampaignRequired(BadInput):
    """Which outgoing campaign makes the call must be said (S4-92); `extra['campaigns']` are those to choose from."""

    code = "campaign-required"
    sentence = N_("Elija con qué campaña saliente se hace la llamada.")


class CallOver(Conflict):
    """The call ended or another agent took it."""

    code = "call-over"
    sentence = N_("La llamada ya terminó o la tomó otra persona.")


class AlreadyInCall(Conflict):
    """The agent has a call that rings or goes on."""

    code = "already-in-call"
    sentence = N_("Ya tiene una llamada. Termínela antes de hacer otra.")


class PhoneNotReady(Conflict):
    """The agent has no extension, or the agent's phone is not registered or not free."""

    code = "phone-not-ready"
    sentence = N_("Su teléfono no está conectado a la central. Revíselo e intente de nuevo.")
