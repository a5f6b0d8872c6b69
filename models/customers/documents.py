"""One form for a document, its type and an account number, however they are written.

`CC 71.644.902`, `C.C. 71 644 902` and `71644902.0` are one document; `k-10` and `K10` are one account. What is kept is
what is compared: at import, by hand, in JSON and in searches.
"""

from __future__ import annotations

import re

from .document_types import type_of
from .written import seen, whole_number

LONGEST_TYPE = 10
LONGEST_DOCUMENT = 40
LONGEST_ACCOUNT = 60
_SIGNS = re.compile(r"[\W_]+")
_TYPED = re.compile(r"([^\W\d_](?:[^\W\d_]|[. ])*?)[ .:°ºª#-]+(?=\d)")  # letters before the first digit


def clean_document_type(text: str, region: str) -> str:
    """ "C.C.", "Cédula" → "CC"; a type that nobody knows stays, in capitals, without signs."""
    plain = seen(text)
    return type_of(plain, region) or _SIGNS.sub("", plain).upper()[:LONGEST_TYPE]


def clean_document(text: str) -> str:
    """ "71.644.902", "900555210-4" → only letters and digits, in capitals.

    Raises SpoiltNumber for what a spreadsheet shortened, ValueError for what is no document.
    """
    return _clean(text, LONGEST_DOCUMENT)


def clean_account(text: str) -> str:
    """An account number, read as a document is. Raises SpoiltNumber and ValueError."""
    return _clean(text, LONGEST_ACCOUNT)


def split_type(text: str, region: str) -> tuple[str, str]:
    """The type that stands in front of a document, "" without one that is known, and the rest ("CC 71644902")."""
    plain = seen(text)
    found = _TYPED.match(plain)
    known = type_of(found[1], region) if found else ""
    return (known, plain[found.end() :]) if found and known else ("", plain)


def read_document(kind: str, document: str, region: str) -> tuple[str, str]:
    """Type and document as they are kept; a type in front of the document counts where none is given.

    Raises SpoiltNumber and ValueError.
    """
    known, rest = split_type(document, region)
    given = clean_document_type(kind, region)
    if not known or given not in ("", known):
        return given, clean_document(document)
    return known, clean_document(rest)


def _clean(text: str, longest: int) -> str:
    plain = whole_number(seen(text))
    kept = _SIGNS.sub("", plain).upper()
    if len(kept) > longest or (plain and not any(char.isalnum() for char in kept)):
        raise ValueError("not a number of a document or an account")
    return kept
