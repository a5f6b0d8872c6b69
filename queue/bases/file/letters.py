"""Which letters bytes stand for: an encoding for the bulk of a file, and every line by itself.

In a file of UTF-8 with some lines of Windows-1252 (or the other way round: two exports put together) each line is read
as what it is. UTF-8 is hardly ever anything else by chance; a single byte is every encoding's letter, so those are told
apart by whether what they give looks like words of Spanish, Portuguese or English.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_MIXED = frozenset({"utf-8", "windows-1252"})
MOST_ODD = 0.2  # a name from elsewhere, a sign of money: not every letter is ours
SINGLE = ("windows-1252", "mac-roman", "cp850")  # the likeliest first
_LOWER = "áéíóúüñçãõâêôàèìòùïëöä"
_LETTERS = _LOWER + _LOWER.upper()
_SIGNS = "ºª°¿¡«»“”‘’–—…€´·®©™\xa0\ufeff"
_ODD = re.compile(
    f"[^\x00-\x7f{_LETTERS}{_SIGNS}]"  # letters of nobody here
    "|(?<=[a-zA-Z])[¿¡«»“”‘–—…€´®©™\xa0°](?=[a-zA-Z])|(?<=[a-zA-Z]{2})’(?=[a-rt-zA-Z])"  # a sign within a word
    f"|[{_LOWER}](?=[A-Z])|(?<=[A-Z]{{2}})[{_LOWER}]"  # a small letter within capitals
)
_BEYOND_ASCII = re.compile("[^\x00-\x7f]")


def decode_line(line: bytes, encoding: str) -> str:
    """The text of a line. Raises UnicodeDecodeError when its bytes are no letters of this encoding, nor of the other
    one that such files are mixed with."""
    if encoding not in _MIXED:
        return line.decode(encoding)
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        text = line.decode("windows-1252")
        if encoding == "utf-8" and oddity([text]) > 0:
            raise
        return text


def shown_line(line: bytes, encoding: str) -> str:
    """The text of a line as well as it can be read; what is no letter shows as �."""
    try:
        return decode_line(line, encoding)
    except UnicodeDecodeError:
        return line.decode(encoding, "replace")


def likeliest(lines: Iterable[bytes]) -> tuple[str, bool]:
    """The encoding of lines that are not UTF-8, and whether it is doubtful: as Windows-1252 they are no words."""
    given = list(lines)
    odd = {name: oddity(line.decode(name, "replace") for line in given) for name in SINGLE}
    if odd[SINGLE[0]] <= MOST_ODD:
        return SINGLE[0], False
    return min(SINGLE, key=lambda name: odd[name]), True


def oddity(texts: Iterable[str]) -> float:
    """The part of the letters beyond ASCII that do not stand as they do in words, from 0 to 1."""
    odd = beyond = 0
    for text in texts:
        odd += len(_ODD.findall(text))
        beyond += len(_BEYOND_ASCII.findall(text))
    return min(odd / beyond, 1.0) if beyond else 0.0
