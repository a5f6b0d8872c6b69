"""Digits are judged as `phonenumbers` judges them, in every region of the world."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneNumberType

from atiende.models.customers.phones import _judged
from atiende.tests.models.customers.test_national_numbers import judged_slowly

WORLD = sorted(phonenumbers.SUPPORTED_REGIONS)
KINDS = [PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.TOLL_FREE, PhoneNumberType.VOIP]
BEFORE = ["", "", "0", "00", "1", "9", "011", "03", "15", "045", "0041", "90", "14"]


@st.composite
def dialled(draw: st.DrawFn, region: str) -> str:
    """Something like a number of the region or of another one, with some digits changed and some put before it."""
    of = draw(st.sampled_from([region, region, *WORLD]))
    example = phonenumbers.example_number_for_type(of, draw(st.sampled_from(KINDS)))
    digits = phonenumbers.national_significant_number(example) if example else "5555555555"
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(digits) - 1))
        digits = digits[:at] + draw(st.sampled_from("0123456789")) + digits[at + draw(st.integers(0, 1)) :]
    code = str(phonenumbers.country_code_for_region(of))
    return (draw(st.sampled_from([*BEFORE, code, code, f"00{code}"])) + digits)[:17]


@pytest.mark.parametrize("region", ["CO", "AR", "MX", "BR", "CL", "PE", "ES", "US", "IT", "GB", "JP"])
def test_digits_are_judged_as_the_reference_judges_them(region: str) -> None:
    """Countries with prefixes that are rewritten, that share a code, whose numbers begin with 0."""

    @settings(max_examples=300, deadline=None)
    @given(dialled(region), st.booleans())
    def same(digits: str, international: bool) -> None:
        assert _judged(digits, international, region) == judged_slowly(digits, international, region)

    same()


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(WORLD), st.data(), st.booleans())
def test_no_country_of_the_world_is_judged_otherwise(region: str, data: st.DataObject, international: bool) -> None:
    digits = data.draw(dialled(region))
    assert _judged(digits, international, region) == judged_slowly(digits, international, region)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(WORLD), st.text("0123456789", min_size=1, max_size=17), st.booleans())
def test_any_digits_are_judged_as_the_reference_judges_them(region: str, digits: str, international: bool) -> None:
    assert _judged(digits, international, region) == judged_slowly(digits, international, region)
