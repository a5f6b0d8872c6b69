"""The file of example that shows how a base is written (S4-15): the examples of the table of fields."""

from __future__ import annotations

import csv
from io import StringIO

from ..export.base_file import EXPORTED


def sample_file() -> bytes:
    """All columns with three customers, as UTF-8 that spreadsheets recognise, with semicolons."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([field.name for field in EXPORTED])
    writer.writerows(zip(*(field.examples for field in EXPORTED), strict=True))
    return "\ufeff".encode() + out.getvalue().encode()
