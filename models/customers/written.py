"""Text as it is meant, without what only a program put into it: the first step of reading what identifies somebody."""

from __future__ import annotations

import re
import unicodedata

from ..refused import N_

_PLAIN = re.compile(r"[ -~]*")
# Marks of direction, joiners, soft hyphens, byte order marks, control characters: nobody sees them.
_UNSEEN = frozenset({"Cf", "Cc", "Cn", "Co", "Cs"})
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－", "-"))
# "5,49E+12", "1.2e5": a spreadsheet showed a long number short, and the rest of its digits is gone.
_SPOILT = re.compile(r"[+-]?\d(?:[.,]\d+E[+-]?\d+|E[+-]\d+)", re.IGNORECASE)
_WITH_ZERO = re.compile(r"(\d+)[.,]0{1,2}")


SPOILT_NUMBER = N_("Excel recortó este número y sus últimas cifras se perdieron: escríbalo completo.")


class SpoiltNumber(ValueError):
    """A spreadsheet kept only the first digits of a number."""


def seen(text: str) -> str:
    """`text` as people see it: no invisible signs, digits and letters of usual width, one kind of dash, single
    spaces."""
    if not _PLAIN.fullmatch(text):
        text = unicodedata.normalize("NFKC", text).translate(_DASHES)
        text = "".join(char for char in text if char.isspace() or unicodedata.category(char) not in _UNSEEN)
        text = "".join(str(unicodedata.digit(char)) if char.isdigit() else char for char in text)
    return " ".join(text.split())


def whole_number(text: str) -> str:
    """A number that came as a decimal without its end ("700025.0" → "700025"), anything else as it stands.

    Raises SpoiltNumber for what a spreadsheet shortened.
    """
    if is_spoilt(text):
        raise SpoiltNumber(text)
    found = _WITH_ZERO.fullmatch(text)
    return found[1] if found else text


def is_spoilt(text: str) -> bool:
    """Whether a spreadsheet shortened this number."""
    return _SPOILT.fullmatch(text.replace(" ", "")) is not None
