"""The phones that stand in one cell or field: several with a mark between them, extensions, words beside a number."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from .names import fold
from .phones import Phone

_ONE = re.compile(r"[\d\s().\-+]+")
_EXTENSION = re.compile(
    r"[\s,;(]*\b(?:extensi[oó]n|extens[aã]o|exten|ext|interno|int|anexo|ramal|x)\s*[.:=#]*\s*(\d{1,7})\s*\)?\s*$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    r"\s*[;,/|\n]\s*(?!\s*(?:ext|int|anexo|ramal))|\s+(?:y|o|e|ou|or|and)\s+(?=[+(\d])", re.IGNORECASE
)
_NUMBER = re.compile(r"[+(]*\d(?:[\d\s().\-]*\d)?")
_SPLIT = re.compile(r"[-–\s]+")
_SHORTEST = 7  # digits of a number that stands beside another without a mark of its own
_SAYS_NOTHING = frozenset(
    {"tel", "telefono", "telefone", "phone", "cel", "celular", "movil",
     "mobile", "fijo", "fixo", "fone", "num", "numero", "nro", "no"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class WrittenPhone:
    """A number with the extension to dial behind it and the word that stood beside it ("esposo"); "" for none."""

    phone: Phone
    extension: str = ""
    label: str = ""


@dataclass(slots=True)
class WrittenPhones:
    """What was read, and the parts that are no number."""

    phones: list[WrittenPhone] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def is_bare(text: str) -> bool:
    """Whether nothing but a number's signs stand in `text`: no word, no extension, no mark between two."""
    return _ONE.fullmatch(text) is not None


def read_phones(text: str, read: Callable[[str], Phone | None]) -> WrittenPhones:
    """Every phone in `text`; `read` says which number a part is."""
    found = WrittenPhones()
    if is_bare(text):
        _plain(text, read, found)
        return found
    for part in filter(None, map(str.strip, _BETWEEN.split(text))):
        _part(part, read, found)
    return found


def _plain(text: str, read: Callable[[str], Phone | None], found: WrittenPhones) -> None:
    """A number, or two with only a stroke or a space between them."""
    if phone := read(text):
        found.phones.append(WrittenPhone(phone))
        return
    for cut in _SPLIT.finditer(text):
        halves = text[: cut.start()], text[cut.end() :]
        if all(sum(map(str.isdigit, half)) >= _SHORTEST for half in halves):
            first, second = map(read, halves)
            if first and second:
                found.phones += [WrittenPhone(first), WrittenPhone(second)]
                return
    found.wrong.append(text)


def _part(part: str, read: Callable[[str], Phone | None], found: WrittenPhones) -> None:
    extension = _EXTENSION.search(part)
    rest = part[: extension.start()] if extension else part
    numbers = list(_NUMBER.finditer(rest))
    if len(numbers) != 1:
        found.wrong.append(part)
        return
    beside = rest[: numbers[0].start()] + " " + rest[numbers[0].end() :]
    label = " ".join(re.sub(r"[^\w\s]|_", " ", beside).split())
    alone = WrittenPhones()
    _plain(numbers[0][0], read, alone)
    if alone.wrong:
        found.wrong.append(part)
        return
    label = "" if fold(label) in _SAYS_NOTHING else label[:60]
    *others, last = alone.phones
    found.phones += [*others, WrittenPhone(last.phone, extension[1] if extension else "", label)]
