"""Refusals about a case and its gestiones."""

from __future__ import annotations

from .general import BadInput, Conflict
from .refusal import N_


class ResultRequired(BadInput):
    """Finishing a gestión needs a result of the campaign's first level (S0-20, S4-20)."""

    code = "result-required"
    sentence = N_("Para finalizar la gestión elija un resultado.")


class ResultUnknown(BadInput):
    """The chosen path is not one of the campaign's result tree."""

    code = "result-unknown"
    sentence = N_("Ese resultado no es de esta campaña.")


class DateInThePast(BadInput):
    """An appointment must lie ahead."""

    code = "date-in-the-past"
    sentence = N_("La próxima gestión debe ser una fecha futura.")


class CaseTaken(Conflict):
    """Another agent holds the case (X9); `extra['holder']` says who and since when."""

    code = "case-already-taken"
    sentence = N_("%(holder)s tiene este caso.")


class CaseClosed(Conflict):
    """A closed case takes no more work (S3-25)."""

    code = "case-closed"
    sentence = N_("El caso %(number)s está cerrado.")


class NotHolder(Conflict):
    """Only the person who has the case open may do this."""

    code = "case-not-yours"
    sentence = N_("Usted no tiene abierto el caso %(number)s.")


class BusyWithCase(Conflict):
    """The agent has another case open; it must be left first."""

    code = "busy-with-case"
    sentence = N_("Tiene abierto el caso %(number)s. Salga de él primero.")
