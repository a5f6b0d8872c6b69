"""Where the header of an upload stands, and what it says: names, fields and the order of dates of every column."""

from __future__ import annotations

from typing import Any

from ....models.refused import N_, BadInput, FileRefused
from ..file.columns import MAX_COLUMNS, guess_columns
from ..file.dialect import date_orders, find_header, head_rows, head_text
from ..file.scan import FileScan

MOST_TITLES = 100  # rows that are not blank above a header


def header_of(
    scan: FileScan, options: dict[str, Any], old: dict[str, Any], asked: bool | None, row: int | None
) -> dict[str, Any]:
    """Where the header stands: as asked, as it was, or found again when the file is read in another way."""
    header, place = options["header"], options.get("header_row", 1)
    if any(options[name] != old[name] for name in ("encoding", "separator")):
        place, header = find_header(head_rows(head_text(scan.head, options["encoding"]), options["separator"]))
    if row is not None:
        header, place = True, row
    return {"header": header if asked is None else asked, "header_row": place}


def first_row(scan: FileScan, options: dict[str, Any]) -> dict[str, Any]:
    """Names of the columns, the field guessed for each, and the order of its dates. Raises FileRefused, BadInput."""
    text, first = head_text(scan.head, options["encoding"]), options["header_row"]
    rows = head_rows(text, options["separator"], most=MOST_TITLES)
    if not rows:
        raise FileRefused(field="file", sentence=N_("El archivo no tiene filas que se puedan leer."))
    top = next((cells for number, cells in rows if number >= first), None)
    if top is None:
        raise BadInput(field="header_row", sentence=N_("El encabezado no puede estar más allá de las primeras filas."))
    width = len(top)
    if width > MAX_COLUMNS:
        sentence = N_("El archivo tiene %(found)s columnas; el máximo es %(most)s.")
        raise FileRefused(field="file", sentence=sentence, found=width, most=MAX_COLUMNS)
    orders = date_orders(text, options["separator"], first + options["header"])
    orders = [*orders, *[""] * width][:width]
    names = [" ".join(cell.replace("\0", "").split())[:80] for cell in top] if options["header"] else [""] * width
    return {
        "names": [name or f"Columna {place}" for place, name in enumerate(names, 1)],
        "columns": guess_columns(names) if options["header"] else [""] * width,
        "date_orders": orders,
    }
