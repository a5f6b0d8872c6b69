"""Two packs to start from, as every installation begins with them. Examples, not legal advice: read them, copy them,
change them. No campaign has one until a supervisor says so."""

from __future__ import annotations

from .channels import Channel
from .rules import ChannelLimits, ContactRules, Holidays, Limits, Week

_WEEKDAY = (("07:00", "19:00"),)
_COLOMBIA: Week = (_WEEKDAY,) * 5 + ((("08:00", "15:00"),), ())

COLOMBIA = ContactRules(
    hours=_COLOMBIA,
    holidays=Holidays(country="CO"),
    total=Limits(per_day=1),
    media_per_week=1,
)
_EVERY_DAY: Week = ((("08:00", "20:00"),),) * 6 + ((("10:00", "14:00"),),)
FREQUENCY = ContactRules(
    hours=_EVERY_DAY,
    channels={
        Channel.CALL: ChannelLimits(per_day=2, per_week=5, pause_minutes=120),
        Channel.WHATSAPP: ChannelLimits(per_day=1, per_week=3),
        Channel.SMS: ChannelLimits(per_day=1, per_week=3),
        Channel.EMAIL: ChannelLimits(per_day=1, per_week=2),
    },
    total=Limits(per_day=3, per_week=8, pause_minutes=30),
)

# name, text, rules
READY_MADE_PACKS = [
    (
        "Horarios y frecuencia, Colombia",
        "Ejemplo inspirado en la Ley 2300 de 2023; no es asesoría legal. Lunes a viernes de 07:00 a 19:00, sábados de "
        "08:00 a 15:00, nunca domingos ni festivos; un contacto al día y un solo medio por semana. Es más estricto que "
        "contar solo los contactos directos: cuenta también los intentos sin respuesta.",
        COLOMBIA,
    ),
    (
        "Frecuencia por medio",
        "Ejemplo de topes por medio; no es asesoría legal. Llamadas: 2 al día, 5 en 7 días y 2 horas entre una y otra; "
        "WhatsApp y SMS: 1 al día y 3 en 7 días; correos: 1 al día y 2 en 7 días; por todos los medios, 3 al día y 8 "
        "en 7 días.",
        FREQUENCY,
    ),
]
