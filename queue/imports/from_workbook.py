"""A workbook of Excel as a delimited file: its first sheet that has rows.

The reading library holds a whole sheet in memory and a workbook is a compressed file that may hold anything, so it is
read in a process of its own that may take so much memory and time and no more: a bomb ends that process.
"""

from __future__ import annotations

import csv
import resource
import subprocess
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from ...models.refused import N_, FileRefused

MEMORY = 2 << 30  # bytes of address space of the reading process
SECONDS = 150
MOST_UNPACKED = 3 << 30
MOST_PARTS = 2000
MOST_COLUMNS = 1000
_NO_BOOK, _NO_ROWS, _TOO_LARGE = 3, 4, 5
_SENTENCES = {
    _NO_BOOK: N_("Es un archivo comprimido que no se puede leer como libro de Excel. Guárdelo como CSV."),
    _NO_ROWS: N_("El libro de Excel no tiene ninguna hoja con filas."),
    _TOO_LARGE: N_("El libro de Excel es demasiado grande para abrirlo. Guárdelo como CSV y súbalo de nuevo."),
}


def is_zip(head: bytes) -> bool:
    """Whether a file begins like a workbook."""
    return head.startswith(b"PK\x03\x04")


def unpack_workbook(book: Path, to: Path) -> None:
    """Write the first sheet with rows into `to`, as UTF-8 with semicolons. Raises FileRefused."""
    if not _looks_right(book):
        raise FileRefused(field="file", sentence=_SENTENCES[_NO_BOOK])
    command = [sys.executable, "-P", "-m", __name__, str(book), str(to)]
    try:
        status = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False).returncode
    except subprocess.TimeoutExpired:
        status = _TOO_LARGE
    if status:
        raise FileRefused(field="file", sentence=_SENTENCES.get(status, _SENTENCES[_TOO_LARGE]))


def _looks_right(book: Path) -> bool:
    """Whether its table of contents is one of a workbook of bearable size."""
    try:
        with zipfile.ZipFile(book) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise FileRefused(field="file", sentence=_SENTENCES[_TOO_LARGE])
    return any(part.filename.startswith("xl/") for part in parts)


def _convert(book: str, to: str) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        workbook = CalamineWorkbook.from_path(book)
        for name in workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(name)
            if sheet.total_height and sheet.total_width:
                return _write(sheet, Path(to))
    except CalamineError:
        return _NO_BOOK
    except MemoryError:
        return _TOO_LARGE
    return _NO_ROWS


def _write(sheet: Any, to: Path) -> int:
    if sheet.total_width > MOST_COLUMNS:
        return _TOO_LARGE
    with to.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        for row in sheet.iter_rows():
            writer.writerow([_text(cell) for cell in row])
    return 0


def _text(cell: Any) -> str:
    """A cell as a person would have typed it; times of day that only say midnight are left out."""
    if isinstance(cell, str):
        return cell.replace("\0", "")
    if isinstance(cell, bool):
        return "sí" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell) if isinstance(cell, int | timedelta) else ""


if __name__ == "__main__":
    sys.exit(_convert(*sys.argv[1:]))
