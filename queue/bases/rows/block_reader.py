"""The rows of one chunk read and checked: plain lines together, all others one by one, with the same outcome.

A line without quotes, null characters or letters that cannot be decoded is a row by itself; a quoted row that ends on
its line is read by `csv` alone; everything else by `Reader`, from the byte where it begins. Nothing here writes.
"""

from __future__ import annotations

import codecs
import csv
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from ..file.delimited import Place, Reader, Record, in_ascii_bytes
from ..file.letters import decode_line
from .column_parser import parse_plain_rows
from .parse_rules import ParseRules
from .parsed_rows import ParsedRows, merged, parsed_rows_of
from .row_parser import CustomerRow, Outcome, parse_row

SMALL_BLOCK = 16_384
MAX_CELL = 100_000  # characters; `csv` refuses cells not much longer


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one chunk may hold."""

    rows: int
    bytes: int
    seconds: float
    same_customer: int


@dataclass(slots=True)
class Block:
    """What stands between two places of the file: rows that are good so far, and the others with their defects.

    `outcomes` has what was read row by row; `ends` where each row ends, by its number.
    """

    start: Place
    next: Place
    ended: bool = False
    parsed: ParsedRows = field(default_factory=lambda: parsed_rows_of([]))
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    lines: dict[int, str] = field(default_factory=dict)  # plain rows as they stand
    ends: dict[int, int] = field(default_factory=dict)
    separator: str = ";"

    def outcome(self, number: int) -> Outcome:
        """A row as it stands in the file, for the report."""
        if number in self.outcomes:
            return self.outcomes[number]
        cells = self.lines[number].split(self.separator)
        return Outcome(Record(number, cells, Place(self.ends[number], number + 1)), None, [])


def read_block(path: Path, options: dict[str, Any], rules: ParseRules, start: Place, limits: Limits) -> Block:
    """Read and check the rows from `start` up to the limits. Raises FileNotFoundError."""
    path, encoding = in_ascii_bytes(path, options["encoding"])
    with path.open("rb") as file:
        walk = _BlockReader(file, encoding, options["separator"], rules, start, limits)
        walk.go(options.get("header_row", 1), options["header"])
        return walk.read()


class _BlockReader:
    """Goes over lines, parts the plain from the others, and stops at a limit."""

    def __init__(
        self, file: BinaryIO, encoding: str, separator: str, rules: ParseRules, start: Place, limits: Limits
    ) -> None:
        self.file, self.encoding, self.separator, self.rules, self.limits = file, encoding, separator, rules, limits
        self.found = Block(start, start, separator=separator)
        self.place = start
        self.deadline = time.monotonic() + limits.seconds
        self.slow: list[Record] = []

    def go(self, first: int, header: bool) -> None:
        """Read until a limit or the end of the file; `first` is the header's row, or that of the first data."""
        header_ahead = header and self.place.number <= first
        if self.place.byte == 0 and self.file.read(len(codecs.BOM_UTF8)) == codecs.BOM_UTF8:
            self.place = Place(len(codecs.BOM_UTF8), self.place.number)
        while self.place.number < first and self._record() is not None:
            pass
        while header_ahead:
            record = self._record()
            if record is None:
                break
            header_ahead = record.blank
        lines, last = self._lines()
        if not lines and not last:
            self._odd_row()
        at, byte = 0, self.place.byte
        while at < len(lines) and not self._full():
            line = lines[at]
            if (text := self._plain(line)) is not None:
                byte += len(line)
                at += 1
                self._take(text, byte)
                continue
            record = self._quoted(line) or self._record()
            if record is None:
                break
            self._keep(record)
            while byte < record.next.byte and at < len(lines):
                byte += len(lines[at])
                at += 1
            if byte < record.next.byte:
                break
        self.found.ended = last and at >= len(lines) and not self._more()
        self.found.next = self.place

    def read(self) -> Block:
        """Check what was found."""
        found, numbers = self.found, list(self.found.lines)
        plain, left = parsed_rows_of([]), list[int]()
        if numbers:
            plain, left = parse_plain_rows(list(found.lines.values()), numbers, self.rules, self.separator)
        for place in left:
            number = numbers[place]
            cells = next(csv.reader([found.lines.pop(number)], delimiter=self.separator, strict=True), [])
            self.slow.append(Record(number, cells, Place(found.ends[number], number + 1)))
        good: list[CustomerRow] = []
        for record in self.slow:
            if not record.blank:
                outcome = parse_row(record, self.rules)
                found.outcomes[record.number] = outcome
                if outcome.row is not None:
                    good.append(outcome.row)
        found.parsed = merged(plain, parsed_rows_of(sorted(good, key=lambda row: row.number)))
        self._cut_same_customer()
        return found

    def _lines(self) -> tuple[list[bytes], bool]:
        """Whole lines from here, and whether they reach the end of the file."""
        self.file.seek(self.place.byte)
        block = self.file.read(self.limits.bytes)
        last = len(block) < self.limits.bytes
        lines = block.splitlines(keepends=True)
        if lines and not last:
            # It may go on, and a CR may be the first half of CRLF.
            lines.pop()
        return lines, last

    def _plain(self, line: bytes) -> str | None:
        """The text of a line that is a row by itself; None for any other."""
        if b'"' in line or b"\0" in line or len(line) > MAX_CELL or line.isspace():
            return None
        try:
            text = decode_line(line, self.encoding)
        except UnicodeDecodeError:
            return None
        return text if text.count(self.separator) < len(self.rules.columns) else None

    def _take(self, text: str, byte: int) -> None:
        number = self.place.number
        self.found.lines[number] = text.rstrip("\r\n")
        self.found.ends[number] = byte
        self.place = Place(byte, number + 1)

    def _quoted(self, line: bytes) -> Record | None:
        """A row that ends on its line; None when it must be read with care."""
        if b"\0" in line or len(line) > MAX_CELL:
            return None
        try:
            (cells,) = csv.reader([decode_line(line, self.encoding)], delimiter=self.separator, strict=True)
        except (csv.Error, ValueError):
            return None
        number = self.place.number
        return Record(number, cells, Place(self.place.byte + len(line), number + 1))

    def _record(self) -> Record | None:
        """The row that begins here, whatever it is."""
        reader = Reader(self.file, self.encoding, self.separator, SMALL_BLOCK)
        record = next(reader.records(self.place), None)
        if record is not None:
            self.place = record.next
        return record

    def _odd_row(self) -> None:
        """A line longer than all that a chunk holds."""
        if (record := self._record()) is not None:
            self._keep(record)

    def _keep(self, record: Record) -> None:
        self.slow.append(record)
        self.found.ends[record.number] = record.next.byte
        self.place = record.next

    def _full(self) -> bool:
        taken = len(self.found.lines) + len(self.slow)
        return taken >= self.limits.rows or time.monotonic() > self.deadline

    def _more(self) -> bool:
        self.file.seek(self.place.byte)
        return bool(self.file.read(1))

    def _cut_same_customer(self) -> None:
        """A customer in very many rows ends the chunk: each of the customer's rows is a round of statements.

        Those that name the same account again are refused and make no round.
        """
        found = self.found
        stored = found.parsed.rows.unique(["key", "account"], keep="first", maintain_order=True)
        if stored.height == stored["key"].n_unique():
            return
        seen: Counter[str] = Counter()
        for number, key in stored.select("row_number", "key").iter_rows():
            seen[key] += 1
            if seen[key] == self.limits.same_customer:
                found.next, found.ended = (
                    Place(found.ends[number], number + 1),
                    found.ended and number == max(found.ends),
                )
                found.parsed = found.parsed.only(n for n in found.parsed.numbers if n <= number)
                found.outcomes = {n: outcome for n, outcome in found.outcomes.items() if n <= number}
                return
