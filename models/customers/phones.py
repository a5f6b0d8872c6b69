"""Telephone numbers: read as people and PBXs write them, kept in E.164, shown as the country reads them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from ..contact.channels import ContactKind
from .national_numbers import home_plan

_LANDLINES = frozenset({PhoneNumberType.FIXED_LINE, PhoneNumberType.VOIP, PhoneNumberType.TOLL_FREE})

_SEVEN = re.compile(r"(?<!\d)(\d{3})(\d{4})$")  # some countries' form leaves seven digits together: hard to read out


@dataclass(frozen=True, slots=True)
class Phone:
    """A valid number in E.164, and whether it is a mobile or a landline."""

    value: str
    kind: ContactKind


@lru_cache(maxsize=20_000)
def read_phone(raw: str, region: str) -> Phone | None:
    """The number that `raw` stands for, read in `region` ("CO") when it has no country; None when it is not valid.

    A PBX may write it without the plus ("573105550142"): that is tried when the plain reading fails.
    """
    if plan := home_plan(region):
        if plain := plan.read(raw):
            return Phone(*plain)
        if plan.is_none(raw):
            return None
    for text in (raw, f"+{raw}"):
        try:
            number = phonenumbers.parse(text[:40], region)
        except NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            landline = phonenumbers.number_type(number) in _LANDLINES
            kind = ContactKind.LANDLINE if landline else ContactKind.MOBILE
            return Phone(phonenumbers.format_number(number, PhoneNumberFormat.E164), kind)
    return None


@lru_cache(maxsize=20_000)
def show_phone(value: str, region: str) -> str:
    """An E.164 number as read in `region`: in national form at home ("310 555 0142"), else with its country."""
    try:
        number = phonenumbers.parse(value, region)
    except NumberParseException:
        return value
    home = phonenumbers.region_code_for_number(number) == region
    shape = PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL
    return _SEVEN.sub(r"\1 \2", phonenumbers.format_number(number, shape))


def calling_code(region: str) -> int:
    """The country's calling code ("CO" → 57); 0 for a region that is none."""
    return int(phonenumbers.country_code_for_region(region))
