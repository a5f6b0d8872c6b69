"""Every refusal a person or a program can meet, with its stable code.

    Refused
    ├── NotSignedIn            not-signed-in            401
    ├── SignInFailed           sign-in-failed           401
    ├── TooManyTries           too-many-tries           429
    ├── NotAllowed             not-allowed              403
    ├── BadToken               csrf-failed              403
    ├── NotFound               not-found                404
    ├── BadInput               bad-input                422
    │   ├── ResultRequired     result-required          422
    │   ├── ResultUnknown      result-unknown           422
    │   ├── FewerCustomers     fewer-customers-than-agents 422
    │   ├── DateInThePast      date-in-the-past         422
    │   ├── CampaignRequired   campaign-required        422
    │   └── FileRefused        file-refused             422
    ├── TooLarge               too-large                413
    ├── Conflict               conflict                 409
    │   ├── Stale              stale                    409
    │   ├── CaseTaken          case-already-taken       409
    │   ├── CaseClosed         case-closed              409
    │   ├── NotHolder          case-not-yours           409
    │   ├── BusyWithCase       busy-with-case           409
    │   ├── StateRefused       state-refused            409
    │   ├── AlreadyExists      already-exists           409
    │   ├── CallOver           call-over                409
    │   ├── AlreadyInCall      already-in-call          409
    │   ├── PhoneNotReady      phone-not-ready          409
    │   ├── ContactRefused     contact-refused-…        409
    │   │   ├── DoNotContactAsked  contact-refused-do-not-contact
    │   │   ├── OutsideHours       contact-refused-hours
    │   │   ├── ForbiddenDay       contact-refused-day
    │   │   ├── OnHoliday          contact-refused-holiday
    │   │   ├── DailyMaximum       contact-refused-daily
    │   │   ├── WeeklyMaximum      contact-refused-weekly
    │   │   └── PauseNeeded        contact-refused-pause
    │   └── KeyReused          idempotency-key-reused   422
    └── Unavailable            unavailable              503

A refusal carries its Spanish sentence as a msgid with named places (`%(holder)s`), the values for them, the field it is
about, and what else the answer should tell (`extra`). `server/` maps the class to a status and translates the sentence.
A value may itself be a `Phrase` or several of them (`Phrases`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar


def N_(sentence: str) -> str:
    """Mark a sentence for the catalogues without translating it here."""
    return sentence


@dataclass(frozen=True, slots=True)
class Phrase:
    """A part of a sentence with values of its own; it is translated before the whole."""

    sentence: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.sentence % self.values if self.values else self.sentence


class Phrases(tuple[Phrase, ...]):
    """Several, read one after the other."""

    __slots__ = ()

    def __str__(self) -> str:
        return ", ".join(map(str, self))


class Refused(Exception):
    """An action was not done, for a reason that its asker can understand. Nothing was changed."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 400
    sentence: ClassVar[str] = N_("No se pudo hacer.")

    def __init__(
        self,
        *,
        field: str | None = None,
        sentence: str | None = None,
        extra: Mapping[str, Any] | None = None,
        **values: Any,
    ) -> None:
        self.field = field
        self.message = sentence or self.sentence
        self.values = values
        self.extra = dict(extra or {})
        super().__init__(self.message % values if values else self.message)


class NotSignedIn(Refused):
    """No valid session or token."""

    code, status = "not-signed-in", 401
    sentence = N_("Su sesión terminó. Ingrese de nuevo.")


class SignInFailed(Refused):
    """Wrong name or password; which of them is never said."""

    code, status = "sign-in-failed", 401
    sentence = N_("El usuario o la contraseña no coinciden.")


class TooManyTries(Refused):
    """The rate limit was passed; `seconds` says when to come back."""

    code, status = "too-many-tries", 429
    sentence = N_("Demasiados intentos. Pruebe de nuevo en %(seconds)s segundos.")


class NotAllowed(Refused):
    """The role does not hold the permission, or the thing is not this person's to touch."""

    code, status = "not-allowed", 403
    sentence = N_("Su rol no permite hacer esto.")


class BadToken(Refused):
    """The form's own token is missing or another's (cross-site request)."""

    code, status = "csrf-failed", 403
    sentence = N_("La página quedó vieja. Recárguela e intente de nuevo.")


class NotFound(Refused):
    """There is no such thing, or it may not be known that there is."""

    code, status = "not-found", 404
    sentence = N_("No se encontró.")


class BadInput(Refused):
    """A value cannot be accepted; `field` names it."""

    code, status = "bad-input", 422
    sentence = N_("Revise el dato marcado.")


class ResultRequired(BadInput):
    """Finishing a gestión needs a result of the campaign's first level (S0-20, S4-20)."""

    code = "result-required"
    sentence = N_("Para finalizar la gestión elija un resultado.")


class ResultUnknown(BadInput):
    """The chosen path is not one of the campaign's result tree."""

    code = "result-unknown"
    sentence = N_("Ese resultado no es de esta campaña.")


class FewerCustomers(BadInput):
    """Fewer customers than agents cannot be shared out (S4-51)."""

    code = "fewer-customers-than-agents"
    sentence = N_("Hay %(customers)s clientes para %(agents)s agentes. Elija menos agentes o busque más clientes.")


class DateInThePast(BadInput):
    """An appointment must lie ahead."""

    code = "date-in-the-past"
    sentence = N_("La próxima gestión debe ser una fecha futura.")


class CampaignRequired(BadInput):
    """Which outgoing campaign makes the call must be said (S4-92); `extra['campaigns']` are those to choose from."""

    code = "campaign-required"
    sentence = N_("Elija con qué campaña saliente se hace la llamada.")


class FileRefused(BadInput):
    """An uploaded file cannot be read; the sentence says why."""

    code = "file-refused"
    sentence = N_("El archivo no se pudo leer.")


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


class StateRefused(Conflict):
    """The agent state table does not allow this change."""

    code = "state-refused"
    sentence = N_("No se puede pasar a %(wanted)s desde %(state)s.")


class AlreadyExists(Conflict):
    """A name or number that must be unique is in use."""

    code = "already-exists"
    sentence = N_("Ya existe «%(name)s».")


class CallOver(Conflict):
    """The call ended or another agent took it."""

    code = "call-over"
    sentence = N_("La llamada ya terminó o la tomó otra persona.")


class AlreadyInCall(Conflict):
    """The agent has a call that rings or goes on."""

    code = "already-in-call"
    sentence = N_("Ya tiene una llamada. Termínela antes de hacer otra.")


class PhoneNotReady(Conflict):
    """The agent has no extension, or his phone is not registered or not free."""

    code = "phone-not-ready"
    sentence = N_("Su teléfono no está conectado a la central. Revíselo e intente de nuevo.")


class ContactRefused(Conflict):
    """A rule forbids this contact now; the code ends with the rule (`contact-refused-do-not-contact`)."""

    code = "contact-refused"
    sentence = N_("No se puede contactar a este cliente por este medio.")


class DoNotContactAsked(ContactRefused):
    """The customer closed this channel, or a result said *No volver a llamar*."""

    code = "contact-refused-do-not-contact"
    sentence = N_("El cliente pidió que no se lo contacte por este medio.")


class OutsideHours(ContactRefused):
    """The customer's clock shows an hour at which the rule pack allows no contact. Of this class and those below,
    `extra` says `until`, `rule`, `pack`, `channel`, and `instead`: the media that are allowed now."""

    code = "contact-refused-hours"


class ForbiddenDay(ContactRefused):
    """The rule pack allows no contact on this day of the week."""

    code = "contact-refused-day"


class OnHoliday(ContactRefused):
    """It is a public holiday of the rule pack's calendar."""

    code = "contact-refused-holiday"


class DailyMaximum(ContactRefused):
    """The customer was contacted as often as the rule pack allows in a day."""

    code = "contact-refused-daily"


class WeeklyMaximum(ContactRefused):
    """The customer was contacted as often, or by as many media, as the rule pack allows in seven days."""

    code = "contact-refused-weekly"


class PauseNeeded(ContactRefused):
    """The last contact was too short a time ago."""

    code = "contact-refused-pause"


class KeyReused(Conflict):
    """The same Idempotency-Key came with another body."""

    code, status = "idempotency-key-reused", 422
    sentence = N_("La clave Idempotency-Key ya se usó con otros datos.")


class Unavailable(Refused):
    """A part that is needed does not answer now."""

    code, status = "unavailable", 503
    sentence = N_("El servicio no responde. Lo que escribió se conserva; intente en unos segundos.")
