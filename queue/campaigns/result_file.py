"""The CSV of many results (S4-30) and its format (S4-31): one row for each result, its levels in three columns."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from typing import Any

from pydantic import ValidationError

from ...models.campaigns.result_actions import RESULT_ACTIONS, ResultAction
from ...models.campaigns.results import MAX_LEVELS, Colour, ResultDraft
from ...models.customers.names import fold
from ...models.refused import N_, FileRefused

LEVELS = ("nivel1", "nivel2", "nivel3")
# How a file may write an action: its name, with or without accents, or its code.
_ACTIONS: dict[str, ResultAction | None] = {"": None} | {
    word: action
    for action, facts in RESULT_ACTIONS.items()
    for word in (facts.name.lower(), fold(facts.name), str(action))
}
_FLAGS = {"": False, "no": False, "0": False, "sí": True, "si": True, "s": True, "1": True, "x": True}
_COLOURS = {
    "": Colour.GREY,
    "verde": Colour.GREEN,
    "turquesa": Colour.TEAL,
    "azul": Colour.BLUE,
    "ámbar": Colour.AMBER,
    "ambar": Colour.AMBER,
    "rojo": Colour.RED,
    "gris": Colour.GREY,
} | {str(colour): colour for colour in Colour}


def _flag(text: str) -> bool:
    return _FLAGS[text]


# Column → field of the draft, and how its text is read (lower case, trimmed).
_COLUMNS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "accion": ("action", _ACTIONS.__getitem__),
    "agenda": ("schedules", _flag),
    "borra_citas": ("clears_appointments", _flag),
    "exitoso": ("successful", _flag),
    "titular": ("right_party", _flag),
    "medida": ("measure", lambda text: int(text) if text else None),
    "color": ("colour", _COLOURS.__getitem__),
}
FORMAT = "\ufeff" + "\r\n".join(
    [
        ";".join([*LEVELS, *_COLUMNS]),
        "Contacto exitoso;;;;no;no;sí;sí;;verde",
        "Contacto exitoso;Compromiso de pago;;;sí;no;sí;sí;5;verde",
        "Contacto exitoso;Compromiso de pago;Pago parcial;;;no;sí;sí;5;verde",
        "Sin contacto;;;rellamar;no;no;no;no;0;gris",
        "Sin contacto;Buzón de voz;;rellamar alternativo;no;no;no;no;0;gris",
        "",
    ]
)


def read_results(content: bytes) -> list[ResultDraft]:
    """The tree that a file says; a level without a row of its own gets no settings.

    UTF-8 or Windows-1252, separated by semicolon, comma or tab. Raises FileRefused naming row and column.
    """
    rows = _rows(content)
    tree: dict[tuple[str, ...], dict[str, Any]] = {}
    for number, row in rows:
        path = _path(number, row)
        for depth in range(1, len(path)):
            tree.setdefault(path[:depth], {"name": path[depth - 1]})
        tree[path] = {"name": path[-1], **_settings(number, row)}
    if not tree:
        raise FileRefused(field="file", sentence=N_("El archivo no tiene resultados."))
    return _grown(tree, ())


def _rows(content: bytes) -> list[tuple[int, dict[str, str]]]:
    """Rows with their number in the file, by column name."""
    text = _decoded(content)
    if "\0" in text:  # a workbook, say: no database keeps that sign
        raise FileRefused(field="file", sentence=N_("El archivo no es un CSV. Guárdelo como CSV y súbalo de nuevo."))
    first = re.split(r"[\r\n]", text, maxsplit=1)[0]
    separator = max(";,\t", key=first.count)
    rows = _read(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    header = [name.strip().lower() for name in next(rows, [])]
    if LEVELS[0] not in header:
        raise FileRefused(field="file", sentence=N_("Falta la columna «nivel1». Descargue el formato."))
    if unknown := [name for name in header if name and name not in (*LEVELS, *_COLUMNS)]:
        raise FileRefused(field="file", sentence=N_("No se conoce la columna «%(column)s»."), column=unknown[0])
    numbered = enumerate(rows, start=2)
    return [(number, dict(zip(header, map(str.strip, row), strict=False))) for number, row in numbered if any(row)]


def _read(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    """The rows of a file; lines may end as Windows, Linux or an old Mac ends them."""
    number = 0
    try:
        for number, row in enumerate(rows, start=1):  # noqa: B007 - the refusal names the row
            yield row
    except csv.Error as why:
        sentence = N_("Fila %(row)s: no se puede leer. Revise sus comillas y su largo.")
        raise FileRefused(field="file", sentence=sentence, row=number + 1) from why


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _path(number: int, row: dict[str, str]) -> tuple[str, ...]:
    levels = [row.get(level, "") for level in LEVELS]
    filled = [name for name in levels if name]
    if not filled or levels[: len(filled)] != filled:
        sentence = N_("Fila %(row)s: un nivel está vacío y el siguiente no.")
        raise FileRefused(field="file", sentence=sentence, row=number)
    assert len(filled) <= MAX_LEVELS
    return tuple(filled)


def _settings(number: int, row: dict[str, str]) -> dict[str, Any]:
    settings: dict[str, Any] = {}
    for column, (field, read) in _COLUMNS.items():
        try:
            settings[field] = read(row.get(column, "").lower())
        except (KeyError, ValueError):
            sentence = N_("Fila %(row)s, columna «%(column)s»: no se entiende «%(value)s».")
            raise FileRefused(
                field="file", sentence=sentence, row=number, column=column, value=row[column][:40]
            ) from None
    return settings


def _grown(tree: dict[tuple[str, ...], dict[str, Any]], above: tuple[str, ...]) -> list[ResultDraft]:
    here = [path for path in tree if len(path) == len(above) + 1 and path[:-1] == above]
    try:
        return [ResultDraft(**tree[path], children=_grown(tree, path)) for path in here]
    except ValidationError as why:
        raise FileRefused(
            field="file", sentence=N_("«%(name)s» no se puede usar: revise su largo y su medida."), name=here[0][-1]
        ) from why
