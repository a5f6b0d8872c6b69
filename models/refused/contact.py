"""Refusals by the rules of contact."""

from __future__ import annotations

from .general import Conflict
from .refusal import N_


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
