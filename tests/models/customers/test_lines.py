"""One line has one form, however it is written and whoever writes it."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atiende.models.customers.lines import line_of
from atiende.models.customers.phones import is_local_only, kept_as_dialled, read_phone, show_phone
from atiende.queue.bases.rows.contact_columns import lines_of

# All of a list are one line; {} is any four digits.
SPELLINGS = {
    "AR": ["+54 9 11 2345 {}", "+54 11 2345 {}", "11 2345-{}", "011 15-2345-{}", "11 15 2345 {}", "0054 9 11 2345 {}",
           "0054112345{}", "54 9 11 2345{}", "549112345{}", "9 11 2345 {}", "+54 11 15 2345 {}",
           "+54 9 11 15 2345 {}", "011 2345 {}"],
    "MX": ["55 1234 {}", "+52 55 1234 {}", "+52 1 55 1234 {}", "521551234{}", "044 55 1234 {}", "045 55 1234 {}",
           "01 55 1234 {}", "0052 55 1234 {}", "005215512 34{}", "+52 044 55 1234 {}", "(55) 1234-{}"],
    "BR": ["11 98765-{}", "11 8765-{}", "+55 11 8765 {}", "+55 11 98765 {}", "0 21 11 98765-{}", "021 11 8765-{}",
           "55118765{}", "5511 98765{}", "0055 11 98765 {}", "011 8765-{}", "(11) 9 8765-{}"],
    "CO": ["310 555 {}", "+57 310 555 {}", "57310555{}", "0057310555{}", "03 310 555 {}", "0 310 555 {}",
           "05 310 555 {}", "009 57 310 555 {}", "+57 03 310 555 {}", "310-555-{}", "310555{}.0"],
    "CL": ["9 8765 {}", "+56 9 8765 {}", "09 8765 {}", "5698765{}", "00569 8765 {}", "188 9 8765 {}"],
    "PE": ["987 65{}", "0 987 65{}", "+51 987 65{}", "5198765{}", "0051 987 65{}"],
    "ES": ["612 34{}", "+34 612 34{}", "3461234{}", "0034 612 34{}"],
    "US": ["212 555 {}", "1-212-555-{}", "+1 (212) 555-{}", "0012125 55{}", "011 1 212 555 {}", "212.555.{}"],
}  # fmt: skip
UNSEEN = ["{}", "\u202a{}\u202c", "\ufeff{}", "\u200b{} ", "\u00a0{}"]
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


@pytest.mark.parametrize("region", SPELLINGS)
@given(st.integers(0, 9999), st.sampled_from(UNSEEN), st.booleans())
def test_every_spelling_of_a_phone_is_one_line(region: str, number: int, around: str, wide: bool) -> None:
    """By the trunk and carrier prefixes of the country, old and new, with and without its code."""
    lines = {}
    for spelling in SPELLINGS[region]:
        text = around.format(spelling.format(f"{number:04}"))
        phone = read_phone(text.translate(FULL_WIDTH) if wide else text, region)
        lines[spelling] = line_of(phone.value) if phone else None
    assert len(set(lines.values())) == 1 and None not in lines.values(), lines


@given(st.sampled_from(["+549", "+521", "+54", "+52", "+57", "+1", ""]), st.text("0123456789", max_size=10))
def test_the_line_of_a_column_is_that_of_each_phone(begin: str, rest: str) -> None:
    value = begin + rest
    assert pl.DataFrame({"value": [value]}).select(lines_of(pl.col("value"))).item() == line_of(value)


@pytest.mark.parametrize(
    ("raw", "region"), [("15 2345-6702", "AR"), ("98765-4321", "BR"), ("3265 4321", "BR"), ("5557730", "CO")]
)
def test_a_number_without_its_city_is_said_to_be_one(raw: str, region: str) -> None:
    assert read_phone(raw, region) is None
    assert is_local_only(raw, region)


@pytest.mark.parametrize("raw", ["5,49E+12", "5.49e+12", "no tiene", "99", "", "+"])
def test_what_is_no_number_is_none(raw: str) -> None:
    assert read_phone(raw, "CO") is None
    assert not is_local_only(raw, "CO")


def test_a_number_that_no_plan_knows_is_kept_as_it_is_dialled_and_shown_so() -> None:
    assert kept_as_dialled("+999 123-4567") == "9991234567"
    assert kept_as_dialled("*98") == "*98"
    assert kept_as_dialled("anonymous") is kept_as_dialled("12") is None
    assert show_phone("7001", "CO") == "7001"
