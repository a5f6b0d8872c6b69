"""Countries in which made-up customers can live: their language, clock, documents, cities, and numbers that are valid.

A country that is not described gets the numbers and the clock that the numbering plan knows, and Spanish words.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType, timezone

_TAIL = 100_000  # the last five digits of a number are made up
_STEP = 7_919  # shares no factor with them, so that following numbers look unlike and none comes twice


@dataclass(frozen=True, slots=True)
class Country:
    """What is usual there. `documents` are types, the usual one first; `date` is how dates are written."""

    language: str
    time_zone: str
    documents: tuple[str, ...]
    cities: tuple[str, ...]
    date: str = "%d/%m/%Y"


_KNOWN = {
    "AR": Country("es", "America/Argentina/Buenos_Aires", ("DNI", "LE"), ("Buenos Aires", "Córdoba", "Rosario")),
    "BR": Country("pt", "America/Sao_Paulo", ("CPF", "RG"), ("São Paulo", "Rio de Janeiro", "Curitiba")),
    "CL": Country("es", "America/Santiago", ("RUT", "PAS"), ("Santiago", "Valparaíso", "Concepción")),
    "CO": Country("es", "America/Bogota", ("CC", "CE"), ("Bogotá", "Cali", "Medellín")),
    "ES": Country("es", "Europe/Madrid", ("DNI", "NIE"), ("Madrid", "Sevilla", "Valencia")),
    "MX": Country("es", "America/Mexico_City", ("CURP", "INE"), ("Ciudad de México", "Guadalajara", "Monterrey")),
    "PE": Country("es", "America/Lima", ("DNI", "CE"), ("Lima", "Arequipa", "Trujillo")),
    "PT": Country("pt", "Europe/Lisbon", ("CC", "NIF"), ("Lisboa", "Porto", "Coimbra")),
    "US": Country("en", "America/New_York", ("ID", "SSN"), ("New York", "Boston", "Miami"), "%Y-%m-%d"),
}
_ENGLISH = frozenset({"GB", "CA", "AU", "IE", "NZ", "ZA"})


@lru_cache
def country_of(region: str) -> Country:
    """What is known of the country of this ISO 3166 code."""
    if region in _KNOWN:
        return _KNOWN[region]
    zones = timezone.time_zones_for_number(_example(region, mobile=False))
    zone = zones[0] if zones and zones[0] != timezone.UNKNOWN_TIMEZONE else "UTC"
    language = "en" if region in _ENGLISH else "es"
    return Country(language, zone, ("DI", "PAS"), ("Centro", "Norte", "Sur"), "%Y-%m-%d")


def made_up_phone(region: str, number: int, *, mobile: bool) -> str:
    """A valid number of the country, as it is read from abroad; always the same for the same `number`."""
    example = _example(region, mobile=mobile)
    national = example.national_number or 0
    while True:
        tail = (national + number * _STEP) % _TAIL
        made = PhoneNumber(
            country_code=example.country_code,
            national_number=national // _TAIL * _TAIL + tail,
            italian_leading_zero=example.italian_leading_zero,
        )
        if phonenumbers.is_valid_number_for_region(made, region):
            return phonenumbers.format_number(made, PhoneNumberFormat.INTERNATIONAL)
        number += 1


@lru_cache
def _example(region: str, *, mobile: bool) -> PhoneNumber:
    kind = PhoneNumberType.MOBILE if mobile else PhoneNumberType.FIXED_LINE
    found = phonenumbers.example_number_for_type(region, kind) or phonenumbers.example_number(region)
    if found is None:
        raise ValueError(f"{region} has no telephone numbers")
    return found
