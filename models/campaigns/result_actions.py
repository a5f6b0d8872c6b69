"""The actions of a result: what they are called, what they do in words, and how screens show them (S4-21…24).

A new action is one member of `ResultAction` and one entry of `RESULT_ACTIONS`; what it does to the case is written in
`queue/cases/dispositions.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ..refused import N_


class ResultAction(StrEnum):
    """What choosing a result does where a dialer is used (S4-21…24)."""

    REDIAL = "redial"
    REDIAL_ALTERNATIVE = "redial_alternative"
    NONE = "none"
    NEVER_AGAIN = "never_again"


@dataclass(frozen=True, slots=True)
class ResultActionFacts:
    """Words and pictures of an action.

    `icon`, `name` and `effect` are for who edits the tree of results; `name` is also what the file of results says.
    `form_icon`, `on_save` and `afterwards` tell the agent, before the form of a case is saved, what will happen.
    """

    icon: str
    name: str
    effect: str
    form_icon: str
    on_save: str
    afterwards: str


RESULT_ACTIONS: Mapping[ResultAction, ResultActionFacts] = {
    ResultAction.REDIAL: ResultActionFacts(
        icon="refresh",
        name=N_("Rellamar"),
        effect=N_("vuelve al final de la lista con el mismo teléfono."),
        form_icon="refresh",
        on_save=N_("Al guardar: rellamar."),
        afterwards=N_("Va al final de la lista, mismo teléfono."),
    ),
    ResultAction.REDIAL_ALTERNATIVE: ResultActionFacts(
        icon="swap",
        name=N_("Rellamar alternativo"),
        effect=N_("vuelve al final de la lista con el siguiente teléfono."),
        form_icon="refresh",
        on_save=N_("Al guardar: rellamar alternativo."),
        afterwards=N_("Va al final de la lista, con el teléfono siguiente."),
    ),
    ResultAction.NONE: ResultActionFacts(
        icon="minus",
        name=N_("Sin acción"),
        effect=N_("al finalizar, el caso se cierra con este resultado."),
        form_icon="check",
        on_save=N_("Al guardar: se finaliza."),
        afterwards=N_("El caso se cierra con este resultado."),
    ),
    ResultAction.NEVER_AGAIN: ResultActionFacts(
        icon="no",
        name=N_("No volver a llamar"),
        effect=N_("se cierran las llamadas a este cliente."),
        form_icon="no",
        on_save=N_("Al guardar: no volver a llamar."),
        afterwards=N_("El caso se cierra y las llamadas se bloquean."),
    ),
}
