"""The channels by which a customer is contacted, and the kinds of contact data that each of them reaches.

A new channel is one member of `Channel` and one entry of `CHANNELS`: limits, pressure, refusals, templates and the
browser's `terms.js` (made by `scripts/write_terms`) take it from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ..refused import N_


class ContactKind(StrEnum):
    """Kinds of contact data."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    EMAIL = "email"
    ADDRESS = "address"
    SOCIAL = "social"

    @property
    def is_phone(self) -> bool:
        return self in PHONES


PHONES = (ContactKind.MOBILE, ContactKind.LANDLINE)


class Channel(StrEnum):
    """Media by which a customer is contacted; pressure is counted for each (S2-24)."""

    CALL = "call"
    WHATSAPP = "whatsapp"
    SMS = "sms"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class ContactKindTerms:
    """How screens show a kind of contact data: an icon of the sprite and its name."""

    icon: str
    name: str


@dataclass(frozen=True, slots=True)
class ChannelTerms:
    """What is true of a channel, and its words. Every contact by any channel is counted and rotates the case.

    `name` stands alone, `plural` heads a count, `noun` stands inside of a sentence. `register` and `use` are buttons:
    a contact that was made is counted, or a channel is taken instead of a refused one. `cannot` begins a refusal.
    """

    icon: str
    reaches: tuple[ContactKind, ...]
    name: str
    plural: str
    noun: str
    register: str
    use: str
    cannot: str


CONTACT_KINDS: Mapping[ContactKind, ContactKindTerms] = {
    ContactKind.MOBILE: ContactKindTerms("phone", N_("Celular")),
    ContactKind.LANDLINE: ContactKindTerms("phone", N_("Fijo")),
    ContactKind.EMAIL: ContactKindTerms("mail", N_("Correo")),
    ContactKind.ADDRESS: ContactKindTerms("flag", N_("Dirección")),
    ContactKind.SOCIAL: ContactKindTerms("user", N_("Red social")),
}

# In the order in which screens show them.
CHANNELS: Mapping[Channel, ChannelTerms] = {
    Channel.CALL: ChannelTerms(
        icon="phone",
        reaches=PHONES,
        name=N_("Llamada"),
        plural=N_("Llamadas"),
        noun=N_("llamada"),
        register=N_("Registrar llamada"),
        use=N_("Registrar llamada"),
        cannot=N_("No se puede llamar a %(name)s"),
    ),
    Channel.WHATSAPP: ChannelTerms(
        icon="wa",
        reaches=PHONES,
        name=N_("WhatsApp"),
        plural=N_("WhatsApp"),
        noun=N_("WhatsApp"),
        register=N_("Registrar WhatsApp"),
        use=N_("Usar WhatsApp"),
        cannot=N_("No se puede escribir por WhatsApp a %(name)s"),
    ),
    Channel.SMS: ChannelTerms(
        icon="sms",
        reaches=(ContactKind.MOBILE,),
        name=N_("SMS"),
        plural=N_("SMS"),
        noun=N_("SMS"),
        register=N_("Registrar SMS"),
        use=N_("Usar SMS"),
        cannot=N_("No se puede enviar SMS a %(name)s"),
    ),
    Channel.EMAIL: ChannelTerms(
        icon="mail",
        reaches=(ContactKind.EMAIL,),
        name=N_("Correo"),
        plural=N_("Correos"),
        noun=N_("correo"),
        register=N_("Registrar correo"),
        use=N_("Usar correo"),
        cannot=N_("No se puede enviar correo a %(name)s"),
    ),
}
