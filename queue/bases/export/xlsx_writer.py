"""An XLSX workbook written piece by piece, with bounded memory. Every cell is text: nothing in it can be a formula."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from typing import IO
from xml.sax.saxutils import escape

MOST_ROWS = 1_048_576  # of one sheet
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


class _Pieces(io.RawIOBase):
    """A file that only grows and gives away what was written."""

    def __init__(self) -> None:
        self.waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        part = memoryview(data)  # type: ignore[arg-type]
        self.waiting += part
        return part.nbytes


class Workbook:
    """Rows go in by `write`, bytes come out by `taken` and at the end by `finish`. A full sheet begins the next."""

    def __init__(self) -> None:
        self.header: list[str] = []
        self._pieces = _Pieces()
        self._zip = zipfile.ZipFile(self._pieces, "w", zipfile.ZIP_DEFLATED, compresslevel=4)
        self._sheet: IO[bytes] | None = None
        self._sheets = self._rows = 0

    def write(self, rows: Iterable[list[str]]) -> None:
        """Put rows after those there are."""
        lines: list[str] = []
        for row in rows:
            if self._sheet is None or self._rows == MOST_ROWS:
                self._put(lines)
                lines = self._begin_sheet()
            lines.append(_line(row))
            self._rows += 1
        self._put(lines)

    def taken(self) -> bytes:
        """The bytes since the last time."""
        part = bytes(self._pieces.waiting)
        self._pieces.waiting.clear()
        return part

    def finish(self) -> bytes:
        """The rest of the file."""
        if self._sheet is None:
            self._put(self._begin_sheet())
        self._end_sheet()
        for path, content in self._parts().items():
            self._zip.writestr(path, _HEAD + content)
        self._zip.close()
        return self.taken()

    def _begin_sheet(self) -> list[str]:
        self._end_sheet()
        self._sheets += 1
        self._sheet = self._zip.open(f"xl/worksheets/sheet{self._sheets}.xml", "w", force_zip64=True)
        self._rows = 1 if self.header else 0
        start = f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'
        return [start, _line(self.header)] if self.header else [start]

    def _end_sheet(self) -> None:
        if self._sheet is not None:
            self._put(["</sheetData></worksheet>"])
            self._sheet.close()
            self._sheet = None

    def _put(self, lines: list[str]) -> None:
        if lines and self._sheet is not None:
            self._sheet.write("".join(lines).encode())

    def _parts(self) -> dict[str, str]:
        sheets = range(1, self._sheets + 1)
        names = "".join(f'<sheet name="Base {n}" sheetId="{n}" r:id="rId{n}"/>' for n in sheets)
        targets = "".join(
            f'<Relationship Id="rId{n}" Type="{_DOCUMENT}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in sheets
        )
        types = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>' for n in sheets
        )
        return {
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}"><sheets>{names}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{targets}</Relationships>',
            "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{_DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
            f'ContentType="{_TYPE}.sheet.main+xml"/>{types}</Types>',
        }


def _line(cells: list[str]) -> str:
    return f"<row>{''.join(map(_cell, cells))}</row>"


def _cell(value: str) -> str:
    if not value:
        return "<c/>"
    plain = value if value.isalnum() else escape(_NOT_XML.sub("", value))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{plain}</t></is></c>'
