"""A made-up base of customers, always the same, with a known number of defects of each kind; Colombian unless said."""

from __future__ import annotations

import csv
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from io import StringIO
from pathlib import Path

from ..file.reasons import OPTIONAL, Reason
from .foreign_rows import FIRST_DAY, foreign_row

HEADER = (
    "TIPO_DOC", "DOCUMENTO", "PRIMER_NOMBRE", "SEGUNDO_NOMBRE", "PRIMER_APELLIDO", "SEGUNDO_APELLIDO", "CELULAR",
    "TEL_FIJO", "CORREO", "DIRECCION", "CIUDAD", "CUENTA", "PLAN", "ESTADO", "DIRECCION_SERVICIO", "FECHA_CORTE",
    "SALDO", "OBS_INT",
)  # fmt: skip
_NAMES = "Luz Óscar José Íngrid Gloria Hernán Clara Álvaro Rocío Ximena Yadira Germán Consuelo Fabián Belén Héctor"
_SECOND = "Marina Iván Ángel Inés Andrea Darío Sofía Fabio Lucía Andrés Pilar Jesús"
_SURNAMES = "Rodríguez Peña Muñoz Ñáñez Güiza Bermúdez Peñaloza Cárdenas Múnera Ríos Cuéllar Núñez Ibáñez Acuña Garzón"
_CITIES = [("Bogotá", "601"), ("Cali", "602"), ("Medellín", "604"), ("Barranquilla", "605"), ("Manizales", "606")]
_PLANS = ["Hogar 100", "Hogar 300", "Hogar 500", "Móvil 40", "Empresa 1G"]
_STATES = ["Activo", "Activo", "Suspendido", "Moroso", "Moroso", "Retirado"]

Row = dict[str, str]


@dataclass(slots=True)
class Counts:
    """What a made-up base holds: `good` rows are stored, those of `warned` without one of their cells."""

    rows: int = 0
    good: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    warned: Counter[str] = field(default_factory=Counter)


def _spoil(column: str, value: str) -> Callable[[Row, list[Row]], None]:
    return lambda row, _: row.update({column: value})


def _repeat(row: Row, earlier: list[Row]) -> None:
    row.update({name: earlier[0][name] for name in ("TIPO_DOC", "DOCUMENTO", "CUENTA")})


# Every so many rows one with this defect; the numbers share no factor, so that no row has two.
_DEFECTS: list[tuple[int, Reason, Callable[[Row, list[Row]], None]]] = [
    (41, Reason.NO_AREA_CODE, lambda row, _: row.update(CELULAR="5553381")),
    (43, Reason.PHONE, _spoil("CELULAR", "99955")),
    (47, Reason.NO_DOCUMENT, _spoil("DOCUMENTO", " ")),
    (53, Reason.REPEATED, _repeat),
    (59, Reason.DATE, _spoil("FECHA_CORTE", "31/02/2026")),
    (61, Reason.EMAIL, _spoil("CORREO", "sin arroba.com")),
    (67, Reason.AMOUNT, _spoil("SALDO", "mucho")),
    (71, Reason.SERVICE_STATE, _spoil("ESTADO", "Quién sabe")),
]


def write_base(path: Path, rows: int, *, clean: bool = False, first: int = 0, region: str = "CO") -> Counts:
    """Write `rows` rows, numbered from `first`, as Windows-1252; `clean` leaves the defects out. In another `region` a
    defect may be refused for a neighbouring reason."""
    counts = Counts(rows=rows)
    earlier: list[Row] = []
    with path.open("wb") as file:
        file.write(_line(HEADER))
        for number in range(first, first + rows):
            row = make_row(number) if region == "CO" else foreign_row(number, region)
            reason = None if clean or not earlier else _make_worse(row, number, earlier)
            if reason is None:
                earlier = earlier or [dict(row)]
            else:
                (counts.warned if reason in OPTIONAL else counts.refused)[reason.value] += 1
            counts.good += reason is None or reason in OPTIONAL
            file.write(_line(row[name] for name in HEADER))
    return counts


def make_row(number: int) -> Row:
    """The good row of this number, of a customer in Colombia."""
    dice = random.Random(number)  # noqa: S311 - made-up people
    names, surnames = _NAMES.split(), _SURNAMES.split()
    city, code = dice.choice(_CITIES)
    cut_off = FIRST_DAY + timedelta(days=dice.randrange(60))
    street = f"Calle {dice.randrange(1, 180)} # {dice.randrange(1, 99)}-{dice.randrange(1, 99)}"
    return {
        "TIPO_DOC": dice.choice(["CC", "CC", "CC", "C.C.", "CE"]),
        "DOCUMENTO": str(10_000_000 + number),
        "PRIMER_NOMBRE": dice.choice(names),
        "SEGUNDO_NOMBRE": dice.choice(["", *_SECOND.split()]),
        "PRIMER_APELLIDO": dice.choice(surnames),
        "SEGUNDO_APELLIDO": dice.choice(surnames),
        "CELULAR": f"3{dice.choice(['10', '15', '20', '01'])}{number % 10_000_000:07d}",
        "TEL_FIJO": dice.choice(["", f"{code}{dice.randrange(2_000_000, 8_999_999)}"]),
        "CORREO": dice.choice(["", f"cliente{number}@ejemplo.com"]),
        "DIRECCION": f"{street}\nApto {dice.randrange(101, 999)}" if number % 29 == 0 else street,
        "CIUDAD": city,
        "CUENTA": f"{70_000_000 + number}",
        "PLAN": dice.choice(_PLANS),
        "ESTADO": dice.choice(_STATES),
        "DIRECCION_SERVICIO": street,
        "FECHA_CORTE": cut_off.strftime("%d/%m/%Y"),
        "SALDO": f"{dice.randrange(0, 600_000):,}".replace(",", "."),
        "OBS_INT": dice.choice(["", "reclamó", "prórroga; llamar", 'dijo "mañana"']),
    }


def _make_worse(row: Row, number: int, earlier: list[Row]) -> Reason | None:
    for every, reason, spoil in _DEFECTS:
        if number % every == every - 1:
            spoil(row, earlier)
            return reason
    return None


def _line(cells: object) -> bytes:
    out = StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow(cells)  # type: ignore[arg-type]
    return out.getvalue().encode("windows-1252")
