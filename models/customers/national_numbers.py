"""The quick reading of phones written the plain way of their own country: digits of one of its mobiles or landlines.

Exactly what `phonenumbers` would answer, or nothing: whatever could be read in another way (a prefix to dial abroad or
between cities, a country code, a kind that two patterns share) is left to `dialled_digits.py`. Its patterns also read
whole columns at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata
from phonenumbers.phonemetadata import PhoneNumberDesc

from ..contact.channels import ContactKind

_APART = str.maketrans("", "", " -.()")
_OTHERS = ("premium_rate", "toll_free", "shared_cost", "voip", "personal_number", "pager", "uan", "voicemail")


@dataclass(frozen=True, slots=True)
class HomePlan:
    """The numbering plan of one country, as far as plain numbers need it."""

    code: str
    mobile: re.Pattern[str]
    landline: re.Pattern[str]
    lengths: dict[ContactKind, frozenset[int]]
    not_plain: re.Pattern[str]  # beginnings that mean something else, and numbers of other kinds

    def read(self, raw: str) -> tuple[str, ContactKind] | None:
        """E.164 and kind of a plain number; None when it must be read with care (or is none)."""
        digits = raw.translate(_APART)
        if not (digits.isascii() and digits.isdigit()) or self.not_plain.match(digits):
            return None
        mobile = len(digits) in self.lengths[ContactKind.MOBILE] and self.mobile.fullmatch(digits)
        landline = len(digits) in self.lengths[ContactKind.LANDLINE] and self.landline.fullmatch(digits)
        if bool(mobile) == bool(landline):
            return None
        return f"+{self.code}{digits}", ContactKind.MOBILE if mobile else ContactKind.LANDLINE


@lru_cache(maxsize=8)
def home_plan(region: str) -> HomePlan | None:
    """The plan of a country; None where numbers are too intricate for the quick reading."""
    data = PhoneMetadata.metadata_for_region(region, None)
    if data is None or data.country_code is None or len(COUNTRY_CODE_TO_REGION_CODE[data.country_code]) != 1:
        return None
    if data.national_prefix_transform_rule or not _pattern(data.mobile) or not _pattern(data.fixed_line):
        return None
    others = [_pattern(getattr(data, name)) for name in _OTHERS]
    begins = [data.national_prefix_for_parsing, data.international_prefix, "00", str(data.country_code)]
    return HomePlan(
        str(data.country_code),
        re.compile(_pattern(data.mobile)),
        re.compile(_pattern(data.fixed_line)),
        {ContactKind.MOBILE: _lengths(data.mobile), ContactKind.LANDLINE: _lengths(data.fixed_line)},
        re.compile("|".join([*(f"(?:{b})" for b in begins if b), *(f"(?:{o})$" for o in others if o)])),
    )


def _pattern(desc: PhoneNumberDesc | None) -> str:
    found = desc.national_number_pattern if desc is not None else None
    return "" if found in (None, "NA") else str(found)


def _lengths(desc: PhoneNumberDesc | None) -> frozenset[int]:
    return frozenset(desc.possible_length if desc is not None else ())
