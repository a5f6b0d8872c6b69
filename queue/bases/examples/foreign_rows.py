"""Rows of made-up customers of any country, under the header of the made-up base."""

from __future__ import annotations

import random
from datetime import date, timedelta

from .countries import country_of, made_up_phone

_NAMES = {
    "es": "Luz Óscar José Gloria Hernán Clara Álvaro Rocío Ximena Germán Consuelo Fabián Belén Héctor",
    "pt": "João Maria José Ana Antônio Francisca Carlos Adriana Paulo Juliana Lucas Márcia Luís Patrícia",
    "en": "James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Susan Joseph",
}
_SURNAMES = {
    "es": "Rodríguez Peña Muñoz Soto Rojas Bermúdez Contreras Cárdenas Vega Ríos Núñez Ibáñez Acuña Fuentes",
    "pt": "Silva Santos Oliveira Souza Lima Pereira Ferreira Costa Gonçalves Almeida Araújo Ribeiro Carvalho",
    "en": "Smith Johnson Williams Brown Jones Miller Davis Wilson Anderson Taylor Thomas Moore Martin Clark",
}
_STREETS = {"es": "Avenida Central", "pt": "Rua das Flores", "en": "Main Street"}
_PLANS = ("Hogar 100", "Hogar 300", "Hogar 500", "Móvil 40", "Empresa 1G")
_STATES = ("Activo", "Activo", "Suspendido", "Moroso", "Moroso", "Retirado")
FIRST_DAY = date(2026, 11, 1)


def foreign_row(number: int, region: str) -> dict[str, str]:
    """The good row of this number, of a customer in `region`."""
    dice = random.Random(number)  # noqa: S311 - made-up people
    country = country_of(region)
    names, surnames = _NAMES[country.language].split(), _SURNAMES[country.language].split()
    street = f"{_STREETS[country.language]} {dice.randrange(1, 999)}"
    cut_off = FIRST_DAY + timedelta(days=dice.randrange(60))
    return {
        "TIPO_DOC": dice.choice([country.documents[0]] * 4 + [country.documents[1]]),
        "DOCUMENTO": str(10_000_000 + number),
        "PRIMER_NOMBRE": dice.choice(names),
        "SEGUNDO_NOMBRE": dice.choice(["", *names]),
        "PRIMER_APELLIDO": dice.choice(surnames),
        "SEGUNDO_APELLIDO": "" if country.language == "en" else dice.choice(surnames),
        "CELULAR": made_up_phone(region, number, mobile=True),
        "TEL_FIJO": made_up_phone(region, number, mobile=False) if dice.random() < 0.5 else "",
        "CORREO": dice.choice(["", f"cliente{number}@ejemplo.com"]),
        "DIRECCION": street,
        "CIUDAD": dice.choice(country.cities),
        "CUENTA": f"{70_000_000 + number}",
        "PLAN": dice.choice(_PLANS),
        "ESTADO": dice.choice(_STATES),
        "DIRECCION_SERVICIO": street,
        "FECHA_CORTE": cut_off.strftime(country.date),
        "SALDO": str(dice.randrange(0, 600_000)),
        "OBS_INT": "",
    }
