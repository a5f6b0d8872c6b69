"""A workbook of Excel as a delimited file: its first sheet that has rows, and those that go on with the same columns.

The reading library holds a whole sheet in memory and a workbook is a compressed file that may hold anything, so it is
read in a process of its own that may take so much memory and time and no more: a bomb ends that process. One is read
at a time.
"""

from __future__ import annotations

import csv
import json
import resource
import subprocess
import sys
import threading
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from ....models.refused import N_, FileRefused

MEMORY = 2 << 30  # bytes of address space of the reading process
SECONDS = 150
MOST_UNPACKED = 3 << 30
MOST_PARTS = 2000
MOST_COLUMNS = 1000
MOST_NAMED = 5  # sheets that are left out
_TURN = threading.Lock()
_NO_BOOK, _NO_ROWS, _TOO_LARGE = 3, 4, 5
_SENTENCES = {
    _NO_BOOK: N_("Es un archivo comprimido que no se puede leer como libro de Excel. Guárdelo como CSV."),
    _NO_ROWS: N_("El libro de Excel no tiene ninguna hoja con filas."),
    _TOO_LARGE: N_("El libro de Excel es demasiado grande para abrirlo. Guárdelo como CSV y súbalo de nuevo."),
}


def is_zip(head: bytes) -> bool:
    """Whether a file begins like a workbook."""
    return head.startswith(b"PK\x03\x04")


def unpack_workbook(book: Path, to: Path) -> list[str]:
    """Write the rows into `to`, as UTF-8 with semicolons; the names of sheets whose rows are not among them.

    A base that is too long for one sheet goes on in the next ones, under the same header. Raises FileRefused.
    """
    if not _looks_right(book):
        raise FileRefused(field="file", sentence=_SENTENCES[_NO_BOOK])
    command = [sys.executable, "-P", "-m", __name__, str(book), str(to)]
    try:
        with _TURN:
            done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise FileRefused(field="file", sentence=_SENTENCES[_TOO_LARGE]) from None
    if done.returncode:
        raise FileRefused(field="file", sentence=_SENTENCES.get(done.returncode, _SENTENCES[_TOO_LARGE]))
    return list(json.loads(done.stdout))


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
        left = _write(CalamineWorkbook.from_path(book), Path(to))
    except CalamineError:
        return _NO_BOOK
    except (MemoryError, OverflowError):
        return _TOO_LARGE
    if left is None:
        return _NO_ROWS
    print(json.dumps([name[:60] for name in left[:MOST_NAMED]]))
    return 0


def _write(workbook: Any, to: Path) -> list[str] | None:
    """The names of sheets with rows that were left out; None when no sheet has rows. Raises OverflowError."""
    header: list[str] | None = None
    left: list[str] = []
    with to.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        for name in workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(name)
            if not sheet.height or not sheet.width:
                continue
            if sheet.width > MOST_COLUMNS and header is None:
                raise OverflowError
            rows = ([_text(cell) for cell in row] for row in sheet.iter_rows())
            first = next(rows)
            if header is None:
                header = first
                writer.writerow(first)
            elif first != header:
                left.append(name)
                continue
            writer.writerows(rows)
    return None if header is None else left


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
