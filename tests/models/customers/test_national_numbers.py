"""The quick reading of phones says what `phonenumbers` says."""

from __future__ import annotations

import random

import phonenumbers
import pytest

from atiende.models.customers.national_numbers import home_plan
from atiende.models.customers.phones import Phone, _with_care, read_phone

REGIONS = ("CO", "AR", "MX", "PE", "CL", "EC", "ES", "US", "BR", "VE", "IT", "GB")
WRITTEN = ("{}", "{}", "0{}", "00{}", "+{}", "57{}", "({})", "{} ext 12", "1{}", "9{}", "03{}", "x{}")


def slow(raw: str, region: str) -> Phone | None:
    """The same readings, each judged by `phonenumbers` alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("atiende.models.customers.phones.home_plan", lambda _: None)
        patch.setattr("atiende.models.customers.phones._judged", judged_slowly)
        return read_phone.__wrapped__(raw, region)


def judged_slowly(digits: str, international: bool, region: str) -> Phone | None:
    return _with_care(f"+{digits}" if international else digits, region)


def written(dice: random.Random, region: str) -> str:
    """Some number: of this country, of another, or any digits; plain or with what people put around."""
    kind = dice.choice([phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE])
    of = phonenumbers.example_number_for_type(dice.choice([region, region, *REGIONS]), kind)
    digits = list(phonenumbers.national_significant_number(of)) if of else ["5"] * 10
    for _ in range(dice.randrange(6)):
        digits[dice.randrange(len(digits))] = dice.choice("0123456789")
    if dice.random() < 0.2:
        digits = digits[: dice.randrange(1, 11)] + [dice.choice("0123456789")] * dice.randrange(4)
    text = "".join(digits)
    if dice.random() < 0.3:
        text = f"{text[:3]} {text[3:6]}-{text[6:]}"
    return dice.choice(WRITTEN).format(text)


@pytest.mark.parametrize("region", REGIONS)
def test_the_quick_reading_equals_the_full_one(region: str) -> None:
    """Phones equal `phonenumbers` on a mixed corpus."""
    dice = random.Random(region)
    for _ in range(1500):
        raw = written(dice, region)
        assert read_phone.__wrapped__(raw, region) == slow(raw, region), (raw, region)


def test_plain_numbers_of_the_home_country_are_read_quickly() -> None:
    """Mobiles and landlines as bases have them."""
    plan = home_plan("CO")
    assert plan is not None
    assert plan.read("310 555 0142") == ("+573105550142", "mobile")
    assert plan.read("6015557730") == ("+576015557730", "landline")
    assert plan.read("5557730") is None
