"""A workbook of Excel as a delimited file: the sheet with customers, and those that go on with the same columns.

The reading library holds a whole sheet in memory and a workbook is a compressed file that may hold anything, so it is
read in a process of its own that may take so much memory and time and no more: a bomb ends that process.
"""

from __future__ import annotations

import asyncio
import csv
import json
import resource
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from ....models.refused import N_, FileRefused
from .columns import field_of
from .dialect import find_header
from .typed_cells import cell_text

MEMORY = 2 << 30  # bytes of address space of the reading process
SECONDS = 150
MOST_UNPACKED = 3 << 30
MOST_PARTS = 2000
MOST_COLUMNS = 1000
MOST_SHEETS = 60  # that are offered to choose from
_TOP = 30  # rows that are looked at for a header
_NO_BOOK, _NO_ROWS, _TOO_LARGE, _NO_SHEET = 3, 4, 5, 6
_SENTENCES = {
    _NO_BOOK: N_("Es un archivo comprimido que no se puede leer como libro de Excel. Guárdelo como CSV."),
    _NO_ROWS: N_("El libro de Excel no tiene ninguna hoja con filas."),
    _NO_SHEET: N_("El libro de Excel no tiene una hoja con ese nombre y con filas."),
    _TOO_LARGE: N_("El libro de Excel es demasiado grande para abrirlo. Guárdelo como CSV y súbalo de nuevo."),
}


def is_zip(head: bytes) -> bool:
    """Whether a file begins like a workbook."""
    return head.startswith(b"PK\x03\x04")


@dataclass(frozen=True, slots=True)
class Sheets:
    """The sheets of a workbook that have rows: all of them, and those whose rows were read."""

    all: tuple[str, ...]
    read: tuple[str, ...]

    @property
    def left(self) -> list[str]:
        """Those that were not read."""
        return [name for name in self.all if name not in self.read]


def refuse_other_zips(book: Path) -> None:
    """Raises FileRefused for what is no workbook, or one that nobody could open."""
    if not _looks_right(book):
        raise FileRefused(field="file", sentence=_SENTENCES[_NO_BOOK])


async def unpack_workbook(book: Path, to: Path, sheet: str = "") -> Sheets:
    """Write the rows of a sheet into `to`, as UTF-8 with semicolons. Raises FileRefused.

    Without a name it is the sheet with the most columns that we know; a base that is too long for one sheet goes on in
    others, under the same header.
    """
    refuse_other_zips(book)
    command = (sys.executable, "-P", "-m", __name__, str(book), str(to), sheet)
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdout=pipe, stderr=asyncio.subprocess.DEVNULL)
    try:
        said, _ = await asyncio.wait_for(process.communicate(), SECONDS)
    except TimeoutError:
        raise FileRefused(field="file", sentence=_SENTENCES[_TOO_LARGE]) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise FileRefused(field="file", sentence=_SENTENCES.get(process.returncode, _SENTENCES[_TOO_LARGE]))
    return Sheets(**{name: tuple(names) for name, names in json.loads(said).items()})


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


def _convert(book: str, to: str, sheet: str) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        workbook = CalamineWorkbook.from_path(book)
        sheets = _filled(workbook)
        if not sheets or (sheet and sheet not in sheets):
            return _NO_SHEET if sheet else _NO_ROWS
        read = _write(workbook, sheets, sheet, Path(to))
    except CalamineError:
        return _NO_BOOK
    except (MemoryError, OverflowError):
        return _TOO_LARGE
    print(json.dumps({"all": list(sheets)[:MOST_SHEETS], "read": read}))
    return 0


@dataclass(slots=True)
class _Top:
    """The first rows of a sheet: its header, where it ends, and how many of our fields it names."""

    header: list[str]
    rows: int
    known: int
    wide: bool


def _filled(workbook: Any) -> dict[str, _Top]:
    """The sheets with rows. Raises OverflowError when one is too wide to be read at all."""
    found: dict[str, _Top] = {}
    for name in workbook.sheet_names:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.height and sheet.width:
            if sheet.width > MOST_COLUMNS and not found:
                raise OverflowError
            if sheet.width <= MOST_COLUMNS:
                found[name] = _top(sheet)
    return found


def _top(sheet: Any) -> _Top:
    rows = [[cell_text(cell) for cell in row] for row, _ in zip(sheet.iter_rows(), range(_TOP), strict=False)]
    numbered = [(number, row) for number, row in enumerate(rows, 1) if any(cell.strip() for cell in row)]
    number, header = find_header(numbered)
    names = rows[number - 1] if rows else []
    known = len({field for name in names if (field := field_of(name))})
    return _Top(names, number, known if header else 0, sheet.width > 1)


def _write(workbook: Any, sheets: dict[str, _Top], asked: str, to: Path) -> list[str]:
    """Write the rows of the sheet asked for, or of the likeliest with those that go on with it; their names."""
    chosen = asked or max(sheets, key=lambda name: (sheets[name].known, sheets[name].wide))
    read = [chosen]
    with to.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        _copy(workbook, chosen, 0, writer)
        for name, top in sheets.items():
            if not asked and name != chosen and top.header == sheets[chosen].header:
                _copy(workbook, name, top.rows, writer)
                read.append(name)
    return read


def _copy(workbook: Any, name: str, after: int, writer: Any) -> None:
    rows = workbook.get_sheet_by_name(name).iter_rows()
    for _ in range(after):
        next(rows, None)
    writer.writerows([cell_text(cell) for cell in row] for row in rows)


if __name__ == "__main__":
    sys.exit(_convert(*sys.argv[1:]))
