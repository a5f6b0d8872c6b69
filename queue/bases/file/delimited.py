"""Rows of a delimited file, one at a time, from any place where a former reading stopped.

    for record in Reader(file, "windows-1252", ";").records(place): ...

Bytes are cut into lines, lines are handed to `csv` one by one, so that after every row we know the byte where the next
begins. Nothing here raises for what stands in the file: a row that cannot be read is a record with a `flaw`, and the
reading goes on at the line after the one where it began. A quote that is never closed costs one row, not the file.
"""

from __future__ import annotations

import codecs
import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO

from .letters import decode_line, shown_line
from .reasons import Reason

MAX_BYTES = 1_048_576  # of one row
MAX_LINES = 200  # of one row
_BLOCK = 262_144
_UNREADABLE = "\ufffd".encode()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row begins: its first byte, and its number in the file (the first row is 1)."""

    byte: int = 0
    number: int = 1


@dataclass(frozen=True, slots=True)
class Record:
    """One row as it stands in the file; `next` is where the following one begins. A blank line has no cells."""

    number: int
    cells: list[str]
    next: Place
    flaw: Reason | None = None

    @property
    def blank(self) -> bool:
        """Whether there is nothing in it: blank rows are no rows."""
        return self.flaw is None and not any(cell.strip() for cell in self.cells)


class _TooLong(Exception):
    """The row being read passed a limit."""


@dataclass(slots=True)
class Reader:
    """Reads one open file. `encoding` is one that keeps ASCII bytes as they are (UTF-16 is rewritten before)."""

    file: BinaryIO
    encoding: str
    separator: str
    block: int = _BLOCK  # bytes read at a time
    _lines: Iterator[bytes] = field(default_factory=lambda: iter(()))
    _back: deque[bytes] = field(default_factory=deque)  # lines to read again
    _taken: list[bytes] = field(default_factory=list)  # lines of the row being read
    _garbled: bool = False

    def records(self, start: Place) -> Iterator[Record]:
        """Every row from `start` to the end of the file, blank ones too."""
        self.file.seek(start.byte)
        place = start
        if start.byte == 0 and self.file.read(len(codecs.BOM_UTF8)) == codecs.BOM_UTF8:
            place = Place(len(codecs.BOM_UTF8), start.number)
        self.file.seek(place.byte)
        self._lines = cut_lines(self.file, self.block)
        rows = self._csv()
        while True:
            self._taken, self._garbled = [], False
            try:
                cells, flaw = next(rows), None
            except StopIteration:
                return
            except (csv.Error, _TooLong) as why:
                cells, flaw = [], self._give_up(why)
                rows = self._csv()
            flaw = flaw or self._flaw()
            place = Place(place.byte + sum(map(len, self._taken)), place.number + 1)
            yield Record(place.number - 1, cells if flaw is None else self._as_text(), place, flaw)

    def _csv(self) -> Iterator[list[str]]:
        return csv.reader(self._feed(), delimiter=self.separator, strict=True)

    def _feed(self) -> Iterator[str]:
        """Lines for the row being read; a limit passed ends it."""
        size = 0
        while True:
            line = self._back.popleft() if self._back else next(self._lines, None)
            if line is None:
                return
            size = size + len(line) if self._taken else len(line)
            self._taken.append(line)
            if size > MAX_BYTES or len(self._taken) > MAX_LINES:
                raise _TooLong
            yield self._decode(line)

    def _decode(self, line: bytes) -> str:
        try:
            return decode_line(line, self.encoding)
        except UnicodeDecodeError:
            self._garbled = True
            return line.decode(self.encoding, "replace")

    def _give_up(self, why: Exception) -> Reason:
        """Keep only the first line of a row that cannot be read; the others are read again as rows."""
        first, *rest = self._taken
        self._back.extendleft(reversed(rest))
        self._taken = [first]
        if len(first) > MAX_BYTES or "field larger" in str(why):
            return Reason.TOO_LONG
        return Reason.QUOTES

    def _flaw(self) -> Reason | None:
        if any(b"\0" in line for line in self._taken):
            return Reason.NUL
        return Reason.ENCODING if self._garbled else None

    def _as_text(self) -> list[str]:
        """The row as it stands, for the report: bounded, without what a database or a sheet cannot hold."""
        text = shown_line(b"".join(self._taken)[:2000], self.encoding)
        return text.replace("\0", "�").strip("\r\n").split(self.separator)


def cut_lines(file: BinaryIO, size: int | None = None) -> Iterator[bytes]:
    """Lines with their ends (LF, CRLF or CR, mixed as they come). A line past the limit comes whole in length but is
    not kept in memory whole: see `_LongLine`."""
    rest = b""
    while block := file.read(size or _BLOCK):
        lines = (rest + block).splitlines(keepends=True)
        # The last line may go on in the next block, and a CR at its end may be the first half of CRLF.
        rest = lines.pop() if not lines[-1].endswith(b"\n") else b""
        yield from lines
        if len(rest) > MAX_BYTES:
            line, rest = _long_line(file, rest)
            yield line
    yield from rest.splitlines(keepends=True)


class _LongLine(bytes):
    """The beginning of a line that is too long, which says the length of the whole line."""

    length: int

    def __len__(self) -> int:
        return self.length


def _long_line(file: BinaryIO, begun: bytes) -> tuple[bytes, bytes]:
    """Run over the rest of a line that passed the limit; the line, and what stands after it."""
    length, after = len(begun), b""
    if not begun.endswith(b"\r"):
        while block := file.read(_BLOCK):
            head = block.splitlines(keepends=True)[0]
            length += len(head)
            if head.endswith((b"\n", b"\r")):
                after = block[len(head) :]
                if head.endswith(b"\r") and not after:
                    after = file.read(1)
                if head.endswith(b"\r") and after.startswith(b"\n"):
                    length, after = length + 1, after[1:]
                break
    line = _LongLine(begun[:4096])
    line.length = length
    return line, after


def in_ascii_bytes(path: Path, encoding: str) -> tuple[Path, str]:
    """A file and an encoding that `Reader` can read: UTF-16 is rewritten once, beside the file, as UTF-8.

    What is no UTF-16 becomes a byte that is no UTF-8 either, so that its row is refused for it.
    """
    if not encoding.startswith("utf-16"):
        return path, encoding
    copy = path.with_name(f"{path.name}.{encoding}")
    if not copy.exists():
        with (
            path.open(encoding=encoding, errors="replace", newline="") as given,
            NamedTemporaryFile("wb", dir=path.parent, prefix=copy.name, delete=False) as written,
        ):
            while text := given.read(_BLOCK):
                written.write(text.encode("utf-8", "replace").replace(_UNREADABLE, b"\xff"))
        Path(written.name).replace(copy)
    return copy, "utf-8"
