"""Dates as people and programs write them, in Spanish, English and Portuguese; and which of them can be."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

from ....models.customers.names import fold

BY_COLUMN = "column"  # what the option of dates says when the columns differ
FIRST_BIRTH = date(1900, 1, 1)
MOST_YEARS = 30  # from today, for any date but a birth
_MONTHS = (
    "enero january janeiro", "febrero february fevereiro", "marzo march marco", "abril april", "mayo may maio",
    "junio june junho", "julio july julho", "agosto august", "septiembre setiembre september setembro",
    "octubre october outubro", "noviembre november novembro", "diciembre december dezembro",
)  # fmt: skip
_MONTH_OF = {
    name[:end]: month
    for month, names in enumerate(_MONTHS, 1)
    for name in names.split()
    for end in range(3, len(name) + 1)
}
_DAYS = frozenset(
    {"lun", "mar", "mie", "jue", "vie", "sab", "dom", "mon", "tue", "wed",
     "thu", "fri", "sat", "sun", "seg", "ter", "qua", "qui", "sex"}
)  # fmt: skip
_DAY_BEFORE = re.compile(r"([^\W\d_]{3})[^\W\d_]*(?:-feira)?[,.]?\s+(?=\d)")
_CLOCK = re.compile(
    r"(?:[ T,]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[ap]\.?\s*m\.?)?)?\s*(?:z|utc|gmt|(?<=\d)[+-]\d{2}:\d{2})?$",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"(\d{1,4})\s*[/.\-\s]\s*(\d{1,2})\s*[/.\-\s]\s*(\d{1,4})")
_TOGETHER = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_SERIAL = re.compile(r"[1-9]\d{4}")
_SHEET_BEGINS = date(1899, 12, 30)
_SMALL = frozenset({"de", "del", "do", "da", "of", "the", "feira"})
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th|ro|er|o)")


class OutOfRange(ValueError):
    """A date that exists, and that cannot be: a birth to come, a cut-off of another century."""


@lru_cache(maxsize=20_000)
def read_date(text: str, order: str, today: date, *, birth: bool = False) -> date:
    """A date in `order` (dmy, mdy or ymd); a year of four digits says by its place more than the order does.

    A clock after it is left out. Two digits of a year are the past for a birth, else the years around `today`. A whole
    number of five digits is the day that a sheet counts. Raises ValueError, and OutOfRange for what cannot be.
    """
    plain = _CLOCK.sub("", text.strip(), count=1).strip()
    if _SERIAL.fullmatch(plain):
        return _possible(_SHEET_BEGINS + timedelta(days=int(plain)), today, birth)
    found = _TOGETHER.fullmatch(plain) or _in_numbers(plain)
    year, month, day = _ordered((found[1], found[2], found[3]), order) if found else _in_words(plain)
    if len(year) not in (2, 4):
        raise ValueError("not a year")
    if len(year) == 4:
        return _possible(date(int(year), int(month), int(day)), today, birth)
    return _possible(_of_two_digits(int(year), int(month), int(day), today, birth), today, birth)


def date_parts(text: str) -> tuple[str, str, str] | None:
    """The three numbers of a date written in numbers, as they stand; None for any other text."""
    found = _in_numbers(_CLOCK.sub("", text.strip(), count=1).strip())
    return (found[1], found[2], found[3]) if found else None


def _in_numbers(plain: str) -> re.Match[str] | None:
    """The numbers of a date, after the name of its day if it has one ("lunes 14/03/1978")."""
    day = _DAY_BEFORE.match(plain)
    return _NUMBERS.fullmatch(plain, day.end() if day and fold(day[1]) in _DAYS else 0)


def _ordered(parts: tuple[str, str, str], order: str) -> tuple[str, str, str]:
    """Year, month and day."""
    first, second, third = parts
    if len(first) == 4 or (order == "ymd" and len(third) <= 2):
        return first, second, third
    return (third, first, second) if order == "mdy" else (third, second, first)


def _in_words(plain: str) -> tuple[str, str, str]:
    """Year, month and day of "14 de marzo de 1978", "Mar 14, 1978" or "18-nov-26"."""
    words = [word for word in fold(plain).split() if word not in _SMALL]
    if len(words) == 4 and words[0][:3] in _DAYS:
        del words[0]
    words = [found[1] if (found := _ORDINAL.fullmatch(word)) else word for word in words]
    named = [word for word in words if word in _MONTH_OF]
    numbers = [word for word in words if word.isdigit()]
    if len(words) != 3 or len(named) != 1 or len(numbers) != 2:
        raise ValueError("not a date")
    first, last = numbers
    day, year = (last, first) if len(first) == 4 else (first, last)
    return year, str(_MONTH_OF[named[0]]), day


def _of_two_digits(year: int, month: int, day: int, today: date, birth: bool) -> date:
    """In this century when that is past (for a birth) or nearer, else in the last one."""
    century = 2000 if year <= (today.year - 2000 if birth else today.year - 2000 + 50) else 1900
    found = date(century + year, month, day)
    return date(1900 + year, month, day) if birth and found > today else found


def _possible(found: date, today: date, birth: bool) -> date:
    years = abs(found.year - today.year)
    if not (FIRST_BIRTH <= found <= today if birth else years <= MOST_YEARS):
        raise OutOfRange(found.isoformat())
    return found
