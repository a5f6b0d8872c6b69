"""Refusals about sharing out the cases of a campaign."""

from __future__ import annotations

from .general import BadInput
from .refusal import N_


class FewerCustomers(BadInput):
    """Fewer customers than agents cannot be shared out (S4-51)."""

    code = "fewer-customers-than-agents"
    sentence = N_("Hay %(customers)s clientes para %(agents)s agentes. Elija menos agentes o busque más clientes.")
