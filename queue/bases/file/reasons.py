"""Why a row of a file is not stored, or is stored without one of its data (S4-02).

The code is what is kept and what programs read; the sentence is for people, `%(value)s` is what stood in the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ....models.refused import N_


class Reason(StrEnum):
    """Codes of reasons."""

    ENCODING = "encoding"
    NUL = "nul"
    TOO_LONG = "too-long"
    QUOTES = "quotes"
    COLUMN_COUNT = "column-count"
    NOBODY = "nobody"
    NO_DOCUMENT = "no-document"
    DOCUMENT = "document"
    ACCOUNT = "account"
    SPOILT = "spoilt"
    INCOMPLETE_KEY = "incomplete-key"
    REPEATED = "repeated"
    NO_AREA_CODE = "no-area-code"
    PHONE = "phone"
    EMAIL = "email"
    DATE = "date"
    DATE_RANGE = "date-range"
    AMOUNT = "amount"
    SERVICE_STATE = "service-state"
    TEXT_TOO_LONG = "text-too-long"
    KNOWN = "known"
    UNKNOWN = "unknown"


# What can be chosen for a cell that says nothing about who the row is: left out with a warning, or its row refused.
OPTIONAL = (
    Reason.NO_AREA_CODE,
    Reason.PHONE,
    Reason.EMAIL,
    Reason.DATE,
    Reason.DATE_RANGE,
    Reason.AMOUNT,
    Reason.SERVICE_STATE,
    Reason.TEXT_TOO_LONG,
)

TITLES: dict[Reason, str] = {
    Reason.ENCODING: N_("Letras que no son de esta codificación"),
    Reason.NUL: N_("Fila con caracteres nulos"),
    Reason.TOO_LONG: N_("Fila demasiado larga"),
    Reason.QUOTES: N_("Comillas sin cerrar"),
    Reason.COLUMN_COUNT: N_("Más columnas que el encabezado"),
    Reason.NOBODY: N_("Sin nombre, documento ni teléfono"),
    Reason.NO_DOCUMENT: N_("Documento vacío"),
    Reason.DOCUMENT: N_("Documento mal escrito"),
    Reason.ACCOUNT: N_("Cuenta mal escrita"),
    Reason.SPOILT: N_("Número que Excel recortó"),
    Reason.INCOMPLETE_KEY: N_("Clave de cliente incompleta"),
    Reason.REPEATED: N_("Cliente repetido en el archivo"),
    Reason.NO_AREA_CODE: N_("Fijo sin indicativo"),
    Reason.PHONE: N_("Teléfono que no existe"),
    Reason.EMAIL: N_("Correo mal escrito"),
    Reason.DATE: N_("Fecha imposible"),
    Reason.DATE_RANGE: N_("Fecha fuera de lo posible"),
    Reason.AMOUNT: N_("Saldo que no es un número"),
    Reason.SERVICE_STATE: N_("Estado desconocido"),
    Reason.TEXT_TOO_LONG: N_("Texto demasiado largo"),
    Reason.KNOWN: N_("Ya existe y solo se crean nuevos"),
    Reason.UNKNOWN: N_("No existe y solo se actualiza"),
}

SENTENCES: dict[Reason, str] = {
    Reason.ENCODING: N_("Tiene letras que no se pueden leer con la codificación elegida."),
    Reason.NUL: N_("Tiene caracteres nulos: el archivo está dañado en esta fila."),
    Reason.TOO_LONG: N_("Es demasiado larga (más de 1 MB o de 200 líneas)."),
    Reason.QUOTES: N_("Tiene una comilla que se abre y no se cierra bien."),
    Reason.COLUMN_COUNT: N_("Tiene más columnas que el encabezado: %(value)s."),
    Reason.NOBODY: N_("No trae nombre, documento ni teléfono: no se sabe quién es."),
    Reason.NO_DOCUMENT: N_("El documento es parte de la clave de cliente y está vacío."),
    Reason.DOCUMENT: N_("El documento «%(value)s» no se puede usar."),
    Reason.ACCOUNT: N_("La cuenta «%(value)s» no se puede usar."),
    Reason.SPOILT: N_(
        "Excel recortó el número «%(value)s» y sus últimas cifras se perdieron. Dé formato de texto o de número sin"
        " decimales a la columna y guarde el archivo otra vez."
    ),
    Reason.INCOMPLETE_KEY: N_("Falta un dato de la clave de cliente."),
    Reason.REPEATED: N_("Este cliente, con esta cuenta, ya está en la fila %(value)s del archivo."),
    Reason.NO_AREA_CODE: N_("El fijo «%(value)s» viene sin indicativo."),
    Reason.PHONE: N_("El teléfono «%(value)s» no existe en el plan de numeración."),
    Reason.EMAIL: N_("El correo «%(value)s» está mal escrito."),
    Reason.DATE: N_("La fecha «%(value)s» no existe o no está escrita en el orden elegido."),
    Reason.DATE_RANGE: N_(
        "La fecha «%(value)s» no puede ser: un nacimiento va de 1900 a hoy, y las demás fechas, 30 años antes o "
        "después."
    ),
    Reason.AMOUNT: N_("El saldo «%(value)s» no es un número."),
    Reason.SERVICE_STATE: N_("El estado «%(value)s» no es activo, suspendido, moroso ni retirado."),
    Reason.TEXT_TOO_LONG: N_("El texto pasa de 500 letras."),
    Reason.KNOWN: N_("El cliente ya existe, y se eligió solo crear nuevos."),
    Reason.UNKNOWN: N_("El cliente no existe, y se eligió solo actualizar."),
}


@dataclass(frozen=True, slots=True)
class Defect:
    """One reason with the column it is about (its number from 0; -1 for the whole row) and what stood there.

    A `warning` is about a cell that is left out: it does not refuse the row.
    """

    reason: Reason
    column: int = -1
    value: str = ""
    warning: bool = False

    @property
    def refuses(self) -> bool:
        """Whether the row is not stored because of it."""
        return not self.warning
