"""How names are put together, found and sorted: without marks, in lower case, as Spanish orders them."""

from __future__ import annotations

import re
import unicodedata

_APART = re.compile(r"[^0-9a-z]+")


def fold(text: str) -> str:
    """`text` in lower-case ASCII letters and digits, words parted by one space ("Ñáñez-Güiza" → "nanez guiza")."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _APART.sub(" ", plain).strip()


def full_name(first: str, second: str, first_surname: str, second_surname: str) -> str:
    """The whole name as screens show it; whatever part is missing is left out."""
    return " ".join(part for part in (first, second, first_surname, second_surname) if part)


def search_key(name: str, document: str) -> str:
    """What a customer is found by: folded name and document."""
    return f"{fold(name)} {fold(document)}".strip()


def sort_key(first: str, second: str, first_surname: str, second_surname: str) -> str:
    """Order of a list of names in Spanish: surnames before names, ñ after n, other marks ignored."""
    return " ".join(_spanish(part) for part in (first_surname, second_surname, first, second) if part)


def prefix_query(text: str) -> str:
    """A tsquery in which each word of `text` may be the beginning of a word; empty when there is no word in it."""
    return " & ".join(f"{word}:*" for word in fold(text).split()[:8])


def _spanish(text: str) -> str:
    # "n~" sorts after every "n…" of the alphabet, before "o".
    marked = unicodedata.normalize("NFC", text).lower().replace("ñ", "n\uffff")
    return "".join("~" if char == "\uffff" else fold(char) or " " for char in marked)
