"""A whole name parted into names and surnames, in the order that its column or its comma says."""

from __future__ import annotations

import re

from ....models.customers.names import fold

Parts = tuple[str, str, str, str]  # first and second name, first and second surname
_SMALL_WORDS = frozenset({"de", "del", "la", "las", "los", "da", "do", "dos", "di", "van", "von", "san", "santa", "y"})
_COMPANIES = frozenset(
    {"sas", "sa", "ltda", "limitada", "sac", "srl", "spa", "cia", "inc", "eu", "esp", "sab", "cv", "eirl", "llc"}
)
_SURNAMES_FIRST = re.compile(r"(?:primer |\d\w* )?(?:apellidos?|sobrenomes?|surnames?|last names?)\b.*\b(?:nom|name)")


def surnames_first(header: str) -> bool:
    """Whether a column of this name holds surnames before names ("Apellidos y nombres")."""
    return _SURNAMES_FIRST.match(fold(header)) is not None


def split_name(text: str, turned: bool = False) -> Parts:
    """A whole name as (first, second, first surname, second surname): "Óscar Iván Muñoz Ñáñez"; three words are one
    name and two surnames, "De la Hoz" stays together, and a company is all first name.

    `turned`: the surnames stand first. What stands before a comma are surnames in either case.
    """
    if _company(text):
        return (" ".join(text.split()), "", "", "")
    before, comma, after = text.partition(",")
    if comma and before.strip() and after.strip() and "," not in after:
        names, surnames = _words(after), _words(before)
        return (names[0], " ".join(names[1:]), surnames[0], " ".join(surnames[1:]))
    words = _words(text)
    if len(words) < 2:
        return (" ".join(text.split()), "", "", "")
    if not turned:
        names, surnames = (words[:-2], words[-2:]) if len(words) > 2 else (words[:1], words[1:])
    else:
        names, surnames = (words[2:], words[:2]) if len(words) > 2 else (words[1:], words[:1])
    return (names[0], " ".join(names[1:]), surnames[0], " ".join(surnames[1:]))


def _words(text: str) -> list[str]:
    """The words of a name; small ones stay with what follows them."""
    words: list[str] = []
    glue: list[str] = []
    for word in text.split():
        glue.append(word)
        if fold(word) not in _SMALL_WORDS:
            words.append(" ".join(glue))
            glue = []
    return words + ([" ".join(glue)] if glue else [])


def _company(text: str) -> bool:
    last = re.sub(r"[^a-z]", "", fold(text.rpartition(" ")[2]))
    return last in _COMPANIES or any(char.isdigit() for char in text)
