"""Refusals about an agent's state."""

from __future__ import annotations

from .general import Conflict
from .refusal import N_


class StateRefused(Conflict):
    """The agent state table does not allow this change."""

    code = "state-refused"
    sentence = N_("No se puede pasar a %(wanted)s desde %(state)s.")
