"""How names are put together, found and sorted: without marks, in lower case, as Spanish orders them."""

from __future__ import annotations

import re
import unicodedata

_APART = re.compile(r"[^0-9a-z]+")
_PARTICLES = frozenset({"de", "del", "la", "las", "los", "y", "e", "da", "das", "do", "dos", "di", "van", "von"})
# Given names that often come second and are seldom surnames.
_OFTEN_SECOND = """
adriana alberto alejandra alejandro alexander amparo ana andrea andres angel angela antonio armando arturo augusto
beatriz camila camilo carlos carmen carolina catalina cecilia claudia cristina daniel daniela david diana diego
eduardo elena elizabeth enrique ernesto esteban eugenia felipe fernanda fernando francisco gabriel gabriela gloria
gustavo helena hernando ignacio ines isabel ivan javier jesus joaquin jorge jose juan juliana julio laura leonardo
lucia luis luisa luz manuel marcela maria mariana mario mauricio mercedes miguel milena natalia oscar pablo paola
patricia paula pilar rafael raul ricardo roberto rocio sebastian sofia teresa valentina vanessa victoria viviana
"""
_SECOND_NAMES = frozenset(_OFTEN_SECOND.split())


def fold(text: str) -> str:
    """`text` in lower-case ASCII letters and digits, words parted by one space ("Ñáñez-Güiza" → "nanez guiza")."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _APART.sub(" ", plain).strip()


def full_name(first: str, second: str, first_surname: str, second_surname: str) -> str:
    """The whole name as screens show it; whatever part is missing is left out."""
    return " ".join(part for part in (first, second, first_surname, second_surname) if part)


def short_name(name: str) -> str:
    """As a wall shows a colleague: the first given name and the initial of the first surname ("Sandra N.").

    A name is one text, so where its surnames begin is guessed. Particles go with the word after them. Of two parts the
    second is the surname; of four or more the last two are; of three they are the last two as well (one given name),
    unless the one in the middle is among the usual second given names ("Paola Andrea Rincón").
    """
    first, *others = name.split() or [""]
    parts = [word for word in others if fold(word) not in _PARTICLES]
    if not parts:
        return first
    at = len(parts) - 2 if len(parts) > 1 else 0
    if len(parts) == 2 and fold(parts[0]) in _SECOND_NAMES:
        at = 1
    return f"{first} {parts[at][0].upper()}."


def search_key(name: str, document: str) -> str:
    """What a customer is found by: folded name and document."""
    return f"{fold(name)} {fold(document)}".strip()


def sort_key(first: str, second: str, first_surname: str, second_surname: str) -> str:
    """Order of a list of names in Spanish: surnames before names, ñ after n, other marks ignored."""
    return " ".join(_spanish(part) for part in (first_surname, second_surname, first, second) if part)


def prefix_query(text: str) -> str:
    """A tsquery in which each word of `text` may be the beginning of a word; empty when there is no word in it.

    A number of less than four digits is taken as it is: documents that begin with it may be half of all.
    """
    words = fold(text).split()[:8]
    return " & ".join(word if word.isdigit() and len(word) < 4 else f"{word}:*" for word in words)


def _spanish(text: str) -> str:
    # "n~" sorts after every "n…" of the alphabet, before "o".
    marked = unicodedata.normalize("NFC", text).lower().replace("ñ", "n\uffff")
    return "".join("~" if char == "\uffff" else fold(char) or " " for char in marked)
