"""Refusals that any request may meet."""

from __future__ import annotations

from .refusal import N_, Refused


class NotFound(Refused):
    """There is no such thing, or it may not be known that there is."""

    code, status = "not-found", 404
    sentence = N_("No se encontró.")


class BadInput(Refused):
    """A value cannot be accepted; `field` names it."""

    code, status = "bad-input", 422
    sentence = N_("Revise el dato marcado.")


class TooLarge(Refused):
    """More bytes than this door takes."""

    code, status = "too-large", 413
    sentence = N_("Es demasiado grande. El máximo es %(limit)s.")


class Conflict(Refused):
    """The thing is not in a state that allows the action."""

    code, status = "conflict", 409
    sentence = N_("Ya no se puede: cambió mientras tanto.")


class Stale(Conflict):
    """The form was filled over an older version; `extra` holds both values."""

    code = "stale"
    sentence = N_("Otra persona lo cambió mientras usted lo editaba. Elija cuál queda.")


class AlreadyExists(Conflict):
    """A name or number that must be unique is in use."""

    code = "already-exists"
    sentence = N_("Ya existe «%(name)s».")


class KeyReused(Conflict):
    """The same Idempotency-Key came with another body."""

    code, status = "idempotency-key-reused", 422
    sentence = N_("La clave Idempotency-Key ya se usó con otros datos.")


class TooManyRequests(Refused):
    """A budget is spent; `seconds` says when to come back."""

    code, status = "too-many-requests", 429
    sentence = N_("Son demasiadas peticiones en poco tiempo. Espere %(seconds)s s e intente de nuevo.")


class Unavailable(Refused):
    """A part that is needed does not answer now."""

    code, status = "unavailable", 503
    sentence = N_("El servicio no responde. Lo que escribió se conserva; intente en unos segundos.")


class DiskFull(Refused):
    """The server's disk is nearly full: what is there can be read, nothing can be added."""

    code, status = "disk-full", 507
    sentence = N_(
        "El disco del servidor está casi lleno: se puede leer, pero no guardar. "
        "Lo que escribió se conserva; avise a quien administra el sistema."
    )
