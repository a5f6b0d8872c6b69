"""How a file is written, guessed from its bytes: encoding, separator, where its header stands, order of dates.

Every guess is shown and may be changed. Latin-1 cannot be told from Windows-1252, which holds all of it; UTF-16
without a mark is a guess from where the zero bytes stand.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from dataclasses import dataclass

from ....models.refused import N_
from .columns import field_of
from .dates import BY_COLUMN, date_parts
from .letters import likeliest, shown_line
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
DATE_ORDERS: dict[str, str] = {
    "dmy": N_("dd/mm/aaaa"),
    "mdy": N_("mm/dd/aaaa"),
    "ymd": N_("aaaa-mm-dd"),
    BY_COLUMN: N_("Según la columna"),
}
_SEP_LINE = re.compile(r"\s*sep=(.)\s*$", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{2,}")
_ROWS = 60
_ROWS_OF_DATES = 1000
_TOP = 30  # rows among which the header is looked for
Rows = list[tuple[int, list[str]]]  # with their numbers in the file


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file is written. `header_row` is the header's row, or the first one of data when there is no header."""

    encoding: str
    separator: str
    header: bool
    header_row: int
    dates: str


def guess(scan: FileScan) -> Dialect:
    """The likeliest way this file is written."""
    encoding, _ = guess_encoding(scan)
    text = head_text(scan.head, encoding)
    separator = guess_separator(text)
    rows = head_rows(text, separator)
    header_row, header = find_header(rows)
    orders = date_orders(text, separator, header_row + header)
    return Dialect(encoding, separator, header, header_row, order_of_all(orders))


def guess_encoding(scan: FileScan) -> tuple[str, bool]:
    """By its mark, by where zero bytes stand, UTF-8 when most of its lines are, else by what gives words; and whether
    that is so doubtful that a person has to say it."""
    head = scan.head
    if head.startswith(b"\xff\xfe"):
        return "utf-16-le", False
    if head.startswith(b"\xfe\xff"):
        return "utf-16-be", False
    even, odd, half = head[0::2].count(0), head[1::2].count(0), max(len(head) // 2, 1)
    if odd > half * 0.4 and even < half * 0.1:
        return "utf-16-le", False
    if even > half * 0.4 and odd < half * 0.1:
        return "utf-16-be", False
    if scan.utf8 or scan.utf8_lines > scan.other_lines:
        return "utf-8", False
    return likeliest(scan.others or scan.accented)


def head_text(head: bytes, encoding: str) -> str:
    """The beginning of the file as text, without its mark; what cannot be read shows as �."""
    if encoding.startswith("utf-16"):
        return head.decode(encoding, "replace").removeprefix("\ufeff")
    lines = head.removeprefix(codecs.BOM_UTF8).splitlines(keepends=True)
    return "".join(shown_line(line, encoding) for line in lines)


def head_rows(text: str, separator: str, most: int = _ROWS) -> Rows:
    """The first rows of a text that are not blank, read leniently."""
    lines = text.replace("\0", "").splitlines(keepends=True)
    whole = lines[:-1] if len(lines) > 1 and not text.endswith(("\n", "\r")) and len(text) > 100_000 else lines
    rows: Rows = []
    try:
        for number, row in enumerate(csv.reader((line[:100_000] for line in whole), delimiter=separator), 1):
            if any(cell.strip() for cell in row):
                rows.append((number, row))
            if len(rows) == most:
                break
    except csv.Error:
        pass
    return rows


def guess_separator(text: str) -> str:
    """What a line `sep=;` at the top says; else the one that cuts most rows into the same number of columns, more than
    one; ties by the number of columns."""
    said = _SEP_LINE.match(text.partition("\n")[0])
    if said and said[1] in SEPARATORS:
        return said[1]

    def score(separator: str) -> tuple[float, int]:
        counts = Counter(len(row) for _, row in head_rows(text, separator))
        if not counts:
            return (0.0, 0)
        columns, times = counts.most_common(1)[0]
        return (times / counts.total() if columns > 1 else 0.0, columns)

    return max(SEPARATORS, key=score)


def find_header(rows: Rows) -> tuple[int, bool]:
    """The row that names the columns, and True; when none does, the first one of data, and False.

    It is the one with most names that we know, below a title or a line `sep=;` if there is one; else the first one
    that is as wide as the others and has no digit.
    """
    top = [(number, [cell for cell in row if cell.strip()]) for number, row in rows[:_TOP] if not _is_sep_line(row)]
    if not top:
        return 1, False
    known = [(len({field for cell in cells if (field := field_of(cell))}), -number) for number, cells in top]
    names, place = max(known)
    if names > 1 or known[0][0]:
        return (-place if names > 1 else top[0][0]), True
    usual = Counter(len(cells) for _, cells in top).most_common(1)[0][0]
    number, cells = next(((number, cells) for number, cells in top if len(cells) * 2 > usual), top[0])
    return number, not any(char.isdigit() for cell in cells for char in cell)


def _is_sep_line(row: list[str]) -> bool:
    return row[0].strip().lower().startswith("sep=") and not any(cell.strip() for cell in row[1:])


def date_orders(text: str, separator: str, first: int) -> list[str]:
    """The order of dates in each column of the rows from number `first` on; "" where no dates stand."""
    rows = [row for number, row in head_rows(text, separator, _ROWS_OF_DATES) if number >= first]
    width = max(map(len, rows), default=0)
    return [guess_order([row[place] for row in rows if place < len(row)]) for place in range(width)]


def guess_order(cells: list[str]) -> str:
    """Day first, unless the dates of a column can only be read in another order; "" when there are none."""
    parts = [found for cell in cells if (found := date_parts(cell))]
    small = [(int(a), int(b)) for a, b, _ in parts if len(a) <= 2]
    if parts and (not small or any(a > 31 for a, _ in small)):
        return "ymd"
    if any(b > 12 for _, b in small) and not any(a > 12 for a, _ in small):
        return "mdy"
    return "dmy" if parts else ""


def order_of_all(orders: list[str]) -> str:
    """The order of all columns with dates, or that it differs."""
    different = set(filter(None, orders))
    if len(different) > 1:
        return BY_COLUMN
    return different.pop() if different else "dmy"


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
