"""The numbering plans of all countries, read from the metadata of `phonenumbers` and kept as compiled patterns.

`kind_in` answers for a national number exactly what `phonenumbers` answers; property tests hold it to that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata
from phonenumbers.phonemetadata import PhoneNumberDesc

from ..contact.channels import ContactKind

_CODES = frozenset(map(str, COUNTRY_CODE_TO_REGION_CODE))
# In the order in which they are asked; numbers of the others can be called as mobiles are.
_SERVICES = ("premium_rate", "toll_free", "shared_cost", "voip", "personal_number", "pager", "uan", "voicemail")
_LIKE_LANDLINES = frozenset({"toll_free", "voip"})


@dataclass(frozen=True, slots=True)
class Shape:
    """How numbers of one sort are written: how many digits, and which."""

    lengths: frozenset[int]
    pattern: re.Pattern[str]

    def fits(self, number: str) -> bool:
        """Whether these digits are of the sort."""
        return (not self.lengths or len(number) in self.lengths) and self.pattern.fullmatch(number) is not None


@dataclass(frozen=True, slots=True)
class Plan:
    """The numbering plan of one region of one calling code."""

    code: str
    abroad: re.Pattern[str] | None  # what is dialled before a country's code
    trunk: re.Pattern[str] | None  # what is dialled before numbers of another city, and of carriers
    rewritten: str | None  # what stands instead of it
    general: Shape
    local: frozenset[int]  # how many digits can only be dialled from the same city
    services: tuple[tuple[Shape, ContactKind], ...]
    some_service: re.Pattern[str]
    landline: Shape | None
    mobile: Shape | None
    leading: re.Pattern[str] | None  # how all numbers of the region begin, where regions share a code

    def kind(self, number: str) -> ContactKind | None:
        """What these digits, without trunk and code, are; None when they are no number."""
        if not self.general.fits(number):
            return None
        if self.some_service.fullmatch(number):
            for shape, kind in self.services:
                if shape.fits(number):
                    return kind
        if self.landline and self.landline.fits(number):
            return ContactKind.MOBILE if self.mobile and self.mobile.fits(number) else ContactKind.LANDLINE
        return ContactKind.MOBILE if self.mobile and self.mobile.fits(number) else None

    def has(self, number: str) -> bool:
        """Whether a valid number of the plan's code is one of this region."""
        return bool(self.leading.match(number)) if self.leading else self.kind(number) is not None

    def without_trunk(self, number: str) -> str:
        """The number without what is dialled before it in the country itself."""
        found = self.trunk.match(number) if self.trunk and number else None
        if found is None:
            return number
        if self.rewritten and found.groups()[-1] is not None:
            bare = found.expand(self.rewritten) + number[found.end() :]
        else:
            bare = number[found.end() :]
        matches = self.general.pattern.fullmatch
        return number if matches(number) and not matches(bare) else bare

    def may_be_long_enough(self, number: str) -> bool:
        """Whether there are numbers of so many digits, or none of so many."""
        size = len(number)
        return size not in self.local and (size in self.general.lengths or size > max(self.general.lengths))

    def is_local(self, number: str) -> bool:
        """Whether a number of so many digits can only be dialled from its own city."""
        return len(number) in self.local


def kind_in(code: str, number: str) -> ContactKind | None:
    """What a national number of a calling code is, in whichever of its regions; None when it is no number."""
    plans = plans_of_code(code)
    if len(plans) == 1:
        return plans[0].kind(number)
    plan = next((plan for plan in plans if plan.has(number)), None)
    return plan.kind(number) if plan else None


def split_code(digits: str) -> tuple[str, str] | None:
    """Calling code and the rest of digits that begin with a code."""
    for size in (2, 1, 3):  # no code begins with another one
        if digits[:size] in _CODES:
            return digits[:size], digits[size:]
    return None


@lru_cache(maxsize=256)
def plans_of_code(code: str) -> tuple[Plan, ...]:
    """The plans of all regions that share a calling code, the main one first."""
    plans = (_plan(int(code), region) for region in COUNTRY_CODE_TO_REGION_CODE[int(code)])
    return tuple(plan for plan in plans if plan)


@lru_cache(maxsize=256)
def plan_of_region(region: str) -> Plan | None:
    """The plan of a country; None for a region that is none."""
    data = PhoneMetadata.metadata_for_region(region.upper(), None)
    return _plan(data.country_code, region.upper()) if data and data.country_code else None


def _plan(code: int, region: str) -> Plan | None:
    data = PhoneMetadata.metadata_for_region_or_calling_code(code, region)
    if data is None:
        return None
    services = [(name, _shape(getattr(data, name))) for name in _SERVICES]
    known = [(shape, _kind_of(name)) for name, shape in services if shape]
    general = _shape(data.general_desc)
    assert general is not None and data.general_desc is not None, "every plan has numbers"
    return Plan(
        str(code),
        _compiled(data.international_prefix),
        _compiled(data.national_prefix_for_parsing),
        data.national_prefix_transform_rule or None,
        general,
        frozenset(data.general_desc.possible_length_local_only),
        tuple(known),
        _any_of([shape.pattern.pattern for shape, _ in known]),
        _shape(data.fixed_line),
        _shape(data.mobile),
        _compiled(data.leading_digits),
    )


def _kind_of(service: str) -> ContactKind:
    return ContactKind.LANDLINE if service in _LIKE_LANDLINES else ContactKind.MOBILE


def _shape(desc: PhoneNumberDesc | None) -> Shape | None:
    pattern = desc.national_number_pattern if desc is not None else None
    if desc is None or pattern in (None, "", "NA"):
        return None
    return Shape(frozenset(desc.possible_length), re.compile(str(pattern)))


def _compiled(pattern: str | None) -> re.Pattern[str] | None:
    return re.compile(pattern) if pattern else None


def _any_of(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) if patterns else r"(?!)")
