"""How a file is written, guessed from its bytes: encoding, separator, header, order of dates.

Every guess is shown and may be changed. Latin-1 cannot be told from Windows-1252, which holds all of it; UTF-16
without a mark is a guess from where the zero bytes stand.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass

from ....models.refused import N_
from .columns import field_of
from .scan import FileScan

ENCODINGS: dict[str, str] = {
    "utf-8": "UTF-8",
    "windows-1252": "Windows-1252",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "cp850": "DOS (850)",
    "mac-roman": "Mac Roman",
}
SEPARATORS: dict[str, str] = {
    ";": N_("Punto y coma"),
    ",": N_("Coma"),
    "\t": N_("Tabulador"),
    "|": N_("Barra"),
}
DATE_ORDERS: dict[str, str] = {"dmy": N_("dd/mm/aaaa"), "mdy": N_("mm/dd/aaaa"), "ymd": N_("aaaa-mm-dd")}
_DATE = re.compile(r"^\s*(\d{1,4})[/.-](\d{1,2})[/.-](\d{1,4})\b")
_WORD = re.compile(r"[^\W\d_]{2,}")
_ROWS = 60


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file is written."""

    encoding: str
    separator: str
    header: bool
    dates: str


def guess(scan: FileScan) -> Dialect:
    """The likeliest way this file is written."""
    encoding = guess_encoding(scan)
    text = head_text(scan.head, encoding)
    separator = guess_separator(text)
    rows = head_rows(text, separator)
    return Dialect(encoding, separator, guess_header(rows), guess_dates(rows))


def guess_encoding(scan: FileScan) -> str:
    """By its mark, by where zero bytes stand, UTF-8 when all of it is, else Windows-1252."""
    head = scan.head
    if head.startswith(b"\xff\xfe"):
        return "utf-16-le"
    if head.startswith(b"\xfe\xff"):
        return "utf-16-be"
    even, odd, half = head[0::2].count(0), head[1::2].count(0), max(len(head) // 2, 1)
    if odd > half * 0.4 and even < half * 0.1:
        return "utf-16-le"
    if even > half * 0.4 and odd < half * 0.1:
        return "utf-16-be"
    return "utf-8" if scan.utf8 else "windows-1252"


def head_text(head: bytes, encoding: str) -> str:
    """The beginning of the file as text, without its mark; what cannot be read shows as �."""
    return head.decode(encoding, "replace").removeprefix("\ufeff")


def head_rows(text: str, separator: str) -> list[list[str]]:
    """The first rows of a text, read leniently."""
    lines = text.replace("\0", "").splitlines(keepends=True)
    whole = lines[:-1] if len(lines) > 1 and not text.endswith(("\n", "\r")) and len(text) > 100_000 else lines
    rows: list[list[str]] = []
    try:
        for row in csv.reader((line[:100_000] for line in whole), delimiter=separator):
            if any(cell.strip() for cell in row):
                rows.append(row)
            if len(rows) == _ROWS:
                break
    except csv.Error:
        pass
    return rows


def guess_separator(text: str) -> str:
    """The one that cuts most rows into the same number of columns, more than one; ties by the number of columns."""

    def score(separator: str) -> tuple[float, int]:
        counts = Counter(len(row) for row in head_rows(text, separator))
        if not counts:
            return (0.0, 0)
        columns, times = counts.most_common(1)[0]
        return (times / counts.total() if columns > 1 else 0.0, columns)

    return max(SEPARATORS, key=score)


def guess_header(rows: list[list[str]]) -> bool:
    """Whether the first row names the columns: one of its cells is a known name, or none has a digit."""
    if not rows:
        return False
    first = [cell for cell in rows[0] if cell.strip()]
    return any(field_of(cell) for cell in first) or not any(char.isdigit() for cell in first for char in cell)


def guess_dates(rows: list[list[str]]) -> str:
    """Day first, unless a date can only be read in another order."""
    parts = [match.groups() for row in rows for cell in row if (match := _DATE.match(cell))]
    years_first = sum(len(first) == 4 for first, _, _ in parts)
    if years_first and years_first * 2 >= len(parts):
        return "ymd"
    small = [(int(a), int(b)) for a, b, _ in parts if len(a) <= 2]
    if any(b > 12 for _, b in small) and not any(a > 12 for a, _ in small):
        return "mdy"
    return "dmy"


def accents(lines: list[str], limit: int = 4) -> list[str]:
    """Some words with marks as this encoding reads them, so that a person sees whether it is the right one."""
    seen: dict[str, None] = {}
    for line in lines:
        for word in _WORD.findall(line):
            if not word.isascii():
                seen.setdefault(word[:30])
        if len(seen) >= limit:
            break
    return list(seen)[:limit]
