"""The kinds of contact rules, and the sentence that each of them says when it refuses a contact (X16)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from ..refused import N_, DoNotContactAsked


class RuleKind(StrEnum):
    """Which rule forbids; `total` and `media` are the rules over all media."""

    HOLIDAY = "holiday"
    DAY = "day"
    HOURS = "hours"
    MEDIA = "media"
    WEEKLY = "weekly"
    WEEKLY_TOTAL = "weekly-total"
    DAILY = "daily"
    DAILY_TOTAL = "daily-total"
    PAUSE = "pause"
    PAUSE_TOTAL = "pause-total"

    @property
    def code(self) -> str:
        """The refusal's code (`contact-refused-weekly`)."""
        word = "weekly" if self is RuleKind.MEDIA else self.value.partition("-")[0]
        return f"contact-refused-{word}"


DO_NOT_CONTACT = "do-not-contact"  # no rule of a pack: what the customer asked for

# What an answer says at the moment of the refusal. `weekday` is a sentence of WEEKDAYS.
SENTENCES: Mapping[str, str] = {
    RuleKind.HOURS: N_("En la hora del cliente son las %(clock)s y ese día se permite de %(hours)s."),
    RuleKind.DAY: N_("No se permite los %(weekday)s."),
    RuleKind.HOLIDAY: N_("Para el cliente es festivo: %(holiday)s."),
    RuleKind.DAILY: N_("Contactos de hoy por este medio: %(count)s; el tope es %(limit)s."),
    RuleKind.DAILY_TOTAL: N_("Contactos de hoy por todos los medios: %(count)s; el tope es %(limit)s."),
    RuleKind.WEEKLY: N_("Contactos en 7 días por este medio: %(count)s; el tope es %(limit)s."),
    RuleKind.WEEKLY_TOTAL: N_("Contactos en 7 días por todos los medios: %(count)s; el tope es %(limit)s."),
    RuleKind.MEDIA: N_("En 7 días ya se usaron otros medios; el tope es %(limit)s."),
    RuleKind.PAUSE: N_("Entre dos contactos por este medio deben pasar %(minutes)s minutos."),
    RuleKind.PAUSE_TOTAL: N_("Entre dos contactos por cualquier medio deben pasar %(minutes)s minutos."),
}

# What a screen says of a row, which may be looked at much later: not what the customer's clock showed.
ON_SCREEN: Mapping[str, str] = {
    **SENTENCES,
    RuleKind.HOURS: N_("En la hora del cliente ese día se permite de %(hours)s."),
    DO_NOT_CONTACT: DoNotContactAsked.sentence,
}

# As they follow "los", Monday first.
WEEKDAYS = (
    N_("lunes"),
    N_("martes"),
    N_("miércoles"),
    N_("jueves"),
    N_("viernes"),
    N_("sábados"),
    N_("domingos"),
)
