"""The file of example that shows how a base is written (S4-15)."""

from __future__ import annotations

import csv
from io import StringIO

from ....models.customers.fields import FIELDS

_ROWS: tuple[dict[str, str], ...] = (
    {"tipo_documento": "CC", "documento": "52318904", "primer_nombre": "Luz", "segundo_nombre": "Marina",
     "primer_apellido": "Rodríguez", "segundo_apellido": "Peña", "fecha_nacimiento": "14/03/1978", "sexo": "F",
     "telefono": "3105550142", "telefono2": "6015557730", "correo": "luz.rodriguez@ejemplo.com",
     "direccion": "Calle 45 # 13-20", "ciudad": "Bogotá", "cuenta": "70012233", "plan": "Hogar 300",
     "estado": "moroso", "direccion_servicio": "Calle 45 # 13-20", "fecha_corte": "18/11/2026", "saldo": "184900"},
    {"tipo_documento": "CC", "documento": "79845112", "primer_nombre": "Óscar", "segundo_nombre": "Iván",
     "primer_apellido": "Muñoz", "segundo_apellido": "Ñáñez", "telefono": "3155550198", "ciudad": "Cali",
     "cuenta": "70012234", "plan": "Hogar 500", "estado": "activo", "fecha_corte": "20/11/2026",
     "prorroga": "27/11/2026", "saldo": "231500,50"},
    {"tipo_documento": "NIT", "documento": "900555210-4", "primer_nombre": "Panadería Güiza S.A.S.",
     "telefono": "6045559981", "ciudad": "Medellín", "cuenta": "70012235", "plan": "Empresa 1G",
     "estado": "suspendido", "fecha_corte": "30/11/2026", "saldo": "512000"},
)  # fmt: skip


def sample_file() -> bytes:
    """All columns with three customers, as UTF-8 that spreadsheets recognise, with semicolons."""
    names = [field.name for field in FIELDS if field.name != "nombre"]
    out = StringIO()
    writer = csv.DictWriter(out, names, restval="", delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(_ROWS)
    return "\ufeff".encode() + out.getvalue().encode()
