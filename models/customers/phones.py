"""Telephone numbers: read as people and PBXs write them, kept in E.164, shown as the country reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from ..contact.channels import ContactKind
from .dialled_digits import LONGEST, parse
from .dialling_habits import is_local, meant_after_code, meant_at_home
from .national_numbers import home_plan
from .numbering_plans import kind_in, plan_of_region, split_code
from .written import is_spoilt, seen, whole_number

_LANDLINES = frozenset({PhoneNumberType.FIXED_LINE, PhoneNumberType.VOIP, PhoneNumberType.TOLL_FREE})
_APART = str.maketrans("", "", " -.()/")
_DIALLED = re.compile(r"[0-9*#]{3,20}")
_PLAIN = re.compile(r"[+(]?[0-9 ()/-]+")
_ABROAD = "00"  # dialled before a country's code nearly everywhere, and by every trunk

_SEVEN = re.compile(r"(?<!\d)(\d{3})(\d{4})$")  # some countries' form leaves seven digits together: hard to read out


@dataclass(frozen=True, slots=True)
class Phone:
    """A valid number in E.164, and whether it is a mobile or a landline."""

    value: str
    kind: ContactKind


@lru_cache(maxsize=20_000)
def read_phone(raw: str, region: str) -> Phone | None:
    """The number that `raw` stands for, read in `region` ("CO") when it has no country; None when it is not valid."""
    plan = home_plan(region)
    if plan and (plain := plan.read(raw)):
        return Phone(*plain)
    text = raw if _PLAIN.fullmatch(raw) else _meant(raw)
    bare = text.translate(_APART)
    digits = bare.removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        return None if is_spoilt(text) else _with_care(text, region) or _with_care(f"+{text}", region)
    for one in readings(digits, bare is not digits, region):
        if phone := _judged(*one, region):
            return phone
    return None


def _meant(raw: str) -> str:
    text = seen(raw)
    return text if is_spoilt(text) else whole_number(text)


def readings(digits: str, international: bool, region: str) -> Iterator[tuple[str, bool]]:
    """What a row of digits may mean, the likeliest first: digits, and whether they begin with a country's code.

    After 00 stands a country's code. Then the plan of the country itself is asked, then what was dialled there once; a
    PBX may leave the plus out ("573105550142"), and old ways of writing stand after the code too.
    """
    if not international and digits.startswith(_ABROAD):
        yield from _after_plus(digits.removeprefix(_ABROAD))
    if not international:
        yield digits, False
        home = plan_of_region(region)
        for meant in meant_at_home(home.code, digits) if home else ():
            yield home.code + meant, True  # type: ignore[union-attr]
    yield from _after_plus(digits)


def _after_plus(digits: str) -> Iterator[tuple[str, bool]]:
    yield digits, True
    if split := split_code(digits):
        for meant in meant_after_code(*split):
            yield split[0] + meant, True


def _judged(digits: str, international: bool, region: str) -> Phone | None:
    """A reading as a phone when its number is valid."""
    if len(digits) > LONGEST:
        return _with_care(f"+{digits}" if international else digits, region)
    found = parse(digits, international, region)
    if found is None:
        return None
    plan, number = found
    kind = kind_in(plan.code, number)
    return Phone(f"+{plan.code}{number}", kind) if kind else None


def _with_care(text: str, region: str) -> Phone | None:
    """As `phonenumbers` reads it: with words around, an extension, letters for digits."""
    try:
        number = phonenumbers.parse(text[:40], region)
    except NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    landline = phonenumbers.number_type(number) in _LANDLINES
    kind = ContactKind.LANDLINE if landline else ContactKind.MOBILE
    return Phone(phonenumbers.format_number(number, PhoneNumberFormat.E164), kind)


@lru_cache(maxsize=20_000)
def is_local_only(raw: str, region: str) -> bool:
    """Whether `raw` is a number that can be dialled only from its own city: it came without indicativo."""
    digits, home = seen(raw).translate(_APART), plan_of_region(region)
    if home is None or not (digits.isascii() and digits.isdigit()):
        return False
    return is_local(home.code, digits) or home.is_local(home.without_trunk(digits))


def kept_as_dialled(raw: str) -> str | None:
    """The digits of a number that no plan knows, as it can be dialled; None when there are too few or too many."""
    digits = seen(raw).translate(_APART).removeprefix("+")
    return digits if _DIALLED.fullmatch(digits) else None


@lru_cache(maxsize=20_000)
def show_phone(value: str, region: str) -> str:
    """An E.164 number as read in `region`: in national form at home ("310 555 0142"), else with its country.

    A number that no plan knows is shown as it is dialled.
    """
    if not value.startswith("+"):
        return value
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
