"""The refusal of a contact in words: what cannot be done, until when, by which rule, and what can be done instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ...models.contact.rules import Forbidden, Kind
from ...models.customers.customer import Channel
from ...models.refused import (
    N_,
    ContactRefused,
    DailyMaximum,
    ForbiddenDay,
    OnHoliday,
    OutsideHours,
    PauseNeeded,
    Phrase,
    Phrases,
    WeeklyMaximum,
)
from ...models.rows.values import Named

# web/static/contact/refusal.js says the same from a row.
_WHAT = {
    Channel.CALL: N_("No se puede llamar a %(name)s"),
    Channel.WHATSAPP: N_("No se puede escribir por WhatsApp a %(name)s"),
    Channel.SMS: N_("No se puede enviar SMS a %(name)s"),
    Channel.EMAIL: N_("No se puede enviar correo a %(name)s"),
}
_MEDIUM = {
    Channel.CALL: N_("llamada"),
    Channel.WHATSAPP: N_("WhatsApp"),
    Channel.SMS: N_("SMS"),
    Channel.EMAIL: N_("correo"),
}
_WHY = {
    Kind.HOURS: N_("En la hora del cliente son las %(clock)s y ese día se permite de %(hours)s."),
    Kind.DAY: N_("No se permite los %(weekday)s."),
    Kind.HOLIDAY: N_("Para el cliente es festivo: %(holiday)s."),
    Kind.DAILY: N_("Contactos de hoy por este medio: %(count)s; el tope es %(limit)s."),
    Kind.DAILY_TOTAL: N_("Contactos de hoy por todos los medios: %(count)s; el tope es %(limit)s."),
    Kind.WEEKLY: N_("Contactos en 7 días por este medio: %(count)s; el tope es %(limit)s."),
    Kind.WEEKLY_TOTAL: N_("Contactos en 7 días por todos los medios: %(count)s; el tope es %(limit)s."),
    Kind.MEDIA: N_("En 7 días ya se usaron otros medios; el tope es %(limit)s."),
    Kind.PAUSE: N_("Entre dos contactos por este medio deben pasar %(minutes)s minutos."),
    Kind.PAUSE_TOTAL: N_("Entre dos contactos por cualquier medio deben pasar %(minutes)s minutos."),
}
_WEEKDAYS = [
    N_("lunes"),
    N_("martes"),
    N_("miércoles"),
    N_("jueves"),
    N_("viernes"),
    N_("sábados"),
    N_("domingos"),
]
_REFUSALS: Sequence[type[ContactRefused]] = (
    OutsideHours,
    ForbiddenDay,
    OnHoliday,
    DailyMaximum,
    WeeklyMaximum,
    PauseNeeded,
)
_CLASS: Mapping[str, type[ContactRefused]] = {kind.code: kind for kind in _REFUSALS}


def contact_refusal(
    name: str,
    channel: Channel,
    why: Forbidden,
    pack: Named,
    instead: Sequence[Channel],
    now: datetime,
    zone: ZoneInfo,
) -> ContactRefused:
    """The refusal to raise; times in words are those of `zone`, as everywhere on the screens."""
    what = Phrase(_WHAT[channel], {"name": name})
    if why.until:
        what = Phrase(N_("%(what)s hasta %(when)s."), {"what": what, "when": _when(why.until, now, zone)})
    else:
        what = Phrase(N_("%(what)s."), {"what": what})
    values = dict(why.values)
    if why.kind is Kind.DAY:
        values["weekday"] = _WEEKDAYS[int(values["weekday"])]
    parts: dict[str, Any] = {"what": what, "why": Phrase(_WHY[why.kind], values), "pack": pack.name}
    sentence = N_("%(what)s %(why)s Regla: «%(pack)s».")
    if instead:
        sentence = N_("%(what)s %(why)s Regla: «%(pack)s». Ahora se permite: %(instead)s.")
        parts["instead"] = Phrases(Phrase(_MEDIUM[other]) for other in instead)
    extra = {"channel": channel, "until": why.until, "rule": why.kind, "pack": pack, "instead": list(instead)}
    return _CLASS[why.kind.code](field="channel", sentence=sentence, extra=extra, **parts)


def _when(until: datetime, now: datetime, zone: ZoneInfo) -> Phrase:
    local = until.astimezone(zone)
    days = (local.date() - now.astimezone(zone).date()).days
    values = {"hour": f"{local:%H:%M}", "day": f"{local.day}/{local.month}"}
    if days == 0:
        return Phrase(N_("las %(hour)s"), values)
    return Phrase(N_("mañana a las %(hour)s") if days == 1 else N_("el %(day)s a las %(hour)s"), values)
