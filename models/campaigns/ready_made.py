"""Campaign kinds that come ready-made (S2-01): a result tree to start from, changeable later."""

from __future__ import annotations

from .result_actions import ResultAction
from .results import Colour, ResultDraft

REDIAL, ALTERNATIVE = ResultAction.REDIAL, ResultAction.REDIAL_ALTERNATIVE
NONE, NEVER = ResultAction.NONE, ResultAction.NEVER_AGAIN


def _no_contact() -> ResultDraft:
    """Nobody was reached: the same in every kind."""
    return ResultDraft(
        name="Sin contacto",
        action=REDIAL,
        measure=0,
        children=[
            ResultDraft(name="No contesta"),
            ResultDraft(name="Ocupado"),
            ResultDraft(name="Buzón de voz", action=ALTERNATIVE),
            ResultDraft(name="Teléfono fuera de servicio", action=ALTERNATIVE),
        ],
    )


def _other_person() -> ResultDraft:
    """Somebody answered, not the customer."""
    return ResultDraft(
        name="Contacto con otra persona",
        colour=Colour.BLUE,
        children=[
            ResultDraft(name="Deja mensaje", action=REDIAL, measure=1, colour=Colour.BLUE),
            ResultDraft(name="Pide que se llame después", schedules=True, measure=1, colour=Colour.BLUE),
            ResultDraft(name="Número equivocado", action=ALTERNATIVE, measure=0),
        ],
    )


def _reached(*children: ResultDraft) -> ResultDraft:
    """The customer in person was reached; each result below decides what follows."""
    return ResultDraft(
        name="Contacto exitoso", successful=True, right_party=True, colour=Colour.GREEN, children=list(children)
    )


_SUPPORT = _reached(
    ResultDraft(name="Resuelto en la llamada", action=NONE, measure=5, colour=Colour.GREEN, clears_appointments=True),
    ResultDraft(
        name="Requiere visita técnica",
        schedules=True,
        measure=3,
        colour=Colour.TEAL,
        children=[
            ResultDraft(name="Instalación", measure=3, colour=Colour.TEAL),
            ResultDraft(name="Reparación", measure=3, colour=Colour.TEAL),
            ResultDraft(name="Traslado", measure=3, colour=Colour.TEAL),
        ],
    ),
    ResultDraft(name="Escalado a segundo nivel", action=NONE, measure=2, colour=Colour.AMBER),
    ResultDraft(name="Pendiente del cliente", schedules=True, measure=2, colour=Colour.BLUE),
)
_SURVEY = _reached(
    ResultDraft(name="Encuesta completa", action=NONE, measure=5, colour=Colour.GREEN, clears_appointments=True),
    ResultDraft(name="Encuesta incompleta", schedules=True, measure=2, colour=Colour.TEAL),
    ResultDraft(name="No desea participar", action=NEVER, measure=0, colour=Colour.RED),
)
_COLLECTIONS = _reached(
    ResultDraft(
        name="Compromiso de pago",
        schedules=True,
        measure=5,
        colour=Colour.GREEN,
        children=[
            ResultDraft(name="Paga en fecha pactada", measure=8, colour=Colour.GREEN),
            ResultDraft(name="Pago parcial", measure=5, colour=Colour.GREEN),
        ],
    ),
    ResultDraft(name="Ya pagó", action=NONE, measure=5, colour=Colour.GREEN, clears_appointments=True),
    ResultDraft(name="Pide prórroga", action=NONE, measure=3, colour=Colour.TEAL),
    ResultDraft(name="Reclama el saldo", action=NONE, measure=1, colour=Colour.AMBER),
    ResultDraft(name="No va a pagar", action=NONE, measure=0, colour=Colour.RED),
)
_PROMOTION = _reached(
    ResultDraft(
        name="Acepta la oferta",
        action=NONE,
        measure=10,
        colour=Colour.GREEN,
        clears_appointments=True,
        children=[
            ResultDraft(name="Plan nuevo", measure=10, colour=Colour.GREEN),
            ResultDraft(name="Mejora de plan", measure=8, colour=Colour.GREEN),
        ],
    ),
    ResultDraft(name="Lo va a pensar", schedules=True, measure=3, colour=Colour.TEAL),
    ResultDraft(name="No le interesa", action=NONE, measure=1, colour=Colour.AMBER),
    ResultDraft(name="Pide no ser llamado", action=NEVER, measure=0, colour=Colour.RED),
)

# By the code of the campaign type that migration 0002 stores.
READY_MADE: dict[str, tuple[ResultDraft, ...]] = {
    "support": (_SUPPORT, _other_person(), _no_contact()),
    "survey": (_SURVEY, _other_person(), _no_contact()),
    "collections": (_COLLECTIONS, _other_person(), _no_contact()),
    "promotion": (_PROMOTION, _other_person(), _no_contact()),
}
