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
class ResultActionTerms:
    """Words and pictures of an action, and whether finishing with it closes the case.

    `icon`, `name` and `effect` are for who edits the tree of results; `name` is also what the file of results says.
    `form_icon`, `on_save` and `afterwards` tell the agent, before the form of a case is saved, what will happen.
    """

    icon: str
    name: str
    effect: str
    form_icon: str
    on_save: str
    afterwards: str
    closes: bool


RESULT_ACTIONS: Mapping[ResultAction, ResultActionTerms] = {
    ResultAction.REDIAL: ResultActionTerms(
        icon="refresh",
        name=N_("Rellamar"),
        effect=N_("vuelve al final de la lista con el mismo teléfono."),
        form_icon="refresh",
        on_save=N_("Al guardar: rellamar."),
        afterwards=N_("Va al final de la lista, mismo teléfono."),
        closes=False,
    ),
    ResultAction.REDIAL_ALTERNATIVE: ResultActionTerms(
        icon="swap",
        name=N_("Rellamar alternativo"),
        effect=N_("vuelve al final de la lista con el siguiente teléfono."),
        form_icon="refresh",
        on_save=N_("Al guardar: rellamar alternativo."),
        afterwards=N_("Va al final de la lista, con el teléfono siguiente."),
        closes=False,
    ),
    ResultAction.NONE: ResultActionTerms(
        icon="minus",
        name=N_("Sin acción"),
        effect=N_("al finalizar, el caso se cierra con este resultado."),
        form_icon="check",
        on_save=N_("Al guardar: se finaliza."),
        afterwards=N_("El caso se cierra con este resultado."),
        closes=True,
    ),
    ResultAction.NEVER_AGAIN: ResultActionTerms(
        icon="no",
        name=N_("No volver a llamar"),
        effect=N_("se cierran las llamadas a este cliente."),
        form_icon="no",
        on_save=N_("Al guardar: no volver a llamar."),
        afterwards=N_("El caso se cierra y las llamadas se bloquean."),
        closes=True,
    ),
}
